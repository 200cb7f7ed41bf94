import { expect, test } from 'vitest'
import type { Code } from '../state/queries'
import { change, clashes, differing, settle } from './form'

const code = { id: 'a', version: 1, name: 'Rumour', definition: 'Said', letter: 'R', examples: [] as string[] } as unknown as Code

test('a draft holds only what differs', () => {
  const draft = change(undefined, code, 'name', 'Gossip')
  expect(draft?.mine).toEqual({ name: 'Gossip' })
  expect(change(draft, code, 'name', 'Rumour')).toBeUndefined()
  expect(change(undefined, code, 'examples', [])).toBeUndefined()
})

test('only the same field changed in two ways is a clash', () => {
  const draft = change(undefined, code, 'name', 'Gossip')
  expect(clashes(draft, { ...code, version: 2, definition: 'Heard' })).toEqual([])
  expect(clashes(draft, { ...code, version: 2, name: 'Gossip' })).toEqual([])
  expect(clashes(draft, { ...code, version: 2, name: 'Hearsay' })).toEqual(['name'])
})

test('a clash is settled one way or the other', () => {
  const draft = change(change(undefined, code, 'name', 'Gossip'), code, 'letter', 'G')
  const theirs = { ...code, version: 2, name: 'Hearsay' }
  if (!draft) throw new Error('there is a draft')
  expect(settle(draft, theirs, 'name', true)?.mine).toEqual({ name: 'Gossip', letter: 'G' })
  expect(clashes(settle(draft, theirs, 'name', true), theirs)).toEqual([])
  expect(settle(draft, theirs, 'name', false)?.mine).toEqual({ letter: 'G' })
  expect(differing(code, theirs)).toEqual(['name'])
})
