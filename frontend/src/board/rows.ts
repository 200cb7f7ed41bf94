// What the board shows of its rows: who needs help, in which order they stand, and how many of what there are. Pure.

import type { CellNews } from '../api/exercise-stream'
import type { AnswerState, Board, BoardCell, BoardRow } from '../state/board'

/** How long nobody has written when work counts as still. */
export const stillAfter = 15 * 60_000
/** How long after a change somebody is said to be writing. */
export const writingFor = 60_000

/** The orders of the board. */
export const orders = ['group', 'name', 'still', 'unready'] as const
export type Order = (typeof orders)[number]

/** What is shown of all rows. */
export type Choice = { group: string; help: boolean; order: Order }

/** Rows that stand under one heading; without groups there is one part without a name. */
export type Part = { name: string; rows: BoardRow[] }

/** What a row is called by: a student or a group has at most one. */
export const keyOf = (row: Pick<BoardRow, 'memberId' | 'groupId' | 'submissionId'>) =>
  row.memberId || row.groupId || row.submissionId || ''

const done: ReadonlySet<AnswerState> = new Set(['ready', 'submitted', 'returned'])
const inHand: ReadonlySet<AnswerState> = new Set(['writing', 'evidenceMissing'])

/** Whether nothing is left to do for an answer. */
export const isDone = ({ state }: Pick<BoardCell, 'state'>) => done.has(state)

/** Whether work has been handed in. */
export const isIn = ({ state }: Pick<BoardRow, 'state'>) => state === 'submitted' || state === 'returned'

/** Whether somebody has begun, and neither is ready nor has written for a while. */
export function isStill(row: BoardRow, now: number): boolean {
  if (!row.changedAt || row.state === 'notBegun' || isIn(row) || row.cells.every(isDone)) return false
  return now - Date.parse(row.changedAt) >= stillAfter
}

/** The prompt at which somebody has come to stand: what they last changed of the answers that aren't ready. */
export function standsAt(row: BoardRow): string | undefined {
  let last: BoardCell | undefined
  for (const cell of row.cells)
    if (inHand.has(cell.state) && (!last || (cell.changedAt ?? '') > (last.changedAt ?? ''))) last = cell
  return last?.promptId
}

/** Whether somebody might be glad of help: they are still, or an answer lacks evidence. */
export function needsHelp(row: BoardRow, now: number): boolean {
  return isStill(row, now) || (!isIn(row) && row.cells.some(({ state }) => state === 'evidenceMissing'))
}

/** The groups of a board, by name. */
export const groupsOf = (rows: readonly BoardRow[], language: string): string[] =>
  [...new Set(rows.map((row) => row.group))].filter(Boolean).sort(new Intl.Collator(language, { numeric: true }).compare)

/** The rows that are shown, in their order. */
export function arranged(rows: readonly BoardRow[], { group, help, order }: Choice, now: number, language: string): Part[] {
  const names = new Intl.Collator(language, { numeric: true })
  const byName = (a: BoardRow, b: BoardRow) => names.compare(a.name, b.name)
  const changed = (row: BoardRow) => (row.changedAt ? Date.parse(row.changedAt) : now)
  const unready = (row: BoardRow) => row.cells.filter((cell) => !isDone(cell)).length
  const ways: Record<Order, (a: BoardRow, b: BoardRow) => number> = {
    group: byName,
    name: byName,
    // Who hasn't begun hasn't come to stand anywhere.
    still: (a, b) => Number(isIn(a)) - Number(isIn(b)) || Math.sign(changed(a) - changed(b)),
    unready: (a, b) => unready(b) - unready(a),
  }
  const shown = rows
    .filter((row) => (group === '' || row.group === group) && (!help || needsHelp(row, now)))
    .sort((a, b) => ways[order](a, b) || byName(a, b))
  const groups = order === 'group' ? groupsOf(shown, language) : []
  if (groups.length === 0) return [{ name: '', rows: shown }]
  // Those without a group stand behind the others.
  return [...groups, '']
    .map((name) => ({ name, rows: shown.filter((row) => row.group === name) }))
    .filter((part) => part.rows.length > 0)
}

/** How many of what stand in some rows. */
export function tally(rows: readonly BoardRow[]) {
  const cells = rows.flatMap((row) => row.cells)
  const toReturn = rows.filter(({ state }) => state === 'submitted')
  return {
    rows: rows.length,
    answers: cells.length,
    ready: cells.filter(isDone).length,
    submitted: rows.filter(isIn).length,
    returned: rows.filter(({ state }) => state === 'returned').length,
    toReturn: toReturn.length,
    toReturnWithFeedback: toReturn.filter(({ feedback }) => feedback).length,
  }
}

/** How many answers to a prompt are ready. */
export const readyFor = (rows: readonly BoardRow[], prompt: string) =>
  rows.filter((row) => row.cells.some((cell) => cell.promptId === prompt && isDone(cell))).length

/** Brings news of answers into a board. Rows without news stay the same objects. `unknown` says that news came of work the board doesn't have. */
export function applied(board: Board, news: readonly CellNews[]): { board: Board; unknown: boolean } {
  const bySubmission = new Map<string, CellNews[]>()
  for (const one of news) bySubmission.set(one.submissionId, [...(bySubmission.get(one.submissionId) ?? []), one])
  let seen = 0
  const rows = board.rows.map((row) => {
    const told = row.submissionId ? bySubmission.get(row.submissionId) : undefined
    if (!told) return row
    seen++
    return told.reduce(withCell, row)
  })
  return { board: seen > 0 ? { ...board, rows } : board, unknown: seen < bySubmission.size }
}

function withCell(row: BoardRow, { submissionId: _, ...told }: CellNews): BoardRow {
  const at = row.cells.findIndex((cell) => cell.promptId === told.promptId)
  const old = row.cells[at]
  if (!old || (told.changedAt ?? '') < (old.changedAt ?? '')) return row
  const { changedAt: before, ...rest } = row
  const cells = row.cells.with(at, { ...old, ...told })
  const state = isIn(row) ? row.state : wholeState(row.organisation, cells)
  const changedAt = (told.changedAt ?? '') > (before ?? '') ? told.changedAt : before
  return { ...rest, cells, state, ...(changedAt && state !== 'notBegun' && { changedAt }) }
}

const onTheWay: readonly AnswerState[] = ['notBegun', 'writing', 'evidenceMissing', 'ready']

/** How far work is that isn't submitted, as the server says it: as far as the answer that is furthest behind, and writing once anything is begun. */
function wholeState({ name, kind }: BoardRow['organisation'], cells: readonly BoardCell[]): AnswerState {
  const begun = name !== '' || kind !== '' || cells.some(({ state }) => state !== 'notBegun')
  if (!begun) return 'notBegun'
  const least = onTheWay.find((state) => cells.some((cell) => cell.state === state)) ?? 'notBegun'
  return least === 'notBegun' ? 'writing' : least
}

/** The cell that a key leads to from another; undefined where it leads nowhere. */
export function moved(at: Place, key: string, rows: number, columns: number): Place | undefined {
  const ways: Record<string, Place> = {
    ArrowRight: { row: at.row, column: at.column + 1 },
    ArrowLeft: { row: at.row, column: at.column - 1 },
    ArrowDown: { row: at.row + 1, column: at.column },
    ArrowUp: { row: at.row - 1, column: at.column },
    Home: { row: at.row, column: 0 },
    End: { row: at.row, column: columns - 1 },
    'Mod Home': { row: 0, column: 0 },
    'Mod End': { row: rows - 1, column: columns - 1 },
    PageDown: { row: Math.min(at.row + leap, rows - 1), column: at.column },
    PageUp: { row: Math.max(at.row - leap, 0), column: at.column },
  }
  const to = ways[key]
  if (!to || to.row < 0 || to.row >= rows || to.column < 0 || to.column >= columns) return undefined
  return to
}

export type Place = { row: number; column: number }
const leap = 10 // rows that Page up and Page down pass
