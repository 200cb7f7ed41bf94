import { describe, expect, test } from 'vitest'
import type { Block, Coding } from '../state/queries'
import { compare, differences, folded, step } from './differences'

const block = (start: number, end: number) => ({ kind: 'paragraph', start, end }) as Block
let made = 0
const put = (coderId: string, codeId: string, start: number, end: number) =>
  ({ id: `${++made}`, coderId, codeId, noteId: 'n', layer: 'r', anchor: { start, end } }) as Coding

const blocks = [block(0, 100), block(102, 200), block(202, 300)]
const coders = ['lea', 'bo', 'sara']
const kinds = (...codings: Coding[]) => compare(blocks, codings, coders).map(({ kind }) => kind)

describe('coders', () => {
  test('who all put nothing are alike', () => expect(kinds()).toEqual([undefined, undefined, undefined]))

  test('are alike with the same code on overlapping words', () =>
    expect(kinds(put('lea', 'a', 0, 50), put('bo', 'a', 49, 80), put('sara', 'a', 40, 60))[0]).toBeUndefined())

  test('differ where one of them put nothing', () =>
    expect(kinds(put('lea', 'a', 0, 50), put('bo', 'a', 0, 50))).toEqual(['codes', undefined, undefined]))

  test('differ where one of them put another code', () =>
    expect(kinds(put('lea', 'a', 0, 50), put('bo', 'b', 0, 50), put('sara', 'a', 0, 50))[0]).toBe('codes'))

  test('differ where one of them put a code more', () =>
    expect(kinds(put('lea', 'a', 0, 50), put('bo', 'a', 0, 50), put('sara', 'a', 0, 50), put('sara', 'b', 0, 50))[0]).toBe(
      'codes',
    ))

  test('differ with the same code on words that only touch', () =>
    expect(kinds(put('lea', 'a', 0, 50), put('bo', 'a', 50, 80), put('sara', 'a', 0, 80))[0]).toBe('words'))

  test('differ where two of three don’t overlap, though both do with the third', () =>
    expect(kinds(put('lea', 'a', 0, 10), put('bo', 'a', 8, 20), put('sara', 'a', 18, 30))[0]).toBe('words'))

  test('are alike where one put a code twice on words that another took together', () =>
    expect(
      kinds(put('lea', 'a', 0, 90), put('bo', 'a', 0, 10), put('bo', 'a', 60, 70), put('sara', 'a', 5, 65))[0],
    ).toBeUndefined())

  test('differ where one put a code once more elsewhere in the block', () =>
    expect(kinds(put('lea', 'a', 0, 10), put('bo', 'a', 0, 10), put('bo', 'a', 60, 70), put('sara', 'a', 0, 10))[0]).toBe(
      'words',
    ))
})

test('a coding over several blocks counts in each that it reaches', () => {
  const long = (coder: string) => put(coder, 'a', 90, 210)
  expect(kinds(long('lea'), long('bo'), long('sara'))).toEqual([undefined, undefined, undefined])
  expect(kinds(long('lea'), long('bo'), put('sara', 'a', 90, 200))).toEqual([undefined, undefined, 'codes'])
})

test('a coding that ends with a block isn’t in the next', () =>
  expect(kinds(put('lea', 'a', 0, 102))).toEqual(['codes', undefined, undefined]))

test('only those who are compared count', () => {
  const codings = [put('lea', 'a', 0, 50), put('bo', 'a', 0, 50), put('sara', 'b', 0, 50)]
  expect(compare(blocks, codings, ['lea', 'bo'])[0]?.kind).toBeUndefined()
  expect(compare(blocks, codings, ['lea', 'sara'])[0]?.kind).toBe('codes')
})

test('blocks alike fold into stretches, until somebody unfolds them', () => {
  const all = compare([...blocks, block(302, 400)], [put('lea', 'a', 110, 120)], coders)
  expect(differences(all)).toEqual([2])
  expect(folded(all, new Set(), true)).toEqual([
    { from: 1, to: 1, fold: true },
    { from: 2, to: 2, fold: false },
    { from: 3, to: 4, fold: true },
  ])
  expect(folded(all, new Set([3, 4]), true).map(({ fold }) => fold)).toEqual([true, false, false, false])
  expect(folded(all, new Set(), false).every(({ fold }) => !fold)).toBe(true)
})

test('steps go from difference to difference and round the corner', () => {
  expect(step([2, 5, 9], 0, 1)).toBe(2)
  expect(step([2, 5, 9], 2, 1)).toBe(5)
  expect(step([2, 5, 9], 9, 1)).toBe(2)
  expect(step([2, 5, 9], 2, -1)).toBe(9)
  expect(step([2, 5, 9], 7, -1)).toBe(5)
  expect(step([], 3, 1)).toBeUndefined()
})
