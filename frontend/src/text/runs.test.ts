import { describe, expect, test } from 'vitest'
import { at, runs, trimmed } from './runs'

describe('runs', () => {
  const cut = (start: number, end: number, marks: [number, number][]) =>
    runs(
      start,
      end,
      marks.map(([s, e]) => ({ kind: 'emphasis', start: s, end: e })),
    ).map((r) => [r.start, r.end, r.marks.length])

  test('without marks there is one', () => expect(cut(3, 9, [])).toEqual([[3, 9, 0]]))
  test('an empty block has none', () => expect(cut(3, 3, [])).toEqual([]))
  test('a mark that reaches over both ends covers it', () => expect(cut(3, 9, [[0, 20]])).toEqual([[3, 9, 1]]))
  test('a mark that ends where it begins isn’t in it', () => expect(cut(3, 9, [[0, 3]])).toEqual([[3, 9, 0]]))
  test('marks overlap', () =>
    expect(
      cut(0, 9, [
        [1, 5],
        [3, 7],
      ]),
    ).toEqual([
      [0, 1, 0],
      [1, 3, 1],
      [3, 5, 2],
      [5, 7, 1],
      [7, 9, 0],
    ]))
})

describe('codings at a place', () => {
  const all = [
    { id: 'block', start: 0, end: 90 },
    { id: 'word', start: 10, end: 15 },
    { id: 'sentence', start: 5, end: 40 },
  ]
  test('come smallest first', () => expect(at(all, 12).map((c) => c.id)).toEqual(['word', 'sentence', 'block']))
  test('hold their first place and not their end', () => {
    expect(at(all, 10).map((c) => c.id)).toContain('word')
    expect(at(all, 15).map((c) => c.id)).not.toContain('word')
  })
})

describe('a selection', () => {
  test('loses the white space at its ends', () =>
    expect(trimmed('  🙂 ja \n', 10)).toEqual({ start: 12, end: 16, quote: '🙂 ja' }))
  test('of nothing but white space is none', () => expect(trimmed(' \n\t', 0)).toBeUndefined())
})
