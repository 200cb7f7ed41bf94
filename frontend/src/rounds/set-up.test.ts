import { describe, expect, test } from 'vitest'
import type { Round } from '../state/queries'
import { assigned, clashes, lacks, rest, sendable, uncovered, without } from './set-up'

const draft = (fields: Partial<Round> = {}) =>
  ({
    name: 'Round 1',
    question: '',
    noteIds: ['n', 'm'],
    codeIds: ['a'],
    coderIds: ['lea', 'bo'],
    codersPerNote: 2,
    method: 'byHand',
    assignment: [
      { noteId: 'n', coderIds: ['lea'] },
      { noteId: 'm', coderIds: ['lea', 'bo'] },
    ],
    version: 1,
    ...fields,
  }) as Round

describe('what was written', () => {
  const unsaved = { base: draft(), mine: { name: 'Round 2', question: 'Why?' } }

  test('meets what others wrote elsewhere without a clash', () =>
    expect(clashes(unsaved, draft({ codeIds: ['a', 'b'] }))).toEqual([]))

  test('clashes with what others wrote in the same place', () =>
    expect(clashes(unsaved, draft({ question: 'What?' }))).toEqual(['question']))

  test('doesn’t clash with the same words', () => expect(clashes(unsaved, draft({ question: 'Why?' }))).toEqual([]))

  test('is unsaved no more once it is saved, but for what was changed again', () => {
    expect(rest(unsaved, unsaved.mine, draft({ version: 2 }))).toBeUndefined()
    expect(rest(unsaved, { name: 'Round 2', question: 'W' }, draft({ version: 2 }))).toEqual({
      base: draft({ version: 2 }),
      mine: { question: 'Why?' },
    })
  })

  test('gives way where others’ stands', () => expect(without(unsaved, ['question'], draft())?.mine).toEqual({ name: 'Round 2' }))

  test('waits where the name is empty', () => expect(sendable({ name: '  ', question: 'x' })).toEqual({ question: 'x' }))
})

describe('a draft', () => {
  test('that is whole lacks nothing', () => expect(lacks(draft())).toEqual([]))
  test('lacks what isn’t chosen', () =>
    expect(lacks(draft({ name: ' ', noteIds: [], codeIds: [], coderIds: [] }))).toEqual(['name', 'notes', 'codes', 'coders']))
  test('has to be drawn', () => {
    const balanced = { method: 'balanced', assignment: [] } as const
    expect(lacks(draft({ ...balanced, assignment: [] }))).toEqual(['notDrawn'])
    expect(lacks(draft({ ...balanced, assignment: [], codersPerNote: 3 }))).toEqual(['fewCoders'])
  })
  test('needs a coder for each note', () => {
    const one = draft({ assignment: [{ noteId: 'n', coderIds: ['lea'] }] })
    expect(uncovered(one)).toEqual(['m'])
    expect(lacks(one)).toEqual(['assignment'])
  })
})

test('a coder is assigned and let go, in the order of notes and coders', () => {
  expect(assigned(draft(), 'n', 'bo', true)[0]).toEqual({ noteId: 'n', coderIds: ['lea', 'bo'] })
  expect(assigned(draft(), 'n', 'lea', false)).toEqual([{ noteId: 'm', coderIds: ['lea', 'bo'] }])
  expect(assigned(draft({ assignment: [] }), 'm', 'bo', true)).toEqual([{ noteId: 'm', coderIds: ['bo'] }])
})
