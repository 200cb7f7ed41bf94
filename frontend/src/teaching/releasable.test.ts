import { expect, test } from 'vitest'
import type { ExerciseNote } from '../state/exercises'
import type { Note } from '../state/queries'
import { lookedFor, originals } from './releasable'

const note = (id: string, title: string, observedOn = '', more: Partial<Note> = {}) =>
  ({ id, title, observedOn, siteId: '', draft: false, ...more }) as Note

const notes = [
  note('a', 'An error and its owner', '2024-03-14'),
  note('b', 'Whose network it is', '2024-04-18', { siteId: 's' }),
  note('c', 'Not shared yet', '2024-05-01', { draft: true }),
  note('d', 'A network of errors'),
]
const sites = new Map([['s', 'Havnsø / Data office']])
const found = (words: string) => lookedFor(notes, sites, words).map(({ id }) => id)

test('notes are found by words of their titles and sites, drafts never', () => {
  expect(found('')).toEqual(['b', 'a', 'd'])
  expect(found('NETWORK')).toEqual(['b', 'd'])
  expect(found('havnsø network')).toEqual(['b'])
  expect(found('not shared')).toEqual([])
})

test('what is released already is known by the note it was copied from', () => {
  const from = (noteId: string) => ({ releasedFrom: { spaceId: 'p', noteId, textVersion: 1 } }) as ExerciseNote
  expect(originals([from('a'), {} as ExerciseNote])).toEqual(new Set(['a']))
})
