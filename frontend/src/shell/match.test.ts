import { expect, test } from 'vitest'
import { rankOf } from './match'

test.each([
  ['Project settings', 'pr', true],
  ['Project settings', 'set', true],
  ['Project settings', 'pr se', true],
  ['Project settings', 'se pr', true],
  ['Project settings', 'prse', true],
  ['Project settings', 'ps', true],
  ['Project settings', 'sp', false],
  ['Project settings', 'tings', false],
  ['Project settings', '', true],
  ['Project settings', '—', true],
  ['Data as foundation', 'df', true],
  ['Havnsø Kommune', 'havnsø', true],
  ['Havnsø Kommune', 'havnso', true],
  ['Havnsø Kommune', 'HAVNSOE K', true],
  ['Havnso Kommune', 'havnsø', false],
  ['Ærø', 'ae', true],
  ['Ærø', 'ærø', true],
  ['Åben dagsorden', 'aa', true],
  ['Åben dagsorden', 'åd', true],
  ['Åben dagsorden', 'å', true],
  ['A\u030aben', 'å', true],
  ['Café Müller', 'cafe mul', true],
  ['Øl & mad', 'øm', true],
])('%s, asked for by %s: %s', (name, typed, found) => {
  expect(rankOf(name, typed) !== undefined).toBe(found)
})

test('what begins so comes before what has a word that does, and exact letters before written out ones', () => {
  const order = (typed: string, names: string[]) => names.toSorted((a, b) => (rankOf(a, typed) ?? 99) - (rankOf(b, typed) ?? 99))
  expect(order('me', ['Go to members', 'Memos'])).toEqual(['Memos', 'Go to members'])
  expect(order('ro', ['Røn', 'Rose'])).toEqual(['Rose', 'Røn'])
})

test('a long name is answered at once', () => {
  expect(rankOf('a '.repeat(100), `${'a'.repeat(60)}b`)).toBe(undefined)
})
