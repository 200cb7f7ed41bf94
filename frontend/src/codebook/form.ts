// What one writes of a code, and how it meets what others wrote meanwhile.

import type { Code } from '../state/queries'

const written = [
  'name',
  'parentId',
  'colour',
  'letter',
  'shortcut',
  'key',
  'definition',
  'whenToUse',
  'whenNot',
  'examples',
] as const

export type Field = (typeof written)[number]
export type Form = Pick<Code, Field>

/** What was changed of a code, and the code as it was when that began. */
export type CodeDraft = { base: Code; mine: Partial<Form> }

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

/** A draft with one more field changed; undefined if then nothing is. */
export function change<F extends Field>(
  draft: CodeDraft | undefined,
  code: Code,
  field: F,
  value: Form[F],
): CodeDraft | undefined {
  const base = draft?.base ?? code
  const mine: Partial<Form> = { ...draft?.mine, [field]: value }
  if (same(value, base[field])) delete mine[field]
  return Object.keys(mine).length > 0 ? { base, mine } : undefined
}

/** The fields that were changed here and, to something else, elsewhere. */
export function clashes(draft: CodeDraft | undefined, now: Code): Field[] {
  if (!draft) return []
  return written.filter(
    (f) => f in draft.mine && !same(now[f], draft.base[f]) && !same(now[f], draft.mine[f]) && now.version > draft.base.version,
  )
}

/** A draft in which one field is settled: it keeps what was written here, or takes what was written elsewhere. */
export function settle(draft: CodeDraft, now: Code, field: Field, keep: boolean): CodeDraft | undefined {
  const mine = { ...draft.mine }
  if (!keep) delete mine[field]
  return Object.keys(mine).length > 0 ? { base: { ...draft.base, [field]: now[field] }, mine } : undefined
}

/** The fields in which two states of a code differ. */
export function differing(before: Code, after: Code): Field[] {
  return written.filter((f) => !same(before[f], after[f]))
}
