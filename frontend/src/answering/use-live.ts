import { useEffect, useRef } from 'react'
import { refreshExercise, refreshSubmission, type SubmissionView } from '../state/answering'
import { useExerciseStream } from '../state/exercise-stream'

// While a group writes, its work is asked for again once in so many milliseconds.
const pause = 1000

/** Keeps one's submission as it is on the server, while others of the group write in it and instructors return it. */
export function useLiveSubmission(exercise: string, submission: string | undefined, view: SubmissionView | undefined): void {
  const latest = useRef(view)
  latest.current = view
  const waiting = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(waiting.current), [])

  function refresh() {
    if (!submission || waiting.current !== undefined) return
    waiting.current = setTimeout(() => {
      waiting.current = undefined
      void refreshSubmission(submission)
    }, pause)
  }

  useExerciseStream(exercise, {
    message: (message) => {
      if (message.kind === 'hello') refresh()
      else if (message.kind === 'exercise') {
        void refreshExercise(exercise)
        refresh() // when one's own work is due hangs on it
      } else if (message.kind === 'submission' && message.submission.submissionId === submission) refresh()
      else if (message.kind === 'cells') {
        const isNews = message.cells.some((cell) => {
          const known = latest.current?.answers.find((a) => a.promptId === cell.promptId)
          // What one writes oneself is known already.
          return cell.submissionId === submission && known?.updatedAt !== cell.changedAt
        })
        if (isNews) refresh()
      }
    },
  })
}
