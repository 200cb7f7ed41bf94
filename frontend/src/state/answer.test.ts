import { describe, expect, it } from 'vitest'
import {
  arrived,
  caretIn,
  chosen,
  cleaned,
  isUnsent,
  type Kept,
  latest,
  newKept,
  onStale,
  refusalOf,
  type There,
  taken,
  toSend,
  written,
} from './answer'

const where = { user: 'u', exercise: 'e', submission: 's', about: 'answer', record: 'p', writer: 'me' } as const
const fresh = newKept(where, { text: 'Old', version: 3 })
const typed = written(fresh, 'Old and new', '2027-03-01T10:00:00Z')
const there = (version: number, text: string, others: There['others'] = [], revision = 'x'): There => ({
  version,
  revision,
  text,
  others,
})
const other = (writer: string, text: string) => ({ writer, revision: `of ${writer}`, text })

describe('words that are typed', () => {
  it('go on from what stood there and are unsent until the server has their revision', () => {
    expect(isUnsent(fresh)).toBe(false)
    expect(typed).toMatchObject({ text: 'Old and new', rev: 1, sent: 0, version: 3 })
    expect(isUnsent(typed)).toBe(true)
  })
  it('are tried anew after a refusal', () => {
    const refused: Kept = { ...typed, refused: { status: 404, code: 'submission_not_found', detail: '' } }
    expect(written(refused, 'More', '').refused).toBeUndefined()
  })
})

describe('a sending', () => {
  const first = toSend(typed, 'r1')
  it('carries the words with the version they go on from', () =>
    expect(first).toEqual({ revision: 'r1', rev: 1, text: 'Old and new', version: 3 }))
  it('that wasn’t answered goes again as it was, before newer words', () => {
    const lost = written({ ...typed, tried: first }, 'Old and new and newer', '')
    expect(toSend(lost, 'r2')).toEqual(first)
    const after = { ...lost, ...arrived(lost, first, there(4, 'Old and new')) }
    expect(isUnsent(after)).toBe(true)
    expect(toSend(after, 'r2')).toEqual({ revision: 'r2', rev: 2, text: 'Old and new and newer', version: 4 })
  })
  it('that arrived leaves nothing unsent', () => {
    const after = { ...typed, ...arrived(typed, first, there(4, 'Old and new')) }
    expect(isUnsent(after)).toBe(false)
    expect(after).toMatchObject({ version: 4, beside: false })
    expect(after.tried).toBeUndefined()
  })
  it('that arrived before another wrote over it goes on from what it saw, so that those words stay', () => {
    const lost = { ...typed, tried: first }
    expect(arrived(lost, first, there(5, 'Old and new, and theirs', [], 'r9')).version).toBe(3)
    expect(arrived(lost, first, there(4, 'Old and new', [], 'r1')).version).toBe(4)
  })
  it('beside another version goes on from the old one, so that it never overwrites what was chosen', () => {
    const after = { ...typed, ...arrived(typed, first, there(7, 'Theirs', [other('me', 'Old and new')])) }
    expect(after).toMatchObject({ beside: true, version: 3, sent: 1 })
    expect(toSend(written(after, 'Mine goes on', ''), 'r2').version).toBe(3)
  })
})

describe('news of the server', () => {
  it('wait while something is unsent or unanswered', () => {
    expect(taken(typed, there(9, 'Theirs'))).toBe(typed)
    const asking: Kept = { ...fresh, tried: toSend(typed, 'r1') }
    expect(taken(asking, there(9, 'Theirs'))).toBe(asking)
  })
  it('are taken over where nothing is lost by it', () =>
    expect(taken(fresh, there(4, 'Theirs'))).toMatchObject({ text: 'Theirs', version: 4, beside: false }))
  it('that are older than what is here are none', () =>
    expect(taken({ ...fresh, version: 5 }, there(4, 'Older')).text).toBe('Old'))
  it('keep the words beside in the window that wrote them', () => {
    const beside: Kept = { ...fresh, text: 'Mine', beside: true }
    expect(taken(beside, there(5, 'Theirs', [other('me', 'Mine')]))).toBe(beside)
    expect(taken(beside, there(5, 'Theirs', [other('you', 'x')]))).toMatchObject({ text: 'Theirs', beside: false })
  })
  it('that say the same change nothing', () => expect(taken(fresh, there(3, 'Old'))).toBe(fresh))
})

it('what was chosen settles all other versions, over the one that stands', () => {
  const choice = chosen({ ...fresh, text: 'Mine', beside: true }, there(7, 'Theirs', [other('me', 'Mine')]), 'Both', 'r3', '')
  expect(choice).toMatchObject({ text: 'Both', rev: 1 })
  expect(toSend(choice, 'r4')).toEqual({ revision: 'r3', rev: 1, text: 'Both', version: 7, settles: ['of me'] })
})

describe('an organisation that the server has in another version', () => {
  const kept = written(
    newKept({ ...where, about: 'organisation', record: 's' }, { text: '{"name":"A"}', version: 2 }),
    '{"name":"B"}',
    '',
  )
  it('is sent again where something else was changed', () =>
    expect(onStale(kept, { text: '{"name":"A"}', version: 3 })).toEqual({ version: 3, tried: undefined }))
  it('waits for somebody to choose where it was changed itself', () =>
    expect(onStale(kept, { text: '{"name":"C"}', version: 3 })).toEqual({ version: 3, tried: undefined, beside: true }))
  it('has arrived where it says the same', () =>
    expect(onStale(kept, { text: '{"name":"B"}', version: 3 })).toMatchObject({ sent: 1, version: 3 }))
})

it('a new window goes on with what the server lacks, and else with what was written last', () => {
  const a = { ...fresh, writer: 'a', updatedAt: '2027-03-01T10:00:00Z' }
  const b = { ...fresh, writer: 'b', updatedAt: '2027-03-01T11:00:00Z' }
  expect(latest([a, b])).toBe(b)
  expect(latest([{ ...a, rev: 1 }, b])).toMatchObject({ writer: 'a' })
  expect(latest([])).toBeUndefined()
})

describe('a caret stays at its words', () => {
  it('when something is written behind it', () => expect(caretIn('One two', 'One two three', 3)).toBe(3))
  it('when something is written before it', () => expect(caretIn('One two', 'Zero. One two', 3)).toBe(9))
  it('when something is written on both sides', () => expect(caretIn('One two', '0 One two 3', 3)).toBe(5))
  it('and within the text when its words are gone', () => expect(caretIn('One two', '', 5)).toBe(0))
})

describe('words that the server won’t take', () => {
  it('are known by their length before they are sent, which signs of two units don’t double', () => {
    const answer = (text: string) => refusalOf({ about: 'answer', text })
    expect(answer('a'.repeat(50_001))?.code).toBe('answer_too_long')
    expect(answer('a'.repeat(50_000))).toBeUndefined()
    expect(answer('😀'.repeat(50_000))).toBeUndefined()
    expect(answer(`${'😀'.repeat(50_000)}\ude00`)?.code).toBe('answer_too_long')
    expect(refusalOf({ about: 'why', text: 'a'.repeat(50_001) })).toBeUndefined()
  })

  it('lose the signs that nobody sees, and keep lines', () => {
    expect(cleaned('Nord\u0002by\u00ad\n\tHavn\u0007')).toBe('Nordby\u00ad\n\tHavn')
  })
})
