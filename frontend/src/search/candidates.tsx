import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Candidate } from '../state/search'
import { Points } from '../text/units'
import { Marked } from './marked'
import { useWritten } from './names'

/** What names a place among all candidates. */
export const placeOf = (c: Candidate) => `${c.noteId}/${c.anchor.start}-${c.anchor.end}`

const few = 50

type Props = {
  title: string
  places: readonly Candidate[]
  ticked: (place: Candidate) => boolean
  onTick: (places: readonly Candidate[], to: boolean) => void
}

/** Candidates that belong together, each with its tick. */
export function CandidateGroup({ title, places, ticked, onTick }: Props) {
  const { t } = useTranslation()
  const { number } = useWritten()
  const [all, setAll] = useState(false)
  if (places.length === 0) return null
  const shown = all ? places : places.slice(0, few)
  return (
    <section>
      <h3>
        <span className="clip">{title}</span>
        <span className="num">
          {t('candidates.of', { chosen: number(places.filter(ticked).length), n: number(places.length) })}
        </span>
      </h3>
      <ul>
        {shown.map((place) => (
          <Row key={placeOf(place)} place={place} ticked={ticked(place)} onTick={(to) => onTick([place], to)} />
        ))}
      </ul>
      {shown.length < places.length && (
        <button type="button" className="facet__more" onClick={() => setAll(true)}>
          {t('candidates.others', { count: places.length - few })}
        </button>
      )}
    </section>
  )
}

function Row({ place, ticked, onTick }: { place: Candidate; ticked: boolean; onTick: (to: boolean) => void }) {
  const { t } = useTranslation()
  const { words, start } = snippet(place)
  return (
    <li>
      <label>
        <input type="checkbox" checked={ticked} onChange={() => onTick(!ticked)} />
        <span className="serif" lang={place.language || undefined}>
          <Marked text={words} start={start} shown={place.marks.map(([a = 0, b = 0]) => ({ start: a, end: b }))} />
        </span>
        <span className="xs muted clip" lang={place.language || undefined}>
          {[place.title, place.block && t('search.block', { n: place.block })].filter(Boolean).join(', ')}
        </span>
      </label>
    </li>
  )
}

const around = 32

/** Some of the words of a place, with what matched among them. */
function snippet({ anchor, marks }: Candidate): { words: string; start: number } {
  const text = new Points(anchor.prefix + anchor.quote + anchor.suffix)
  const begins = anchor.start - Array.from(anchor.prefix).length
  const [first = anchor.start, last = first] = [marks[0]?.[0], marks.at(-1)?.[1]]
  const from = Math.max(begins, first - around)
  const to = Math.min(begins + text.length, Math.max(Math.min(last, first + 2 * around), first) + around)
  return { words: text.slice(from - begins, to - begins).replaceAll('\n', ' '), start: from }
}
