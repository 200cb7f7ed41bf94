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
  const { words, start, before, after } = snippet(place)
  return (
    <li>
      <label>
        <input type="checkbox" checked={ticked} onChange={() => onTick(!ticked)} />
        <span className="serif" lang={place.language || undefined}>
          {before && '…'}
          <Marked text={words} start={start} shown={place.marks.map(([a = 0, b = 0]) => ({ start: a, end: b }))} />
          {after && '…'}
        </span>
        <span className="xs muted clip" lang={place.language || undefined}>
          {[place.title, place.block && t('search.block', { n: place.block })].filter(Boolean).join(', ')}
        </span>
      </label>
    </li>
  )
}

const around = 32

/** Some of the words of a place, with what matched among them, and whether others stand before and after. */
function snippet({ anchor, marks }: Candidate): { words: string; start: number; before: boolean; after: boolean } {
  const text = new Points(anchor.prefix + anchor.quote + anchor.suffix)
  const begins = anchor.start - Array.from(anchor.prefix).length
  const [first = anchor.start, last = first] = [marks[0]?.[0], marks.at(-1)?.[1]]
  let start = Math.max(begins, first - around)
  let words = text.slice(start - begins, Math.min(last, first + 2 * around) + around - begins)
  const before = start > 0
  const after = start - begins + Array.from(words).length < text.length || anchor.suffix.length === around
  // No word is cut in two.
  const head = before ? (/^\S{0,15}\s+/u.exec(words)?.[0] ?? '') : ''
  if (start + Array.from(head).length <= first) {
    words = words.slice(head.length)
    start += Array.from(head).length
  }
  if (after) words = words.replace(/\s+\S{0,15}$/u, '')
  return { words, start, before, after }
}
