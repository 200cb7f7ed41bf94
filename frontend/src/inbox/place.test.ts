import { expect, test } from 'vitest'
import { placeOf } from './place'

test('each thing has its place', () => {
  const at = { spaceId: 'p' }
  expect(placeOf({ ...at, kind: 'mention', noteId: 'n', codingId: 'c' })).toBe('/projects/p/notes/n?coding=c')
  expect(placeOf({ ...at, kind: 'review', noteId: 'n', count: 3 })).toBe('/projects/p/review')
  expect(placeOf({ ...at, kind: 'assignment', roundId: 'r', noteId: 'n' })).toBe('/projects/p/rounds/r')
  expect(placeOf({ ...at, kind: 'reply', noteId: 'n' })).toBe('/projects/p/notes/n')
  expect(placeOf({ ...at, kind: 'invitation' })).toBe('/projects/p')
})
