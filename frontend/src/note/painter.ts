// Paints codings on a text with the CSS Custom Highlight API, and knows where on the page a place of the
// text is. It only paints: what is shown where is decided elsewhere.

import { pointsOf, unitsOf } from '../text/units'

const prefix = 'feltbog-'
const slots = 12

/** A piece of text on the page: the code points [start, end) of the note. Elements carry them as data-start and data-end. */
type Piece = { start: number; end: number; node: Text }

export type Painted = { start: number; end: number; colour: number }

/** The pieces of a page, in order. */
export class Pieces {
  private readonly all: Piece[]

  constructor(page: Element) {
    this.all = [...page.querySelectorAll<HTMLElement>('[data-start]')].flatMap((run) => {
      const node = run.firstChild
      return node instanceof Text ? [{ start: Number(run.dataset.start), end: Number(run.dataset.end), node }] : []
    })
  }

  /** The ranges of [start, end), one a piece: what stands between pieces, such as numbers, isn't in them. */
  ranges(start: number, end: number): Range[] {
    const out: Range[] = []
    for (let i = this.first(start); i < this.all.length; i++) {
      const piece = this.all[i] as Piece
      if (piece.start >= end) break
      const range = document.createRange()
      range.setStart(piece.node, unitsOf(piece.node.data, Math.max(0, start - piece.start)))
      range.setEnd(piece.node, unitsOf(piece.node.data, Math.min(end, piece.end) - piece.start))
      out.push(range)
    }
    return out
  }

  /** The first piece that ends after a place. */
  private first(point: number): number {
    let low = 0
    let high = this.all.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.all[middle] as Piece).end <= point) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Where in the note a range of the page begins and ends, or undefined if none of the text is in it. */
  span(range: Range): { start: number; end: number } | undefined {
    const touched = this.all.filter((p) => range.intersectsNode(p.node))
    const [first, last] = [touched[0], touched.at(-1)]
    if (!first || !last) return undefined
    const start = range.startContainer === first.node ? first.start + pointsOf(first.node.data, range.startOffset) : first.start
    const end = range.endContainer === last.node ? last.start + pointsOf(last.node.data, range.endOffset) : last.end
    return start < end ? { start, end } : undefined
  }

  /** The place in the note under a point of the window. */
  point(x: number, y: number): number | undefined {
    const caret = document.caretPositionFromPoint?.(x, y)
    const piece = caret && this.all.find((p) => p.node === caret.offsetNode)
    return piece ? piece.start + pointsOf(piece.node.data, caret.offset) : undefined
  }
}

/** Paints codings in their colours, and one of them stronger. Without the API of the browser nothing is painted. */
export function paint(pieces: Pieces, codings: readonly Painted[], strong?: { start: number; end: number }): void {
  if (!('highlights' in CSS)) return
  const bySlot = Array.from({ length: slots + 1 }, () => new Highlight())
  for (const c of codings) for (const range of pieces.ranges(c.start, c.end)) bySlot[c.colour]?.add(range)
  for (let slot = 1; slot <= slots; slot++) CSS.highlights.set(`${prefix}${slot}`, bySlot[slot] as Highlight)
  CSS.highlights.set(`${prefix}strong`, new Highlight(...(strong ? pieces.ranges(strong.start, strong.end) : [])))
}

/** Takes away what was painted, and nothing of anybody else’s. */
export function unpaint(): void {
  if (!('highlights' in CSS)) return
  for (let slot = 1; slot <= slots; slot++) CSS.highlights.delete(`${prefix}${slot}`)
  CSS.highlights.delete(`${prefix}strong`)
}
