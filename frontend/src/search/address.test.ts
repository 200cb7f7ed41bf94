import { describe, expect, test } from 'vitest'
import { check, fromSaved, nothing, parameters, read, reading, same, toSaved, write } from './address'

const one = '0199a1b2-3c4d-7e5f-8a6b-7c8d9e0f1a2b'
const two = '0199a1b2-3c4d-7e5f-8a6b-7c8d9e0f1a2c'

describe('an address', () => {
  test('is read as it was written', () => {
    const asked = {
      ...nothing,
      q: '"endnu et skema" -gdpr',
      type: 'memo' as const,
      site: [one, two],
      kind: ['interview' as const],
    }
    expect(write(asked)).toEqual({ q: asked.q, type: 'memo', site: `${one},${two}`, kind: 'interview' })
    expect(read(write(asked))).toEqual(asked)
    expect(write(nothing)).toEqual({})
  })

  test('keeps values of attributes, whatever stands in them', () => {
    const attribute = [`${one}:Weary, but glad`, `${one}:100 %`, `${two}:>=3`]
    const asked = { ...nothing, attribute }
    expect(read(write(asked))).toEqual(asked)
    expect(parameters(asked)).toEqual({ attribute })
    expect(read({ attribute: `%,${one},x:y,${two}%3Ayes` }).attribute).toEqual([`${two}:yes`])
  })

  test('that was written by hand gives what can be understood of it', () => {
    expect(
      check({ q: 2024, type: 'event', site: `${one},x,${one}`, kind: 'poem,interview', from: 'May', order: 3, page: '2' }),
    ).toEqual({
      q: '2024',
      site: one,
      kind: 'interview',
      page: 2,
    })
    expect(check({ page: -3, q: ['a'], to: '2024-13-40' })).toEqual({})
  })

  test('asks the API for what isn’t empty', () => {
    expect(parameters({ ...nothing, q: '  ', codeNone: [two], order: '-observedOn' })).toEqual({
      codeNone: [two],
      order: '-observedOn',
    })
  })
})

test('a saved search is the same search again', () => {
  const asked = { ...nothing, q: 'register', type: 'comment' as const, codeAny: [one, two] }
  expect(same(fromSaved(toSaved(asked)), asked)).toBe(true)
  expect(same({ ...asked, codeAny: [two, one] }, asked)).toBe(true)
  expect(same({ ...asked, q: 'registers' }, asked)).toBe(false)
  expect(fromSaved({ q: 'x' }).type).toBe('passage')
})

test.each([
  ['to ord', [{ words: 'to' }, { words: 'ord' }]],
  [
    '"endnu et skema" -GDPR',
    [
      { words: 'endnu et skema', phrase: true },
      { words: 'GDPR', not: true },
    ],
  ],
  [
    '»data som fundament« -“ny platform”',
    [
      { words: 'data som fundament', phrase: true },
      { words: 'ny platform', phrase: true, not: true },
    ],
  ],
  ['e-mail - & "', [{ words: 'e-mail' }]],
  ['"uden ende', [{ words: 'uden' }, { words: 'ende' }]],
  ['', []],
])('%s is read', (q, want) => {
  expect(reading(q)).toEqual(want.map((r) => ({ phrase: false, not: false, ...r })))
})
