import { describe, expect, test } from 'vitest'
import { moved, wordAt } from './edges'
import { Points } from './units'

const text = '»Det hele hviler på 👩‍🌾 registrene,« siger hun. Ingen siger noget.'
const points = new Points(text)
const words = (span: { start: number; end: number } | undefined) => span && points.slice(span.start, span.end)
const find = (quote: string) => {
  const start = Array.from(text.slice(0, text.indexOf(quote))).length
  return { start, end: start + Array.from(quote).length }
}

describe('the edge of a span', () => {
  test('goes to the end of the next word, over what is no word', () =>
    expect(words(moved(points, find('registrene'), 'end', 1, 'word'))).toBe('registrene,« siger'))
  test('goes back by a word', () => expect(words(moved(points, find('hviler på'), 'end', -1, 'word'))).toBe('hviler'))
  test('is where words begin, at the start', () =>
    expect(words(moved(points, find('hviler'), 'start', -1, 'word'))).toBe('hele hviler'))
  test('never cuts what is seen as one character', () =>
    expect(words(moved(points, find('på '), 'end', 1, 'character'))).toBe('på 👩‍🌾'))
  test('goes to the end of a sentence without the space behind', () =>
    expect(words(moved(points, find('hviler'), 'end', 1, 'sentence'))).toMatch(/^hviler.*hun\.$/))
  test('never meets the other edge', () => expect(moved(points, find('hviler'), 'end', -1, 'word')).toEqual(find('hviler')))
  test('stays at the end of the text', () => {
    const whole = { start: 0, end: points.length }
    expect(moved(points, whole, 'end', 1, 'word')).toEqual(whole)
    expect(moved(points, whole, 'start', -1, 'character')).toEqual(whole)
  })
})

test('the first word of a place leaves out what stands before it', () => {
  expect(words(wordAt(points, 0, points.length))).toBe('Det')
  expect(wordAt(new Points('… – …'), 0, 5)).toBeUndefined()
})
