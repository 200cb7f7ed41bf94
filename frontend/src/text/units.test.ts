import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { Points, pointsOf, unitsOf } from './units'

type Vectors = { texts: { name: string; text: string; places: [points: number, bytes: number, units: number][] }[] }
const vectors: Vectors = JSON.parse(readFileSync(new URL('../../../testdata/offsets.json', import.meta.url), 'utf8'))

describe.each(vectors.texts)('$name', ({ text, places }) => {
  test('code points and UTF-16 units find each other', () => {
    const points = new Points(text)
    for (const [point, , unit] of places) {
      expect(unitsOf(text, point)).toBe(unit)
      expect(pointsOf(text, unit)).toBe(point)
      expect(points.unit(point)).toBe(unit)
    }
    expect(points.length).toBe(places.length - 1)
  })
})

test('half of a surrogate pair counts as its beginning', () => {
  expect(pointsOf('a🙂b', 2)).toBe(1)
})

test('a long text is cut where a short one is', () => {
  const text = 'æ🙂x'.repeat(3000)
  const all = Array.from(text)
  const points = new Points(text)
  expect(points.length).toBe(all.length)
  for (const [start, end] of [
    [0, 1],
    [1023, 1025],
    [2048, 2049],
    [4097, 8999],
    [8990, 9000],
  ] as const) {
    expect(points.slice(start, end)).toBe(all.slice(start, end).join(''))
  }
})
