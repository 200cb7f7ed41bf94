// What is written of an exercise before it is saved, and how it meets what others wrote meanwhile. Pure.

import type { Exercise, ExerciseFields } from '../state/exercises'
import { isEmpty } from './bilingual'
import { momentOf } from './due'

const written = [
  'title',
  'instructions',
  'prompts',
  'work',
  'minWords',
  'maxWords',
  'passages',
  'reasons',
  'released',
  'ownNotes',
  'web',
  'dueAt',
  'timeZone',
  'lateAllowed',
  'shownToClass',
  'namesShown',
] as const

export type Field = (typeof written)[number]
export type Form = Pick<Exercise, Field>

/** What was changed of an exercise, and the exercise as it was when that began. */
export type Draft = { base: Exercise; mine: Partial<Form> }

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)
const fieldsOf = (some: Partial<Form>) => written.filter((field) => field in some)

/** A draft with more changed; undefined if then nothing is. */
export function change(draft: Draft | undefined, exercise: Exercise, fields: Partial<Form>): Draft | undefined {
  const base = draft?.base ?? exercise
  const mine = { ...draft?.mine, ...fields }
  return settled(base, mine)
}

/** Without what is as it was. */
function settled(base: Exercise, mine: Partial<Form>): Draft | undefined {
  const left = Object.fromEntries(fieldsOf(mine).flatMap((f) => (same(mine[f], base[f]) ? [] : [[f, mine[f]]])))
  return Object.keys(left).length > 0 ? { base, mine: left } : undefined
}

/** The fields that were changed here and, to something else, elsewhere. */
export function clashes({ base, mine }: Draft, theirs: Exercise): Field[] {
  return fieldsOf(mine).filter((f) => !same(theirs[f], base[f]) && !same(theirs[f], mine[f]))
}

/** The draft on top of what others saved. In what is named, theirs stands; of all the rest, what was written here. */
export function onTop({ mine }: Draft, theirs: Exercise, takes: readonly Field[] = []): Draft | undefined {
  const kept = Object.fromEntries(fieldsOf(mine).flatMap((f) => (takes.includes(f) ? [] : [[f, mine[f]]])))
  return settled(theirs, kept)
}

/** What is sent of a draft. */
export const sent = ({ mine }: Draft): ExerciseFields => mine

/** What an exercise lacks before it can be saved. */
export type Lack = 'title' | 'promptTitles' | 'codes' | 'words' | 'sources' | 'due'

/** Says what an exercise lacks. */
export function lacks(form: Form): Lack[] {
  const { prompts, minWords, maxWords } = form
  const lacking: [Lack, boolean][] = [
    ['title', isEmpty(form.title)],
    ['promptTitles', prompts.some(({ title }) => isEmpty(title))],
    ['codes', prompts.some(({ codeId }) => codeId === '')],
    ['words', maxWords > 0 && minWords > maxWords],
    ['sources', form.passages > 0 && !form.released && !form.ownNotes && !form.web],
    ['due', form.dueAt !== '' && !momentOf(form.dueAt, form.timeZone)],
  ]
  return lacking.flatMap(([lack, isSo]) => (isSo ? [lack] : []))
}

/** A list in which one thing stands elsewhere. */
export function moved<T>(all: readonly T[], from: number, to: number): T[] {
  const [one] = all.slice(from, from + 1)
  if (one === undefined || to < 0 || to >= all.length) return [...all]
  return all.toSpliced(from, 1).toSpliced(to, 0, one)
}
