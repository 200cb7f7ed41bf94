import { expect, test } from 'vitest'
import type { Code } from '../state/queries'
import { dropped, forest, living, positionAt, rows, stepped, walk, within } from './tree'

const code = (id: string, parentId = '', position = 1, more: Partial<Code> = {}) =>
  ({ id, parentId, position, mergedInto: '', archived: false, ...more }) as Code

const book = [
  code('foundation', '', 1),
  code('ground', 'foundation', 1),
  code('barrier', 'foundation', 2),
  code('gone', '', 2, { mergedInto: 'future' }),
  code('old', '', 3, { archived: true }),
  code('future', '', 4),
  code('agency', '', 5),
]
const shown = living(forest(book))
const names = (all: ReturnType<typeof rows>) => all.map((n) => n.code.id)

/** The codes after one was moved, as a tree. */
function after(id: string, place: ReturnType<typeof dropped>): string[] {
  if (!place) return ['refused']
  const position = positionAt(book, id, place)
  const moved = book.map((c) => (c.id === id ? { ...c, parentId: place.parentId, position } : c))
  return walk(living(forest(moved))).map((n) => '-'.repeat(n.level - 1) + n.code.id)
}

test('a forest leaves out what was merged and what is archived', () => {
  expect(names(rows(shown, new Set()))).toEqual(['foundation', 'ground', 'barrier', 'future', 'agency'])
  expect(names(rows(shown, new Set(['foundation'])))).toEqual(['foundation', 'future', 'agency'])
  expect(names(walk(forest(book)))).toContain('old')
})

test('an archived code stays while one beneath it is in use', () => {
  const kept = living(forest([...book, code('new', 'old')]))
  expect(names(walk(kept))).toEqual(['foundation', 'ground', 'barrier', 'old', 'new', 'future', 'agency'])
})

test('steps pass over what is not shown', () => {
  expect(after('future', stepped(book, shown, 'future', 'up'))).toEqual(['future', 'foundation', '-ground', '-barrier', 'agency'])
  expect(after('foundation', stepped(book, shown, 'foundation', 'down'))).toEqual([
    'future',
    'foundation',
    '-ground',
    '-barrier',
    'agency',
  ])
})

test('in goes beneath the one before, out behind the parent', () => {
  expect(after('future', stepped(book, shown, 'future', 'in'))).toEqual([
    'foundation',
    '-ground',
    '-barrier',
    '-future',
    'agency',
  ])
  expect(after('ground', stepped(book, shown, 'ground', 'out'))).toEqual(['foundation', '-barrier', 'ground', 'future', 'agency'])
})

test('there are edges', () => {
  expect(stepped(book, shown, 'foundation', 'up')).toBeUndefined()
  expect(stepped(book, shown, 'foundation', 'in')).toBeUndefined()
  expect(stepped(book, shown, 'agency', 'down')).toBeUndefined()
  expect(stepped(book, shown, 'agency', 'out')).toBeUndefined()
})

test('a code is dropped beside or into another, never into itself', () => {
  expect(after('agency', dropped(book, 'agency', 'barrier', 'before'))).toEqual([
    'foundation',
    '-ground',
    '-agency',
    '-barrier',
    'future',
  ])
  expect(after('agency', dropped(book, 'agency', 'future', 'into'))).toEqual([
    'foundation',
    '-ground',
    '-barrier',
    'future',
    '-agency',
  ])
  expect(dropped(book, 'foundation', 'barrier', 'into')).toBeUndefined()
  expect(dropped(book, 'foundation', 'foundation', 'after')).toBeUndefined()
  expect([...within(book, 'foundation')]).toEqual(['foundation', 'ground', 'barrier'])
})
