import { useEffect, useRef } from 'react'
import { refreshExercise, refreshSubmission, type SubmissionView } from '../state/answering'
import { refreshNotes } from '../state/class-live'
import { useExerciseStream } from '../state/exercise-stream'

// While a group writes, its work is asked for again once in so many milliseconds.
const pause = 1000

/**
 * Keeps one's submission as it is on the server, while others of the group write in it and instructors return it,
 * and with it the notes that evidence can be taken from.
 */
export function useLiveSubmission(exercise: string, submission: string | undefined, view: SubmissionView | undefined): void {
  const latest = useRef(view)
  latest.current = view
  const waiting = useRef(new Map<string, ReturnType<typeof setTimeout>>())
  useEffect(() => {
    const timers = waiting.current
    return () => {
      for (const timer of timers.values()) clearTimeout(timer)
      timers.clear()
    }
  }, [])

  function soon(what: string, run: () => void) {
    if (waiting.current.has(what)) return
    const timer = setTimeout(() => {
      waiting.current.delete(what)
      run()
    }, pause)
    waiting.current.set(what, timer)
  }
  const refresh = () => submission && soon('work', () => void refreshSubmission(submission))
  const lookForNotes = () => soon('notes', () => refreshNotes(exercise))

  useExerciseStream(exercise, {
    message: (message) => {
      if (message.kind === 'hello') {
        refresh()
        lookForNotes()
      } else if (message.kind === 'notes') lookForNotes()
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
    // An exercise that was closed says so itself.
    state: (state) => state === 'ended' && void refreshExercise(exercise),
  })
}
