import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { version } from '../state/history'
import { codings, type Note, notes, type Round } from '../state/queries'
import { Icon } from '../ui/icons'
import { compare, differences } from './differences'
import { useNames } from './names'
import { Part } from './part'

const step = 50 // notes that are shown at first, and more at a time

/** The notes of a round with where their coders differ, each leading to its coders side by side. */
export function Compared({ round }: { round: Round }) {
  const { t } = useTranslation()
  const list = useQuery(notes(round.spaceId)).data
  const [most, setMost] = useState(step)
  return (
    <Part title={t('compared.title')} lead={t('compared.lead')}>
      <ul className="tasks">
        {round.noteIds.slice(0, most).map((id) => (
          <Line key={id} round={round} id={id} note={list?.find((n) => n.id === id)} />
        ))}
      </ul>
      {round.noteIds.length > most && (
        <Button variant="subtle" size="compact-sm" leftSection={<Icon name="caret" />} onClick={() => setMost(most + step)}>
          {t('setUp.more', { count: round.noteIds.length - most })}
        </Button>
      )}
    </Part>
  )
}

/** Who codes a note of a round. */
export const codersOf = (round: Round, note: string): readonly string[] =>
  round.assignment.find((a) => a.noteId === note)?.coderIds ?? []

/** The version of a note's text that a round is coded in. */
export const pinnedOf = (round: Round, note: string): number => round.texts.find((text) => text.noteId === note)?.textVersion ?? 0

function Line({ round, id, note }: { round: Round; id: string; note: Note | undefined }) {
  const { t } = useTranslation()
  const nameOf = useNames(round.spaceId)
  const row = useRef<HTMLLIElement>(null)
  const isSeen = useSeen(row)
  const coders = codersOf(round, id)
  const asked = { enabled: isSeen && coders.length > 1 }
  const words = useQuery({ ...version(round.spaceId, id, pinnedOf(round, id)), ...asked }).data
  const put = useQuery({ ...codings(round.spaceId, id, round.id), ...asked }).data
  const count = useMemo(
    () => (words && put ? differences(compare(words.blocks, put, coders)).length : undefined),
    [words, put, coders],
  )
  return (
    <li ref={row}>
      <Link
        className="grow"
        to="/projects/$project/rounds/$round/notes/$note"
        params={{ project: round.spaceId, round: round.id, note: id }}
        lang={note?.language || undefined}
      >
        {note?.title ?? t('round.goneNote')}
      </Link>
      <span className="sm muted tasks__who">{coders.map(nameOf).join(', ')}</span>
      <span className="sm num tasks__count">
        {coders.length < 2 && t('compared.one')}
        {count !== undefined && t('compared.count', { count })}
      </span>
    </li>
  )
}

/** Whether something has been in view: what it shows is fetched then, and not for hundreds of notes at once. */
function useSeen(of: React.RefObject<Element | null>): boolean {
  const [isSeen, setSeen] = useState(false)
  useEffect(() => {
    if (!of.current || isSeen) return
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && setSeen(true), { rootMargin: '200px' })
    observer.observe(of.current)
    return () => observer.disconnect()
  }, [of, isSeen])
  return isSeen
}
