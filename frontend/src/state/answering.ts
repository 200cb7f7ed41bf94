// What a student sees and does in an exercise: their submission, its evidence, the notes it is taken from.

import { queryOptions } from '@tanstack/react-query'
import { v7 as newID } from 'uuid'
import { answer, api, Refused, type Schemas } from '../api/client'
import { toldTime } from '../api/clock'
import { type Imported, upload } from '../api/upload'
import { answerHere, putAnswer, submissionKey } from './answers'
import { known } from './known'
import { cache } from './queries'

export type { SubmissionView } from './answers'
export type Answer = Schemas['SubmissionAnswer']
export type Evidence = Schemas['Evidence']
export type Exercise = Schemas['Exercise']
export type ExerciseNote = Schemas['ExerciseNote']
export type Organisation = Schemas['Organisation']
export type Submission = Schemas['Submission']
export type WebSource = Schemas['WebSource']
export type Anchor = Schemas['NewAnchor']

/** One's own submission, or that of one's group; it is made where there is none. */
export const mySubmission = (exercise: string) =>
  queryOptions({
    queryKey: ['exercise', exercise, 'mine'],
    queryFn: () =>
      known(`mine ${exercise}`, async () => {
        const params = { path: { exercise } }
        const { items } = await answer(api.GET('/api/v1/exercises/{exercise}/submissions', { params }))
        if (items[0]) return items[0].id
        return (await answer(api.POST('/api/v1/exercises/{exercise}/submissions', { params }))).id
      }),
    staleTime: Number.POSITIVE_INFINITY,
  })

/** A submission with its answers, as far as the server has them; without a network as it was seen last. */
export const submission = (id: string) =>
  queryOptions({
    queryKey: submissionKey(id),
    queryFn: () =>
      known(`submission ${id}`, async () => {
        const asked = api.GET('/api/v1/submissions/{submission}', { params: { path: { submission: id } } })
        asked.then(({ response }) => toldTime(response)).catch(() => undefined)
        return answer(asked)
      }),
  })

/** What the instructors say of a submission that they returned. */
export const feedback = (id: string) =>
  queryOptions({
    queryKey: [...submissionKey(id), 'feedback'],
    queryFn: () => answer(api.GET('/api/v1/submissions/{submission}/feedback', { params: { path: { submission: id } } })),
  })

/** The codes of an exercise, with which its evidence is coded. */
export const promptCodes = (exercise: string) =>
  queryOptions({
    queryKey: ['exercise', exercise, 'codes'],
    queryFn: () =>
      known(
        `codes ${exercise}`,
        async () => (await answer(api.GET('/api/v1/exercises/{exercise}/codes', { params: { path: { exercise } } }))).items,
      ),
  })

/** The notes that one may read, also those that the exercise no longer offers: evidence that stands on one stays. */
export const sourceNotes = (exercise: string) =>
  queryOptions({
    queryKey: ['exercise', exercise, 'notes'],
    queryFn: async () => {
      const params = { path: { exercise }, query: { all: true } }
      return (await answer(api.GET('/api/v1/exercises/{exercise}/notes', { params }))).items
    },
  })

/** Whether new evidence may be from a note. */
export const isOffered = (exercise: Exercise, note: ExerciseNote) =>
  note.origin === 'own' ? exercise.ownNotes : exercise.released

/** The notes of one's own that were removed, and can be had back. */
export const removedNotes = (exercise: string) =>
  queryOptions({
    queryKey: ['exercise', exercise, 'notes', 'removed'],
    queryFn: async () => {
      const params = { path: { exercise }, query: { bin: true } }
      return (await answer(api.GET('/api/v1/exercises/{exercise}/notes', { params }))).items
    },
  })

/** The words of a note in an exercise. They never change. */
export const sourceText = (exercise: string, note: string) =>
  queryOptions({
    queryKey: ['exercise', exercise, 'text', note],
    queryFn: () => answer(api.GET('/api/v1/exercises/{exercise}/notes/{note}/text', { params: { path: { exercise, note } } })),
    staleTime: Number.POSITIVE_INFINITY,
  })

/** Passages of the notes that an exercise offers which have these words. */
export const found = ({ id, released, ownNotes }: Exercise, q: string) =>
  queryOptions({
    queryKey: ['exercise', id, 'search', q, released, ownNotes],
    queryFn: () =>
      answer(api.GET('/api/v1/exercises/{exercise}/search', { params: { path: { exercise: id }, query: { q, limit: 40 } } })),
    enabled: q.trim() !== '',
    placeholderData: (before) => before,
  })

/** Fetches a submission again. */
export const refreshSubmission = (id: string) => cache.invalidateQueries({ queryKey: submissionKey(id) })

/** Fetches an exercise again, with what is kept of it but the words of notes. */
export const refreshExercise = (id: string) => cache.invalidateQueries({ queryKey: ['exercise', id], exact: true })

/** Shows other evidence of an answer until the server has told; gives what shows it as it was. */
function show(id: string, prompt: string, change: (evidence: Evidence[]) => Evidence[]): () => void {
  const before = answerHere(id, prompt)
  if (!before) return () => undefined
  putAnswer(id, { ...before, evidence: change(before.evidence) })
  return () => void refreshSubmission(id)
}

/** What is added as evidence: words of a note, or a source with a web address. */
export type NewEvidence = { noteId: string; anchor: Anchor } | { web: WebSource }

/** Adds evidence to an answer. */
export async function addEvidence(id: string, prompt: string, added: NewEvidence, why = ''): Promise<void> {
  const params = { path: { submission: id, prompt } }
  const body = { id: newID(), ...added, ...(why !== '' && { why }) }
  await answer(api.POST('/api/v1/submissions/{submission}/answers/{prompt}/evidence', { params, body }))
  await refreshSubmission(id)
}

/** Takes evidence away from an answer. */
export async function removeEvidence(id: string, prompt: string, evidence: string): Promise<void> {
  const back = show(id, prompt, (all) => all.filter((e) => e.id !== evidence))
  const params = { path: { submission: id, evidence } }
  try {
    await answer(api.DELETE('/api/v1/submissions/{submission}/evidence/{evidence}', { params }))
  } finally {
    back()
  }
}

/** Puts evidence in another place among that of its answer, from 0. */
export async function moveEvidence(id: string, prompt: string, evidence: string, position: number): Promise<void> {
  const back = show(id, prompt, (all) => {
    const moved = all.filter((e) => e.id === evidence)
    const rest = all.filter((e) => e.id !== evidence)
    return [...rest.slice(0, position), ...moved, ...rest.slice(position)]
  })
  const params = { path: { submission: id, evidence } }
  try {
    await answer(api.PATCH('/api/v1/submissions/{submission}/evidence/{evidence}', { params, body: { position } }))
  } finally {
    back()
  }
}

/** Puts evidence that was taken away back where it stood. */
export async function restoreEvidence(id: string, prompt: string, evidence: Evidence, position: number): Promise<void> {
  const { noteId, anchor, web, why } = evidence
  if (noteId && anchor) {
    const { start, end, quote, textVersion } = anchor
    await addEvidence(id, prompt, { noteId, anchor: { start, end, quote, textVersion } }, why)
  } else if (web) await addEvidence(id, prompt, { web }, why)
  const all = answerHere(id, prompt)?.evidence ?? []
  const last = all.at(-1)
  if (last && position < all.length - 1) await moveEvidence(id, prompt, last.id, position)
}

/** Writes a note of one's own, which one's group and the instructors alone see. */
export async function writeOwnNote(exercise: string, id: string, title: string, text: string): Promise<ExerciseNote> {
  const params = { path: { exercise } }
  const body = { id, title, text, format: 'markdown' as const }
  const note = await answer(api.POST('/api/v1/exercises/{exercise}/own-notes', { params, body }))
  await refreshNotes(exercise)
  return note
}

/** Makes a note of one's own of a file. */
export async function bringOwnNote(exercise: string, file: File, sent: (bytes: number) => void): Promise<Imported> {
  const end = new AbortController()
  try {
    return await upload(`exercises/${exercise}/own-notes/import`, file, {}, { signal: end.signal, sent })
  } finally {
    await refreshNotes(exercise)
  }
}

/** Removes a note of one's own, which can be had back for some time. */
export async function removeOwnNote(exercise: string, note: string): Promise<void> {
  const params = { path: { exercise, note } }
  await answer(api.DELETE('/api/v1/exercises/{exercise}/own-notes/{note}', { params }))
  await refreshNotes(exercise)
}

/** Fetches what notes there are again, and what is found in them. */
export const refreshNotes = (exercise: string) =>
  Promise.all(['notes', 'search'].map((what) => cache.invalidateQueries({ queryKey: ['exercise', exercise, what] })))

/** Whether a refusal says that a note isn't in the exercise any more. */
export const isGone = (error: unknown) => error instanceof Refused && error.problem?.code === 'note_unknown'

/** Has a note of one's own back that was removed. */
export async function restoreOwnNote(exercise: string, note: string): Promise<void> {
  const params = { path: { exercise, note } }
  await answer(api.POST('/api/v1/exercises/{exercise}/own-notes/{note}/restore', { params }))
  await refreshNotes(exercise)
}

/** Submits what is written; as it is, if something is missing. */
export async function submit(id: string, asIs: boolean): Promise<void> {
  const params = { path: { submission: id } }
  try {
    await answer(api.POST('/api/v1/submissions/{submission}/submit', { params, body: { asIs } }))
  } finally {
    await refreshSubmission(id)
  }
}

/** Takes back what was submitted, so that it can be written on. */
export async function takeBack(id: string): Promise<void> {
  const params = { path: { submission: id } }
  try {
    await answer(api.POST('/api/v1/submissions/{submission}/take-back', { params }))
  } finally {
    await refreshSubmission(id)
  }
}
