import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useUser } from '../shell/user'
import { codings, text } from '../state/queries'
import type { Hit } from '../state/search'
import { Points } from '../text/units'
import { Lines, Problem } from '../ui/problem'
import { Who } from '../ui/tile'
import { CodeChip } from './code-chip'
import { Marked, type Shown } from './marked'
import type { Names } from './names'

/** A passage between the blocks before and after it, with the codings on it. */
export function Context({ project, hit, names }: { project: string; hit: Hit; names: Names }) {
  const { t } = useTranslation()
  const me = useUser().id
  const note = hit.noteId ?? ''
  const words = useQuery(text(project, note))
  const put = useQuery(codings(project, note))
  const points = useMemo(() => words.data && new Points(words.data.text), [words.data])
  const error = words.error ?? put.error
  if (error) return <Problem error={error} again={() => void Promise.all([words.refetch(), put.refetch()])} />
  if (!words.data || !points || !put.data) return <Lines count={4} />
  const unchanged = points.slice(hit.start, hit.end) === hit.text
  const here = (hit.block ?? 1) - 1
  const blocks = words.data.blocks.slice(Math.max(0, here - 1), here + 2)
  const on = put.data.flatMap((coding) => {
    const code = names.codes.get(coding.codeId)
    return code ? [{ coding, code, start: coding.anchor.start, end: coding.anchor.end, colour: code.colour }] : []
  })
  const cards = on.filter((c) => c.start < hit.end && c.end > hit.start)
  const found: Shown[] = unchanged ? hit.marks.map(([start = 0, end = 0]) => ({ start, end })) : []
  return (
    <div className="ctx">
      <ol aria-label={t('search.inContext')}>
        {blocks.map((block, i) => {
          const n = Math.max(0, here - 1) + i + 1
          return (
            <li key={block.start} className="ctx__block" aria-current={n === here + 1 ? 'true' : undefined}>
              <Link
                to="/projects/$project/notes/$note"
                params={{ project, note }}
                search={{ at: `${block.start}-${block.end}` }}
                aria-label={t('note.block', { n })}
              >
                {n}
              </Link>
              <p className="quote" lang={hit.language || undefined}>
                {block.speaker && <b>{block.speaker}</b>}
                <Marked
                  text={points.slice(block.start, block.end)}
                  start={block.start}
                  shown={[...on.filter((c) => c.start < block.end && c.end > block.start), ...found]}
                />
              </p>
            </li>
          )
        })}
      </ol>
      {cards.length > 0 && (
        <ul className="row wrap" aria-label={t('search.codings')}>
          {cards.map(({ coding, code }) => (
            <li key={coding.id} className="put">
              <CodeChip code={code} />
              <Who name={names.coders.get(coding.coderId) ?? ''} me={coding.coderId === me} small />
              <span className="sr">{coding.coderId === me ? t('note.me') : names.coders.get(coding.coderId)}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
