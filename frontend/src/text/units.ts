// Feltbog counts Unicode code points; JavaScript counts UTF-16 units. This is the only place that
// converts between them.

/** How many UTF-16 units the first `points` code points of `text` take; all of them if it is shorter. */
export function unitsOf(text: string, points: number): number {
  let units = 0
  for (let i = 0; i < points && units < text.length; i++) units += (text.codePointAt(units) ?? 0) > 0xffff ? 2 : 1
  return units
}

/** How many code points the first `units` UTF-16 units of `text` hold. Half a pair counts as its beginning. */
export function pointsOf(text: string, units: number): number {
  let points = 0
  for (let at = 0; at < Math.min(units, text.length); points++) {
    const width = (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1
    if (at + width > units) break
    at += width
  }
  return points
}

/** A text that can be cut by code points; walking to a place in a long text takes a step per 1,024. */
export class Points {
  private readonly steps: number[] = [0]
  readonly length: number

  constructor(readonly text: string) {
    let points = 0
    for (let at = 0; at < text.length; points++) {
      if (points > 0 && points % STEP === 0) this.steps.push(at)
      at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1
    }
    this.length = points
  }

  /** The UTF-16 unit at which code point `point` begins. */
  unit(point: number): number {
    const clamped = Math.max(0, Math.min(point, this.length))
    const step = Math.min(Math.floor(clamped / STEP), this.steps.length - 1)
    const from = this.steps[step] ?? 0
    return from + unitsOf(this.text.slice(from, from + 2 * STEP), clamped - step * STEP)
  }

  /** The words from code point `start` up to, not including, `end`. */
  slice(start: number, end: number): string {
    return this.text.slice(this.unit(start), this.unit(end))
  }
}

const STEP = 1024
