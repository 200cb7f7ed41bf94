import { Button } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { locale } from '../i18n'
import { useProject } from '../shell/project'
import { type CodeEvent, codebookAt, codeEvents, undoEvent } from '../state/codebook'
import { codes, everybody } from '../state/queries'
import { Lines, Problem, useSentence } from '../ui/problem'
import { Tile } from '../ui/tile'
import { say } from '../ui/toast'
import { differing } from './form'
import { forest, walk } from './tree'
import { useFieldWords } from './words'
import './codebook.css'

type Version = { n: number; events: CodeEvent[] }

/** How the codebook came to be: its versions, the newest first, with what each changed. */
export function CodebookHistory() {
  const { t, i18n } = useTranslation()
  const { id: project, role } = useProject()
  const sentence = useSentence()
  const list = useInfiniteQuery(codeEvents(project))
  const people = useQuery(everybody(project)).data
  const versions = useMemo(() => byVersion(list.data?.pages.flatMap((page) => page.items) ?? []), [list.data])
  const [looked, setLooked] = useState<number>()
  const when = new Intl.DateTimeFormat(locale(i18n.language), { dateStyle: 'long', timeStyle: 'short' })
  const may = role === 'owner' || role === 'editor'

  async function undo(event: CodeEvent) {
    try {
      await undoEvent(project, event.id)
      say(t('codebook.undone'))
    } catch (error) {
      say(sentence(error))
    }
  }

  return (
    <main className="view" id="text" tabIndex={-1}>
      <div className="bookpast">
        <p className="sm">
          <Link to="/projects/$project/codebook" params={{ project }}>
            {t('codebook.title')}
          </Link>
        </p>
        <h1>{t('codeHistory.title')}</h1>
        {list.isPending && <Lines count={9} />}
        {list.error && <Problem error={list.error} again={() => void list.refetch()} />}
        {list.data && versions.length === 0 && <p className="muted">{t('codeHistory.none')}</p>}
        <ol>
          {versions.map(({ n, events }) => {
            const last = events[0] as CodeEvent
            const who = people?.find((m) => m.userId === last.actorId)?.name ?? t('codeEdit.somebody')
            return (
              <li key={n} className="bookpast__version">
                <header>
                  <h2>{t('codebook.version', { n })}</h2>
                  <p className="sm muted grow">
                    {who}, <time dateTime={last.at}>{when.format(new Date(last.at))}</time>
                    {last.undoes && ` · ${t('codeHistory.undo')}`}
                  </p>
                  <Button
                    variant="subtle"
                    size="compact-sm"
                    aria-expanded={looked === n}
                    onClick={() => setLooked(looked === n ? undefined : n)}
                  >
                    {t('codeHistory.look')}
                  </Button>
                  {may && (
                    <Button variant="subtle" size="compact-sm" onClick={() => void undo(last)}>
                      {t('codeHistory.takeBack')}
                    </Button>
                  )}
                </header>
                <ul>
                  {events.toReversed().map((event) => (
                    <Changed key={event.id} project={project} event={event} />
                  ))}
                </ul>
                {looked === n && <AsItWas project={project} version={n} />}
              </li>
            )
          })}
        </ol>
        {list.hasNextPage && (
          <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {t('codeHistory.earlier')}
          </Button>
        )}
      </div>
    </main>
  )
}

/** Events of one version each, the newest version first. */
function byVersion(events: readonly CodeEvent[]): Version[] {
  const all = new Map<number, CodeEvent[]>()
  for (const event of events) {
    const n = event.after?.code?.codebookVersion
    if (n !== undefined) all.set(n, [...(all.get(n) ?? []), event])
  }
  return [...all].map(([n, of]) => ({ n, events: of })).sort((a, b) => b.n - a.n)
}

/** What became of one code. */
function Changed({ project, event }: { project: string; event: CodeEvent }) {
  const { t } = useTranslation()
  const now = useQuery(codes(project)).data ?? []
  const inWords = useFieldWords(now)
  const [before, after] = [event.before?.code, event.after?.code]
  if (!after) return null
  const name = after.name
  const into = now.find((c) => c.id === after.mergedInto)?.name
  const fields = before && event.verb === 'updated' ? differing(before, after) : []
  const what = () => {
    if (event.verb !== 'updated') return t(`codeHistory.${event.verb}`, { name })
    if (after.mergedInto && !before?.mergedInto) return t('codeHistory.merged', { name, into })
    if (before?.mergedInto && !after.mergedInto) return t('codeHistory.unmerged', { name })
    if (before && before.archived !== after.archived)
      return t(after.archived ? 'codeHistory.archived' : 'codeHistory.brought', { name })
    if (fields.length === 0) return t('codeHistory.moved', { name })
    return t('codeHistory.changed', { name, fields: fields.map((f) => t(`codeEdit.${f}`).toLocaleLowerCase()).join(', ') })
  }
  return (
    <li className="bookpast__change">
      <Tile code={after} />
      <div className="grow">
        {fields.length === 0 ? (
          <p>{what()}</p>
        ) : (
          <details>
            <summary>{what()}</summary>
            <dl>
              {fields.map((field) => (
                <div key={field}>
                  <dt>{t(`codeEdit.${field}`)}</dt>
                  <dd>
                    <del>{inWords(field, before?.[field])}</del>
                    <ins>{inWords(field, after[field])}</ins>
                  </dd>
                </div>
              ))}
            </dl>
          </details>
        )}
      </div>
    </li>
  )
}

/** The codebook as a version had it. */
function AsItWas({ project, version }: { project: string; version: number }) {
  const { t } = useTranslation()
  const book = useQuery(codebookAt(project, version))
  if (book.error) return <Problem error={book.error} />
  if (!book.data) return <Lines count={5} />
  return (
    <section className="bookpast__book" aria-label={t('codebook.version', { n: version })}>
      <ul>
        {walk(forest(book.data)).map((node) => (
          <li key={node.code.id} style={{ '--level': node.level } as React.CSSProperties}>
            <Tile code={node.code} />
            <span>
              {node.code.name}
              {node.code.archived && <small className="muted"> {t('codebook.isArchived')}</small>}
              {node.code.definition && <small className="muted">{node.code.definition}</small>}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
