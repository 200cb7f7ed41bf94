// What is written of a draft before it is saved, and how it meets what others wrote meanwhile. Pure.

import type { Round } from '../state/queries'
import type { RoundFields } from '../state/rounds'

export type Field = keyof RoundFields

/** What was changed of a round, and the round as it was when that began. */
export type Unsaved = { base: Round; mine: RoundFields }

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)
const fields = (some: RoundFields) => Object.keys(some) as Field[]

/** What of it can be sent: a round without a name waits for one. */
export function sendable({ name, ...rest }: RoundFields): RoundFields {
  return name === undefined || name.trim() === '' ? rest : { ...rest, name }
}

/** What is left after something was saved: the fields that were changed again while it was under way. */
export function rest({ mine }: Unsaved, sent: RoundFields, saved: Round): Unsaved | undefined {
  const left = Object.fromEntries(fields(mine).flatMap((f) => (f in sent && same(mine[f], sent[f]) ? [] : [[f, mine[f]]])))
  return Object.keys(left).length > 0 ? { base: saved, mine: left } : undefined
}

/** The fields that were changed here and, to something else, elsewhere. */
export function clashes({ base, mine }: Unsaved, theirs: Round): Field[] {
  return fields(mine).filter((f) => !same(theirs[f], base[f]) && !same(theirs[f], mine[f]))
}

/** Without some fields, for which what others wrote stands. */
export function without({ mine }: Unsaved, some: readonly Field[], theirs: Round): Unsaved | undefined {
  const left = Object.fromEntries(fields(mine).flatMap((f) => (some.includes(f) ? [] : [[f, mine[f]]])))
  return Object.keys(left).length > 0 ? { base: theirs, mine: left } : undefined
}

/** What a draft lacks before it can go blind. */
export type Lack = 'name' | 'notes' | 'codes' | 'coders' | 'fewCoders' | 'notDrawn' | 'assignment'

/** Says what a draft lacks. */
export function lacks(round: Round): Lack[] {
  const lacking: Lack[] = []
  if (round.name.trim() === '') lacking.push('name')
  if (round.noteIds.length === 0) lacking.push('notes')
  if (round.codeIds.length === 0) lacking.push('codes')
  if (round.coderIds.length === 0) lacking.push('coders')
  if (lacking.some((l) => l === 'notes' || l === 'coders')) return lacking
  const balanced = round.method === 'balanced'
  if (balanced && round.coderIds.length < round.codersPerNote) lacking.push('fewCoders')
  else if (balanced && round.assignment.length === 0) lacking.push('notDrawn')
  else if (uncovered(round).length > 0) lacking.push('assignment')
  return lacking
}

/** The notes that nobody is to code. */
export function uncovered({ noteIds, assignment }: Pick<Round, 'noteIds' | 'assignment'>): string[] {
  const covered = new Set<string>(assignment.flatMap(({ noteId, coderIds }) => (coderIds.length > 0 ? [noteId] : [])))
  return noteIds.filter((id) => !covered.has(id))
}

/** An assignment in which one coder is to code a note, or isn't. */
export function assigned(
  { noteIds, coderIds, assignment }: Pick<Round, 'noteIds' | 'coderIds' | 'assignment'>,
  note: string,
  coder: string,
  isTheirs: boolean,
): Round['assignment'] {
  const of = new Map(assignment.map((a) => [a.noteId as string, new Set<string>(a.coderIds)]))
  const now = of.get(note) ?? new Set()
  if (isTheirs) now.add(coder)
  else now.delete(coder)
  of.set(note, now)
  return noteIds.flatMap((noteId) => {
    const some = coderIds.filter((id) => of.get(noteId)?.has(id))
    return some.length > 0 ? [{ noteId, coderIds: some }] : []
  })
}
