import { expect, test } from 'vitest'
import { after, left } from './left'

const task = (noteId: string, state: 'notBegun' | 'begun' | 'done') => ({ noteId, state })
const all = [task('a', 'done'), task('b', 'begun'), task('c', 'done'), task('d', 'notBegun')]

test('what is done isn’t left', () => expect(left(all).map((t) => t.noteId)).toEqual(['b', 'd']))

test('the next note is the next that isn’t done, round the end of the list', () => {
  expect(after(all, 'b')?.noteId).toBe('d')
  expect(after(all, 'd')?.noteId).toBe('b')
  expect(after(all, 'c')?.noteId).toBe('d')
  expect(after([task('a', 'begun')], 'a')).toBeUndefined()
})

test('of a note that isn’t mine the next is my first', () => expect(after(all, 'x')?.noteId).toBe('b'))
