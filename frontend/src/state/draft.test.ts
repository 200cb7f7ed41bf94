import { describe, expect, it } from 'vitest'
import type { Schemas } from '../api/client'
import { changesOf, type Draft, emptyFields, fieldsOf, isEmpty, isUnsent, meetingOf, onStale, words } from './draft'

const draft: Draft = {
  user: 'u',
  project: 'p',
  id: 'd',
  noteId: '',
  noteVersion: 0,
  note: emptyFields,
  format: 'markdown',
  text: '',
  rev: 0,
  sent: 0,
  version: 0,
  tried: [],
  updatedAt: '',
}

const note = { ...emptyFields, title: 'A note', id: 'n', version: 3, textVersion: 1 } as unknown as Schemas['Note']

describe('a draft', () => {
  it('is unsent while the device has a later revision than the server', () => {
    expect(isUnsent({ ...draft, rev: 2, sent: 2 })).toBe(false)
    expect(isUnsent({ ...draft, rev: 3, sent: 2 })).toBe(true)
  })
  it('is empty until something is written that would be missed', () => {
    expect(isEmpty({ ...draft, text: ' \n', note: { ...emptyFields, observedOn: '2024-04-11' } })).toBe(true)
    expect(isEmpty({ ...draft, text: 'x' })).toBe(false)
    expect(isEmpty({ ...draft, note: { ...emptyFields, title: 'x' } })).toBe(false)
    expect(isEmpty({ ...draft, noteId: 'n' })).toBe(false)
  })
  it('knows its own words by their revision when an answer was lost', () => {
    const tried = { ...draft, tried: ['a', 'b'] }
    expect(onStale(tried, { version: 4, revision: 'a' })).toBe('ours')
    expect(onStale(tried, { version: 4, revision: 'c' })).toBe('fork')
  })
})

describe('the fields of a note', () => {
  it('have a meeting where the kind has one, without empty items', () => {
    const meeting = { purpose: 'Why', agenda: [' One ', '', 'Two'] }
    expect(meetingOf({ ...emptyFields, kind: 'workshop', meeting })).toEqual({ purpose: 'Why', agenda: ['One', 'Two'] })
    expect(meetingOf({ ...emptyFields, kind: 'interview', meeting })).toBeUndefined()
  })
  it('change by what was edited alone', () => {
    expect(changesOf(note, fieldsOf(note))).toBeUndefined()
    expect(
      changesOf(
        { ...note, attributes: { a: 1, b: 'x', c: true } },
        { ...fieldsOf(note), attributes: { c: true, a: 2, d: false } },
      ),
    ).toEqual({
      attributes: { a: 2, b: null, d: false },
    })
    expect(changesOf(note, { ...fieldsOf(note), phase: 'late', participantIds: ['p'] })).toEqual({
      phase: 'late',
      participantIds: ['p'],
    })
    expect(
      changesOf(
        { ...note, kind: 'workshop' },
        { ...fieldsOf(note), kind: 'workshop', meeting: { purpose: 'Why', agenda: [''] } },
      ),
    ).toEqual({
      meeting: { purpose: 'Why', agenda: [] },
    })
  })
})

it('words are what stands between spaces', () => {
  expect(words('')).toBe(0)
  expect(words(' Otte\u00a0ord,\n\n»er det«? ')).toBe(4)
})
