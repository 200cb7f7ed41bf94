// Lists of the classroom that follow what others do: the exercises of a course, and the notes of an exercise.

import { useEffect, useMemo, useRef } from 'react'
import { throttled } from './board-live'
import { useCourseStream, useExerciseStream } from './exercise-stream'
import { exercise } from './exercises'
import { cache } from './queries'

const pause = 1000 // milliseconds between two times that the same list is asked for

/** Keeps the list of a course's exercises up to date for as long as the view is shown. */
export function useExercisesLive(course: string): void {
  const again = useThrottled(() => cache.invalidateQueries({ queryKey: ['course', course, 'exercises'] }))
  useCourseStream(course, {
    message: () => again('exercises'),
    // Whoever was taken out is told so by the course's own answer.
    state: (state) => state === 'ended' && void cache.invalidateQueries({ queryKey: ['course', course] }),
  })
}

/** Keeps an exercise and the list of its notes up to date for as long as the view is shown. */
export function useExerciseLive(id: string): void {
  const again = useThrottled((what) => (what === 'notes' ? refreshNotes(id) : refreshExercise(id)))
  useExerciseStream(id, {
    message({ kind }) {
      if (kind === 'hello' || kind === 'notes') again('notes')
      if (kind === 'hello' || kind === 'exercise') again('exercise')
    },
    state: (state) => state === 'ended' && refreshExercise(id),
  })
}

/** Fetches the notes of an exercise again, and what was found in them. */
export function refreshNotes(id: string): void {
  for (const of of ['notes', 'search']) void cache.invalidateQueries({ queryKey: ['exercise', id, of] })
}

const refreshExercise = (id: string) => void cache.invalidateQueries({ queryKey: exercise(id).queryKey, exact: true })

/** Does something at once, and at most once in a while however often it is asked for, while the view is shown. */
function useThrottled(run: (what: string) => void): (what: string) => void {
  const latest = useRef(run)
  latest.current = run
  const keeper = useMemo(() => throttled(pause, (what) => latest.current(what)), [])
  useEffect(() => keeper.stop, [keeper])
  return keeper.ask
}
