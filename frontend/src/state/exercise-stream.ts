// What happens in an exercise, or in a course, appears here while it happens. One tab of a browser reads the
// stream and tells the others; when it is closed, another takes over.

import { useEffect, useRef } from 'react'
import { type CourseMessage, type ExerciseMessage, followCourse, followExercise } from '../api/exercise-stream'
import type { StreamState, Told } from '../api/stream'

type Passed<Message> = { message: Message } | { state: StreamState }

/** What is told: messages, and whether they come. After each `hello` all that was fetched before may be old. */
export type Hearing<Message> = { message: (message: Message) => void; state?: (state: StreamState) => void }

/** Follows an exercise for as long as the view is shown. */
export const useExerciseStream = (exercise: string, hearing: Hearing<ExerciseMessage>): void =>
  useStream('exercise', exercise, followExercise, hearing)

/** Follows a course for as long as the view is shown. */
export const useCourseStream = (course: string, hearing: Hearing<CourseMessage>): void =>
  useStream('course', course, followCourse, hearing)

type Follow<Message> = (id: string, signal: AbortSignal, told: Told<Message>) => Promise<void>

function useStream<Message>(of: string, id: string, follow: Follow<Message>, hearing: Hearing<Message>): void {
  const latest = useRef(hearing)
  latest.current = hearing
  useEffect(() => {
    const end = new AbortController()
    const channel = new BroadcastChannel(`feltbog ${of} ${id}`)
    const take = (passed: Passed<Message>) => {
      if ('state' in passed) latest.current.state?.(passed.state)
      else latest.current.message(passed.message)
    }
    const tell = (passed: Passed<Message>) => {
      take(passed)
      channel.postMessage(passed)
    }
    channel.onmessage = (event: MessageEvent<Passed<Message>>) => take(event.data)
    navigator.locks
      .request(`feltbog ${of} ${id}`, { signal: end.signal }, () =>
        follow(id, end.signal, {
          message: (message) => tell({ message }),
          state: (state) => tell({ state }),
        }),
      )
      .catch(() => undefined) // it was closed while it waited
    return () => {
      end.abort()
      channel.close()
    }
  }, [of, id, follow])
}
