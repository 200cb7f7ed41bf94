// Paints codings on a text with the CSS Custom Highlight API, and knows where on the page a place of the
// text is. It only paints: what is shown where is decided elsewhere.

import { pointsOf, unitsOf } from '../text/units'

const prefix = 'feltbog-'
const slots = 12
const supported = 'highlights' in CSS

/** A piece of text on the page: the code points [start, end) of the note. Elements carry them as data-start and data-end. */
type Piece = { start: number; end: number; node: Text }

export type Painted = { id: string; start: number; end: number; colour: number }

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

  /** The box around [start, end) in the window; undefined if nothing of it is on the page. */
  box(start: number, end: number): DOMRect | undefined {
    const [first, last] = [this.first(start), this.first(end - 1)]
    const [from, to] = [this.all[first], this.all[last]]
    if (!from || !to) return undefined
    const range = document.createRange()
    range.setStart(from.node, unitsOf(from.node.data, Math.max(0, start - from.start)))
    range.setEnd(to.node, unitsOf(to.node.data, Math.min(end, to.end) - to.start))
    return range.getBoundingClientRect()
  }

  /** Selects [start, end) as if it had been done with the mouse. */
  select(start: number, end: number): void {
    const ranges = this.ranges(start, end)
    const [first, last] = [ranges[0], ranges.at(-1)]
    if (first && last)
      window.getSelection()?.setBaseAndExtent(first.startContainer, first.startOffset, last.endContainer, last.endOffset)
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

/** What is painted beside the codings: the chosen ones, and words that were looked for or are being marked. */
export type Extra = 'strong' | 'mark' | 'edge'

/** Paints codings in their colours. Without the API of the browser nothing is painted. */
export class Painter {
  private readonly slots: Highlight[] = []
  private readonly painted = new Map<string, { span: Painted; ranges: Range[] }>()

  constructor(private readonly pieces: Pieces) {
    if (!supported) return
    for (let slot = 1; slot <= slots; slot++) {
      this.slots[slot] = new Highlight()
      CSS.highlights.set(`${prefix}${slot}`, this.slots[slot] as Highlight)
    }
  }

  /** Paints these codings; only what differs from the last time is touched. */
  paint(codings: readonly Painted[]): void {
    if (!supported) return
    const left = new Set(this.painted.keys())
    for (const span of codings) {
      left.delete(span.id)
      const old = this.painted.get(span.id)
      if (old && old.span.start === span.start && old.span.end === span.end && old.span.colour === span.colour) continue
      if (old) this.wipe(span.id)
      const ranges = this.pieces.ranges(span.start, span.end)
      for (const range of ranges) this.slots[span.colour]?.add(range)
      this.painted.set(span.id, { span, ranges })
    }
    for (const id of left) this.wipe(id)
  }

  /** Paints spans over the codings in a manner of their own. */
  over(extra: Extra, spans: readonly { start: number; end: number }[]): void {
    if (supported)
      CSS.highlights.set(`${prefix}${extra}`, new Highlight(...spans.flatMap((s) => this.pieces.ranges(s.start, s.end))))
  }

  /** Takes away what was painted, and nothing of anybody else’s. */
  clear(): void {
    if (!supported) return
    for (let slot = 1; slot <= slots; slot++) CSS.highlights.delete(`${prefix}${slot}`)
    for (const extra of ['strong', 'mark', 'edge']) CSS.highlights.delete(`${prefix}${extra}`)
  }

  private wipe(id: string) {
    const old = this.painted.get(id)
    for (const range of old?.ranges ?? []) this.slots[old?.span.colour ?? 0]?.delete(range)
    this.painted.delete(id)
  }
}
