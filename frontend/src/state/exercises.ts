// Exercises of a course: their set-up, their codebooks, and the notes that were released to them.

import { queryOptions } from '@tanstack/react-query'
import { v7 as newID } from 'uuid'
import { all, answer, api, Refused, type Schemas } from '../api/client'
import { known } from './known'
import { type Code, cache } from './queries'

export type Exercise = Schemas['Exercise']
export type ExerciseFields = Schemas['ExerciseFields']
export type ExerciseNote = Schemas['ExerciseNote']
export type Prompt = Schemas['Prompt']
export type Bilingual = Schemas['Bilingual']
export type Release = Schemas['NoteRelease']

export const exerciseTemplates = () =>
  queryOptions({
    queryKey: ['exercise templates'],
    queryFn: async () => (await answer(api.GET('/api/v1/exercise-templates'))).items,
    staleTime: Number.POSITIVE_INFINITY,
  })

/** The exercises of a course that one may see, in the order in which they were made; useExercisesLive follows them. */
export const exercises = (course: string) =>
  queryOptions({
    queryKey: ['course', course, 'exercises'],
    queryFn: async () => (await answer(api.GET('/api/v1/courses/{course}/exercises', { params: { path: { course } } }))).items,
    staleTime: 0,
  })

/** The exercises of a course that lie in the bin, the last one first. */
export const deletedExercises = (course: string) =>
  queryOptions({
    queryKey: ['course', course, 'exercises', 'deleted'],
    queryFn: async () =>
      (await answer(api.GET('/api/v1/courses/{course}/exercises', { params: { path: { course }, query: { bin: true } } }))).items,
  })

export const exercise = (id: string) =>
  queryOptions({
    queryKey: ['exercise', id],
    queryFn: () =>
      known(`exercise ${id}`, () => answer(api.GET('/api/v1/exercises/{exercise}', { params: { path: { exercise: id } } }))),
  })

/** The codebook of an exercise. */
export const exerciseCodes = (id: string) =>
  queryOptions({
    queryKey: ['exercise', id, 'codes'],
    queryFn: async () =>
      (await answer(api.GET('/api/v1/exercises/{exercise}/codes', { params: { path: { exercise: id } } }))).items,
  })

/** The notes of an exercise, also those that it no longer offers: released ones, and own ones as far as one may see them. */
export const exerciseNotes = (id: string) =>
  queryOptions({
    queryKey: ['exercise', id, 'notes'],
    queryFn: () =>
      all((cursor) =>
        answer(
          api.GET('/api/v1/exercises/{exercise}/notes', {
            params: { path: { exercise: id }, query: { all: true, limit: 1000, cursor } },
          }),
        ),
      ),
  })

/** The exercises that a note of a project was released to. */
export const releases = (project: string, note: string) =>
  queryOptions({
    queryKey: ['project', project, 'releases', note],
    queryFn: async () =>
      (await answer(api.GET('/api/v1/projects/{project}/notes/{note}/releases', { params: { path: { project, note } } }))).items,
    staleTime: 0,
  })

/** Who is in a course, as far as one may know; an extension names a student by their id there. */
export const courseMembers = (course: string) =>
  queryOptions({
    queryKey: ['course', course, 'members'],
    queryFn: async () => (await answer(api.GET('/api/v1/courses/{course}/members', { params: { path: { course } } }))).items,
  })

const sees = ({ version }: { version: number }) => ({ 'If-Match': `"${version}"` })

/** Takes in an exercise as the server gave it. */
export function adoptExercise(given: Exercise): Exercise {
  cache.setQueryData(exercise(given.id).queryKey, given)
  void cache.invalidateQueries({ queryKey: exercises(given.spaceId).queryKey })
  return given
}

/** Makes an exercise, from a built-in one or without prompts. */
export async function createExercise(course: string, body: Schemas['NewExercise']): Promise<Exercise> {
  const made = await answer(
    api.POST('/api/v1/courses/{course}/exercises', {
      params: { path: { course } },
      body: { id: newID(), ...body },
    }),
  )
  return adoptExercise(made)
}

/** Changes an exercise as it was seen. Where it was changed meanwhile, what the server has is taken in, and it fails. */
export async function changeExercise(seen: Exercise, fields: ExerciseFields): Promise<Exercise> {
  const params = { path: { exercise: seen.id }, header: sees(seen) }
  try {
    return adoptExercise(await answer(api.PATCH('/api/v1/exercises/{exercise}', { params, body: fields })))
  } catch (error) {
    const theirs = currentOf(error)
    if (theirs) adoptExercise(theirs)
    throw error
  }
}

/** The exercise as the server has it, where a change was refused because it was changed meanwhile. */
export function currentOf(error: unknown): Exercise | undefined {
  const problem = error instanceof Refused ? error.problem : undefined
  return problem?.status === 412 ? (problem.current as Exercise | undefined) : undefined
}

/** Shows an exercise to students, or hides it from them, whatever else was changed meanwhile. */
export async function openExercise(seen: Exercise, open: boolean): Promise<Exercise> {
  try {
    return await changeExercise(cache.getQueryData(exercise(seen.id).queryKey) ?? seen, { open })
  } catch (error) {
    const theirs = currentOf(error)
    if (!theirs) throw error
    return changeExercise(theirs, { open })
  }
}

/** Puts an exercise into the bin. */
export async function deleteExercise({ id, spaceId }: Exercise): Promise<void> {
  await answer(api.DELETE('/api/v1/exercises/{exercise}', { params: { path: { exercise: id } } }))
  cache.removeQueries({ queryKey: exercise(id).queryKey })
  await cache.invalidateQueries({ queryKey: ['course', spaceId] })
}

/** Takes an exercise out of the bin. */
export async function restoreExercise({ id, spaceId }: Exercise): Promise<void> {
  await answer(api.POST('/api/v1/exercises/{exercise}/restore', { params: { path: { exercise: id } } }))
  await cache.invalidateQueries({ queryKey: ['course', spaceId] })
}

/** Gives a student until a local time in the exercise's zone, or takes that back. */
export async function extend({ id }: Exercise, member: string, dueAt: string | undefined): Promise<Exercise> {
  const params = { path: { exercise: id, member } }
  return adoptExercise(
    await answer(
      dueAt === undefined
        ? api.DELETE('/api/v1/exercises/{exercise}/extensions/{member}', { params })
        : api.PUT('/api/v1/exercises/{exercise}/extensions/{member}', { params, body: { dueAt } }),
    ),
  )
}

const againCodes = (id: string) => cache.invalidateQueries({ queryKey: exerciseCodes(id).queryKey })

export async function addExerciseCode(id: string, body: Schemas['NewCode']): Promise<Code> {
  const made = await answer(api.POST('/api/v1/exercises/{exercise}/codes', { params: { path: { exercise: id } }, body }))
  await againCodes(id)
  return made
}

export async function changeExerciseCode(id: string, code: Code, body: Schemas['CodeChange']): Promise<Code> {
  const params = { path: { exercise: id, code: code.id }, header: sees(code) }
  try {
    return await answer(api.PATCH('/api/v1/exercises/{exercise}/codes/{code}', { params, body }))
  } finally {
    await againCodes(id)
  }
}

export async function deleteExerciseCode(id: string, code: Code): Promise<void> {
  const params = { path: { exercise: id, code: code.id } }
  await answer(api.DELETE('/api/v1/exercises/{exercise}/codes/{code}', { params }))
  await againCodes(id)
}

const againNotes = (id: string) => cache.invalidateQueries({ queryKey: exerciseNotes(id).queryKey })

/** Copies a note of a project, as its words are now, into an exercise. A second time it is the same copy. */
export async function releaseNote(id: string, project: string, note: string): Promise<ExerciseNote> {
  const released = await answer(
    api.POST('/api/v1/exercises/{exercise}/releases', {
      params: { path: { exercise: id } },
      body: { projectId: project, noteId: note },
    }),
  )
  await Promise.all([againNotes(id), cache.invalidateQueries({ queryKey: releases(project, note).queryKey })])
  return released
}

/** Takes a released note out of an exercise for good, and its words out of the evidence. */
export async function withdrawNote(id: string, note: string): Promise<void> {
  await answer(api.DELETE('/api/v1/exercises/{exercise}/releases/{note}', { params: { path: { exercise: id, note } } }))
  await againNotes(id)
  await cache.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] === 'project' && queryKey[2] === 'releases' })
}

/** A note that wasn't released, and why. */
export type Unreleased = { title: string; error: unknown }

/** Releases notes one after the other, and tells how many are through. Gives those that were refused. */
export async function releaseNotes(
  id: string,
  project: string,
  notes: readonly { id: string; title: string }[],
  told: (done: number) => void,
): Promise<Unreleased[]> {
  const refused: Unreleased[] = []
  for (const [i, note] of notes.entries()) {
    try {
      await releaseNote(id, project, note.id)
    } catch (error) {
      refused.push({ title: note.title, error })
    }
    told(i + 1)
  }
  return refused
}
