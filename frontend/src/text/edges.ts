// Moves the edges of a span of text by characters, words and sentences as people see them.

import { type Points, pointsOf } from './units'

export type Span = { start: number; end: number }
export type Unit = 'character' | 'word' | 'sentence'

const reach = 1000 // code points that are looked at on either side of an edge
const granularity = { character: 'grapheme', word: 'word', sentence: 'sentence' } as const

/** Moves one edge of a span to the next place before (-1) or behind (1) where a unit begins or ends. A span never gets empty. */
export function moved(points: Points, span: Span, edge: 'start' | 'end', by: 1 | -1, unit: Unit): Span {
  const here = span[edge]
  const places = boundaries(points, Math.max(0, here - reach), Math.min(points.length, here + reach), unit, edge)
  const to = by > 0 ? places.find((place) => place > here) : places.findLast((place) => place < here)
  if (to === undefined) return span
  const out = { ...span, [edge]: to }
  return out.start < out.end ? out : span
}

/** The first word at or behind a place; undefined if none follows before `limit`. */
export function wordAt(points: Points, place: number, limit: number): Span | undefined {
  for (const { segment, isWordLike, start } of segments(points, place, Math.min(limit, place + reach), 'word')) {
    if (isWordLike) return { start, end: start + pointsOf(segment, segment.length) }
  }
  return undefined
}

/** Where units begin (for the start of a span) or end (for its end), in code points, in order. */
function boundaries(points: Points, from: number, to: number, unit: Unit, edge: 'start' | 'end'): number[] {
  const out: number[] = []
  for (const { segment, isWordLike, start } of segments(points, from, to, unit)) {
    if (unit === 'word' && !isWordLike) continue
    const words = unit === 'sentence' ? segment.trimEnd() : segment
    if (words !== '') out.push(edge === 'start' ? start : start + pointsOf(words, words.length))
  }
  return out
}

function* segments(points: Points, from: number, to: number, unit: Unit) {
  let start = from
  for (const { segment, isWordLike } of new Intl.Segmenter(undefined, { granularity: granularity[unit] }).segment(
    points.slice(from, to),
  )) {
    yield { segment, isWordLike, start }
    start += pointsOf(segment, segment.length)
  }
}
