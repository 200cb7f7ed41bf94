// Reads what happens in an exercise, and in a course: to whom, and how far, never in which words.

import type { components } from './schema'
import { field, read, type Told } from './stream'

type Schemas = components['schemas']

/** How far an answer is; it was written in, or its evidence changed. */
export type CellNews = Schemas['StreamCells']['items'][number]

/** What a stream of an exercise tells. */
export type ExerciseMessage =
  | { kind: 'hello' | 'notes' }
  | { kind: 'cells'; cells: CellNews[] }
  | { kind: 'submission'; submission: Schemas['StreamSubmission'] }
  | { kind: 'exercise'; exercise: Schemas['StreamExercise'] }

/** What a stream of a course tells: that its exercises are others by now, or how far one has come with them. */
export type CourseMessage = { kind: 'hello' | 'exercises' }

/** Follows the stream of a course until it is aborted. */
export const followCourse = (course: string, signal: AbortSignal, told: Told<CourseMessage>) =>
  read(`courses/${encodeURIComponent(course)}`, parsedOfCourse, undefined, signal, told)

function parsedOfCourse(part: string): CourseMessage | undefined {
  const kind = field(part, 'event')
  return kind === 'hello' || kind === 'exercises' ? { kind } : undefined
}

/** Follows the stream of an exercise until it is aborted. */
export const followExercise = (exercise: string, signal: AbortSignal, told: Told<ExerciseMessage>) =>
  read(`exercises/${encodeURIComponent(exercise)}`, parsed, undefined, signal, told)

/** One message; undefined for a heartbeat, and for what a newer server may tell. */
function parsed(part: string): ExerciseMessage | undefined {
  const [kind, data] = [field(part, 'event'), field(part, 'data')]
  if (kind === 'hello' || kind === 'notes') return { kind }
  if (data && kind === 'cells') return { kind, cells: JSON.parse(data).items }
  if (data && (kind === 'submission' || kind === 'exercise')) return { kind, [kind]: JSON.parse(data) } as ExerciseMessage
  return undefined
}
