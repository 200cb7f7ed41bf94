import type { ReactNode } from 'react'
import { runs } from '../text/runs'
import { Points } from '../text/units'

/** What a place in a text is shown as: found, or with a code of this colour on it. */
export type Shown = { start: number; end: number; colour?: number }

/** Words with what was found in them, and the codes on them, by code points of the note; `start` is where the words begin there. */
export function Marked({ text, start = 0, shown }: { text: string; start?: number; shown: readonly Shown[] }) {
  const points = new Points(text)
  const marks = shown.map((s) => ({ kind: s.colour === undefined ? 'hit' : String(s.colour), start: s.start, end: s.end }))
  return runs(start, start + points.length, marks).map((run) => {
    let words: ReactNode = points.slice(run.start - start, run.end - start)
    for (const mark of run.marks.toSorted((a, b) => Number(b.kind === 'hit') - Number(a.kind === 'hit'))) {
      words = mark.kind === 'hit' ? <mark className="hit">{words}</mark> : <mark data-c={mark.kind}>{words}</mark>
    }
    return <span key={run.start}>{words}</span>
  })
}
