import type { TextChange } from '../state/history'
import type { NoteText } from '../state/queries'
import { Points } from '../text/units'

/** Words that are in both texts, went or came. A change is what went and what came in its place. */
export type Piece = { same: string } | { gone: string; came: string; change: number }

/** A paragraph of the two texts laid over each other. */
export type Paragraph = { heading: boolean; pieces: Piece[]; changed: boolean }

/** Lays two texts over each other, paragraph by paragraph. Changes are counted from 0. */
export function paragraphsOf(from: NoteText, to: NoteText, changes: readonly TextChange[]): Paragraph[] {
  const before = new Points(from.text)
  const after = new Points(to.text)
  const headings = {
    from: new Set(from.blocks.filter((b) => b.kind === 'heading').map((b) => b.start)),
    to: new Set(to.blocks.filter((b) => b.kind === 'heading').map((b) => b.start)),
  }
  const all: Paragraph[] = []
  let now: Paragraph | undefined
  const add = (piece: Piece, heading: boolean) => {
    now ??= { heading, pieces: [], changed: false }
    now.pieces.push(piece)
    now.changed ||= 'change' in piece
  }
  const end = () => {
    if (now) all.push(now)
    now = undefined
  }
  /** Adds words line by line; `start` is where they begin in their text. */
  const each = (words: string, start: number, of: 'from' | 'to', piece: (line: string) => Piece) => {
    let point = start
    for (const [i, line] of words.split('\n').entries()) {
      if (i > 0) {
        end()
        point++
      }
      if (line !== '') add(piece(line), headings[of].has(point))
      point += Array.from(line).length
    }
  }
  let at = 0
  for (const [n, change] of [...changes, undefined].entries()) {
    const until = change ? change.toStart : after.length
    each(after.slice(at, until), at, 'to', (same) => ({ same }))
    if (!change) break
    at = change.toEnd
    const gone = before.slice(change.fromStart, change.fromEnd)
    const came = after.slice(change.toStart, change.toEnd)
    if (!gone.includes('\n') && !came.includes('\n')) add({ gone, came, change: n }, false)
    else if ((gone + came).trim() === '') {
      // Only where a paragraph ends is another: a sign shows it.
      add({ gone: signs(gone), came: signs(came), change: n }, false)
      if (came.includes('\n')) end()
    } else {
      each(gone, change.fromStart, 'from', (line) => ({ gone: line, came: '', change: n }))
      if (gone.endsWith('\n') || (gone.includes('\n') && came.includes('\n'))) end()
      each(came, change.toStart, 'to', (line) => ({ gone: '', came: line, change: n }))
    }
  }
  end()
  return all
}

/** Ends of paragraphs as a sign that can be seen. */
const signs = (words: string) => (words.includes('\n') ? '¶' : words)

/** A stretch of paragraphs that are the same in both, folded, or one that is shown. */
export type Stretch = { folded: Paragraph[] } | { shown: Paragraph[] }

/** How many paragraphs around a change are shown. */
const around = 1

/** Folds what is the same in both texts away from the changes. A single paragraph isn't worth folding. */
export function stretchesOf(all: readonly Paragraph[]): Stretch[] {
  const near = all.map((_, i) => all.slice(Math.max(0, i - around), i + around + 1).some((p) => p.changed))
  const out: Stretch[] = []
  for (let i = 0; i < all.length; ) {
    let end = i
    while (end < all.length && near[end] === near[i]) end++
    const part = all.slice(i, end)
    out.push(near[i] || part.length === 1 ? { shown: part } : { folded: part })
    i = end
  }
  return out
}
