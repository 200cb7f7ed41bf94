import { describe, expect, it } from 'vitest'
import type { AnswerState, Board, BoardRow } from '../state/board'
import { applied, arranged, isStill, keyOf, moved, needsHelp, readyFor, standsAt, tally } from './rows'

const now = Date.parse('2026-05-03T12:00:00Z')
const ago = (minutes: number) => new Date(now - minutes * 60_000).toISOString()

function row(name: string, states: string, minutes: number | undefined, fields: Partial<BoardRow> = {}): BoardRow {
  const letters: Record<string, AnswerState> = { n: 'notBegun', w: 'writing', e: 'evidenceMissing', r: 'ready', s: 'submitted' }
  const cells = [...states].map((letter, i) => ({
    promptId: `p${i + 1}`,
    state: letters[letter] ?? 'notBegun',
    words: 0,
    passages: 0,
    others: 0,
    ...(letter !== 'n' && minutes !== undefined && { changedAt: ago(minutes + states.length - i) }),
  }))
  return {
    submissionId: `s ${name}`,
    memberId: `m ${name}`,
    name,
    group: '',
    people: [],
    organisation: { name: '', kind: '' },
    state: states.includes('s') ? 'submitted' : minutes === undefined ? 'notBegun' : 'writing',
    late: false,
    cells,
    handIn: 0,
    feedback: false,
    ...(minutes !== undefined && { changedAt: ago(minutes) }),
    ...fields,
  }
}
const names = (parts: ReturnType<typeof arranged>) => parts.map((p) => `${p.name}: ${p.rows.map((r) => r.name).join(' ')}`)

describe('who needs help', () => {
  it('is who has been still for a quarter of an hour and is neither ready nor done', () => {
    expect(isStill(row('Maja', 'rw', 15), now)).toBe(true)
    expect(isStill(row('Maja', 'rw', 14.9), now)).toBe(false)
    expect(isStill(row('Maja', 'rr', 300), now)).toBe(false)
    expect(isStill(row('Maja', 'ss', 300), now)).toBe(false)
    expect(isStill(row('Maja', 'nn', undefined), now)).toBe(false)
    expect(isStill(row('Maja', 'nn', 300, { state: 'notBegun' }), now)).toBe(false)
    expect(isStill(row('Maja', 'rw', 300, { state: 'returned' }), now)).toBe(false)
  })

  it('and who lacks evidence, until it is handed in', () => {
    expect(needsHelp(row('Maja', 'rew', 0), now)).toBe(true)
    expect(needsHelp(row('Maja', 'rww', 0), now)).toBe(false)
    expect(needsHelp(row('Maja', 're', 0, { state: 'submitted' }), now)).toBe(false)
  })

  it('stands at what was changed last of what isn’t ready', () => {
    expect(standsAt(row('Maja', 'rewn', 20))).toBe('p3')
    expect(standsAt(row('Maja', 'rren', 20))).toBe('p3')
    expect(standsAt(row('Maja', 'rrnn', 20))).toBeUndefined()
  })
})

describe('the order', () => {
  const rows = [
    row('Åse', 'rw', 40, { group: 'B' }),
    row('Emil', 'rr', 2, { group: 'A' }),
    row('Maja', 'ew', 20, { group: 'A' }),
    row('Bo', 'ss', 90, { group: 'B' }),
    row('Ida', 'nn', undefined),
  ]
  const all = { group: '', help: false, order: 'group' } as const

  it('is by group, and by name within it, in the language of the app', () => {
    expect(names(arranged(rows, all, now, 'da'))).toEqual(['A: Emil Maja', 'B: Bo Åse', ': Ida'])
    expect(names(arranged(rows, { ...all, order: 'name' }, now, 'da'))).toEqual([': Bo Emil Ida Maja Åse'])
  })

  it('is by stillness or by what is left', () => {
    expect(names(arranged(rows, { ...all, order: 'still' }, now, 'da'))).toEqual([': Åse Maja Emil Ida Bo'])
    expect(names(arranged(rows, { ...all, order: 'unready' }, now, 'da'))).toEqual([': Ida Maja Åse Bo Emil'])
  })

  it('leaves others out', () => {
    expect(names(arranged(rows, { ...all, group: 'A' }, now, 'da'))).toEqual(['A: Emil Maja'])
    expect(names(arranged(rows, { ...all, help: true, order: 'name' }, now, 'da'))).toEqual([': Maja Åse'])
  })

  it('counts', () => {
    expect(tally(rows)).toMatchObject({ rows: 5, answers: 10, ready: 5, submitted: 1, toReturn: 1, toReturnWithFeedback: 0 })
    expect(readyFor(rows, 'p1')).toBe(3)
  })
})

describe('news', () => {
  const board: Board = {
    prompts: [],
    rows: [row('Maja', 'rw', 20), row('Emil', 'nn', undefined)],
    counts: {},
  } as unknown as Board
  const news = {
    submissionId: 's Emil',
    promptId: 'p2',
    state: 'writing',
    words: 12,
    passages: 1,
    others: 0,
    changedAt: ago(0),
  } as const

  it('changes the row that it is of, and no other', () => {
    const { board: after, unknown } = applied(board, [news, { ...news, words: 13 }])
    expect(unknown).toBe(false)
    expect(after.rows[0]).toBe(board.rows[0])
    expect(after.rows[1]).toMatchObject({ state: 'writing', changedAt: ago(0) })
    expect(after.rows[1]?.cells[1]).toMatchObject({ state: 'writing', words: 13, passages: 1, others: 0 })
  })

  it('says how far the whole is as the server does, and that nothing begun is nobody’s change', () => {
    const told = (state: AnswerState, of = board) => applied(of, [{ ...news, state }]).board.rows[1]
    const one = { ...board, rows: [board.rows[0] as BoardRow, row('Emil', 'rn', 1)] }
    expect(told('evidenceMissing', one)?.state).toBe('evidenceMissing')
    expect(told('ready', one)?.state).toBe('ready')
    expect(told('notBegun')).toMatchObject({ state: 'notBegun' })
    expect(told('notBegun')).not.toHaveProperty('changedAt')
    const chosen = row('Emil', 'nn', 1, { organisation: { name: 'Havnsø', kind: '' } })
    expect(told('notBegun', { ...board, rows: [board.rows[0] as BoardRow, chosen] })?.state).toBe('writing')
    const handed = row('Emil', 'ss', 1)
    expect(told('submitted', { ...board, rows: [board.rows[0] as BoardRow, handed] })?.state).toBe('submitted')
  })

  it('that is older changes nothing, and of what isn’t known is told', () => {
    const old = { ...news, submissionId: 's Maja', promptId: 'p1', changedAt: ago(300) }
    expect(applied(board, [old]).board.rows[0]).toBe(board.rows[0])
    expect(applied(board, [{ ...news, submissionId: 'other' }])).toEqual({ board, unknown: true })
  })
})

it('a key leads to another cell, and not beyond the table', () => {
  const at = { row: 1, column: 1 }
  expect(moved(at, 'ArrowDown', 3, 6)).toEqual({ row: 2, column: 1 })
  expect(moved({ row: 2, column: 1 }, 'ArrowDown', 3, 6)).toBeUndefined()
  expect(moved({ row: 2, column: 0 }, 'ArrowLeft', 3, 6)).toBeUndefined()
  expect(moved(at, 'Mod End', 3, 6)).toEqual({ row: 2, column: 5 })
  expect(moved(at, 'PageDown', 3, 6)).toEqual({ row: 2, column: 1 })
  expect(moved(at, 'a', 3, 6)).toBeUndefined()
  expect(keyOf({ groupId: 'g' })).toBe('g')
})
