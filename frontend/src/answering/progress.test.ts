import { expect, test } from 'vitest'
import { progressOf } from './progress'

const asked = { minWords: 3, maxWords: 5, passages: 2, reasons: true }
const passage = (id: string, why = 'It shows it') => ({ id, why })

test('nothing is not begun, and lacks an answer', () =>
  expect(progressOf(asked, ' \n', [])).toEqual({
    state: 'notBegun',
    words: 0,
    passages: 0,
    lacks: [{ what: 'answer', words: 3, passages: 2 }],
  }))
test('too few and too many words are writing', () => {
  expect(progressOf(asked, 'One two', [])).toMatchObject({
    state: 'writing',
    lacks: [
      { what: 'words', count: 1 },
      { what: 'passages', count: 2 },
    ],
  })
  expect(progressOf(asked, 'One two three four five six', []).lacks[0]).toEqual({ what: 'tooMany', count: 1 })
  expect(progressOf({ ...asked, maxWords: 0 }, 'One two three four five six', []).state).toBe('evidenceMissing')
})
test('evidence without words is writing', () =>
  expect(progressOf({ ...asked, minWords: 0 }, '', [passage('a'), passage('b')])).toMatchObject({
    state: 'writing',
    lacks: [{ what: 'words', count: 1 }],
  }))
test('evidence is missing while there is too little of it, or it says not why', () => {
  expect(progressOf(asked, 'One two three', [passage('a')]).state).toBe('evidenceMissing')
  expect(progressOf(asked, 'One two three', [passage('a'), passage('b', ' ')])).toMatchObject({
    state: 'evidenceMissing',
    lacks: [{ what: 'reason', evidence: 'b', number: 2 }],
  })
  expect(progressOf({ ...asked, reasons: false }, 'One two three', [passage('a'), passage('b', '')]).state).toBe('ready')
})
test('what was withdrawn is no evidence', () =>
  expect(progressOf(asked, 'One two three', [passage('a'), { ...passage('b'), withdrawn: true }])).toMatchObject({
    state: 'evidenceMissing',
    passages: 1,
  }))
test('all of it is ready', () =>
  expect(progressOf(asked, 'One two three', [passage('a'), passage('b')])).toMatchObject({ state: 'ready', lacks: [] }))
test('versions to choose from come before evidence', () =>
  expect(progressOf(asked, 'One two three', [passage('a')], 1)).toMatchObject({
    state: 'writing',
    lacks: [{ what: 'choice' }, { what: 'passages', count: 1 }],
  }))
