import { expect, test } from 'vitest'
import { addressed, meant, pieces, typedName, written } from './mentions'

const id = (end: string) => `0198a000-0000-7000-8000-0000000000${end}`
const bo = { id: id('0b'), name: 'Bo' }
const thygesen = { id: id('0c'), name: 'Bo Thygesen' }
const aase = { id: id('0d'), name: 'Åse Holm' }
const people = [bo, thygesen, aase]
const nameOf = (id: string) => people.find((p) => p.id === id)?.name ?? 'somebody'

test('names become ids and names again', () => {
  const text = 'Ask @Bo Thygesen, then @Åse Holm: @Bo knows'
  const kept = addressed(text, people)
  expect(kept).toBe(`Ask @[${thygesen.id}], then @[${aase.id}]: @[${bo.id}] knows`)
  expect(written(kept, nameOf)).toBe(text)
  expect(pieces(kept).slice(0, 3)).toEqual(['Ask ', { person: thygesen.id }, ', then '])
})
test('the beginning of another word is no name', () => {
  expect(addressed('@Boel and @Bo2 and @ and @@Bo', people)).toBe(`@Boel and @Bo2 and @ and @@[${bo.id}]`)
})
test('of two with one name the chosen one is meant', () => {
  const other = { id: id('0e'), name: 'Bo' }
  expect(addressed('@Bo', [bo, other], [other.id])).toBe(`@[${other.id}]`)
  expect(addressed('@Bo', [bo, other])).toBe(`@[${bo.id}]`)
})
test('who left is shown by another word', () =>
  expect(written('@[0199a000-0000-7000-8000-000000000000] said', nameOf)).toBe('@somebody said'))
test('a name is typed behind an @ and up to the caret', () => {
  expect(typedName('Ask @Bo Th', 10)).toEqual({ start: 4, words: 'Bo Th' })
  expect(typedName('@', 1)).toEqual({ start: 0, words: '' })
  expect(typedName('bo@example.org', 14)).toBeUndefined()
  expect(typedName('@Bo\nnext', 8)).toBeUndefined()
  expect(typedName('@ Bo', 4)).toBeUndefined()
  expect(typedName('nobody', 6)).toBeUndefined()
})
test('people are found by the beginning of any of their names', () => {
  expect(meant(people, '').length).toBe(3)
  expect(meant(people, 'thy')).toEqual([thygesen])
  expect(meant(people, 'bo t')).toEqual([thygesen])
  expect(meant(people, 'ase')).toEqual([aase])
  expect(meant(people, 'Bo says')).toEqual([])
})
