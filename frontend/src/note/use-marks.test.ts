import { expect, test } from 'vitest'
import { spansOf } from './use-marks'

test('an address names spans of a text', () =>
  expect(spansOf('12-40,90-95', 100)).toEqual([
    { start: 12, end: 40 },
    { start: 90, end: 95 },
  ]))
test('what is no span, or lies outside the text, is left out', () => {
  expect(spansOf(undefined, 100)).toEqual([])
  expect(spansOf('5-5,9-3,1.5-4,x-y,-3,90-101,7', 100)).toEqual([])
})
test('an address names a thousand of them at most', () =>
  expect(spansOf(Array.from({ length: 3000 }, (_, i) => `${i}-${i + 1}`).join(','), 5000)).toHaveLength(1000))
