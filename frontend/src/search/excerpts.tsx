import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useProject } from '../shell/project'
import { excerpts, type Hit, printed } from '../state/search'
import { Lines, Problem } from '../ui/problem'
import { read, write } from './address'
import { useChosen } from './chips'
import { From, keyOf } from './hit'
import { Marked } from './marked'
import { type Names, useNames, useWritten } from './names'
import { Reads } from './reads'
import './search.css'
import './print.css'

/** The passages of a search one below the other, each with where it is from, to be printed. */
export function Excerpts() {
  const { t } = useTranslation()
  const { number } = useWritten()
  const { id, project } = useProject()
  const address = useSearch({ strict: false }) as Record<string, unknown>
  const asked = useMemo(() => read(address), [address])
  const names = useNames(id)
  const found = useQuery(excerpts(id, asked))
  const chosen = useChosen(asked, names)
  return (
    <main className="view printed" id="text" tabIndex={-1} aria-busy={found.isPending}>
      <header>
        <div className="row wrap printed__acts">
          <Link className="found__link grow" to="/projects/$project/search" params={{ project: id }} search={write(asked)}>
            {t('search.back')}
          </Link>
          {found.data && found.data.items.length > 0 && <Button onClick={() => window.print()}>{t('search.printNow')}</Button>}
        </div>
        <p className="sm muted">{project?.name}</p>
        <h1>
          {found.data ? t('search.total_passage', { count: found.data.total, n: number(found.data.total) }) : t('search.print')}
        </h1>
        {asked.q !== '' && <Reads q={asked.q} />}
        {chosen.length > 0 && <p className="sm muted">{chosen.map((c) => c.words).join(' · ')}</p>}
        {found.data && found.data.total > printed && <p className="sm">{t('search.first', { n: number(printed) })}</p>}
      </header>
      {found.error && <Problem error={found.error} again={() => void found.refetch()} />}
      {found.isPending && <Lines count={12} />}
      <ol>
        {found.data?.items.map((hit) => (
          <Excerpt key={keyOf(hit)} hit={hit} names={names} />
        ))}
      </ol>
    </main>
  )
}

function Excerpt({ hit, names }: { hit: Hit; names: Names }) {
  const { t } = useTranslation()
  const put = hit.codes.flatMap((id) => names.codes.get(id)?.name ?? [])
  return (
    <li className="excerpt">
      <blockquote className="quote" lang={hit.language || undefined}>
        <Marked text={hit.text} start={hit.start} shown={hit.marks.map(([start = 0, end = 0]) => ({ start, end }))} />
      </blockquote>
      <p className="from">
        <cite lang={hit.language || undefined}>{hit.title}</cite>
        <From hit={hit} names={names} />
      </p>
      {put.length > 0 && <p className="sm muted">{t('search.coded', { codes: put.join(', ') })}</p>}
    </li>
  )
}
