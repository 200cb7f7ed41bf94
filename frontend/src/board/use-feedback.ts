import { useEffect, useState, useSyncExternalStore } from 'react'
import { isStale, readFeedback, type Said, writeFeedback } from '../state/board'
import { FeedbackDraft, type FeedbackKept } from '../state/feedback-draft'
import { commentKey } from '../state/wishes'

/** The mark and comment of somebody's work while they are typed. What isn't sent yet is sent when one goes on to the next. */
export function useFeedback(exercise: string, submission: string, said: Said) {
  const [draft] = useState(() => {
    // What begins so goes with the rest when somebody signs out.
    const key = `${commentKey}feedback ${submission}`
    const store = {
      kept: () => JSON.parse(sessionStorage.getItem(key) ?? 'null') as FeedbackKept | undefined,
      keep(what: FeedbackKept | undefined) {
        if (what) sessionStorage.setItem(key, JSON.stringify(what))
        else sessionStorage.removeItem(key)
      },
      send: (over: number, words: Pick<Said, 'mark' | 'comment'>) => writeFeedback(exercise, submission, over, words),
      read: () => readFeedback(exercise, submission),
      isStale,
    }
    return new FeedbackDraft(store, said)
  })
  useEffect(() => draft.hear(said), [draft, said])
  useEffect(
    () => () => {
      if (draft.state().saving !== 'saved') void draft.flush()
    },
    [draft],
  )
  return [useSyncExternalStore(draft.listen, draft.state), draft] as const
}
