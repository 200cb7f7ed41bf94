// What happens in an exercise appears here while it happens. One tab of a browser reads the stream and tells
// the others; when it is closed, another takes over.

import { useEffect, useRef } from 'react'
import { type ExerciseMessage, followExercise } from '../api/exercise-stream'
import type { StreamState } from '../api/stream'

type Passed = { message: ExerciseMessage } | { state: StreamState }

/** What is told: messages, and whether they come. After each `hello` all that was fetched before may be old. */
export type Hearing = { message: (message: ExerciseMessage) => void; state?: (state: StreamState) => void }

/** Follows an exercise for as long as the view is shown. */
export function useExerciseStream(exercise: string, hearing: Hearing): void {
  const latest = useRef(hearing)
  latest.current = hearing
  useEffect(() => {
    const end = new AbortController()
    const channel = new BroadcastChannel(`feltbog exercise ${exercise}`)
    const take = (passed: Passed) => {
      if ('state' in passed) latest.current.state?.(passed.state)
      else latest.current.message(passed.message)
    }
    const tell = (passed: Passed) => {
      take(passed)
      channel.postMessage(passed)
    }
    channel.onmessage = (event: MessageEvent<Passed>) => take(event.data)
    navigator.locks
      .request(`feltbog exercise ${exercise}`, { signal: end.signal }, () =>
        followExercise(exercise, end.signal, {
          message: (message) => tell({ message }),
          state: (state) => tell({ state }),
        }),
      )
      .catch(() => undefined) // it was closed while it waited
    return () => {
      end.abort()
      channel.close()
    }
  }, [exercise])
}
