import { useEffect, useState, useSyncExternalStore } from 'react'
import { useUser } from '../shell/user'
import { AnswerWindow } from '../state/answer-window'
import type { SubmissionView } from '../state/answering'

const nothing = () => () => undefined

/** This window as one that writes in a submission; undefined until what it left here has been looked for. */
export function useWriting(
  exercise: string,
  submission: string | undefined,
  view: SubmissionView | undefined,
): AnswerWindow | undefined {
  const { id: user } = useUser()
  const [writing, setWriting] = useState<AnswerWindow>()
  useEffect(() => {
    if (!submission) return
    let opened: AnswerWindow | undefined
    let gone = false
    void AnswerWindow.open({ user, exercise, submission }).then((here) => {
      if (gone) return here.close()
      opened = here
      setWriting(here)
    })
    return () => {
      gone = true
      opened?.close()
      setWriting(undefined)
    }
  }, [user, exercise, submission])
  useSyncExternalStore(writing?.listen ?? nothing, () => writing?.changes ?? 0)
  useEffect(() => {
    if (view && view.submission.id === submission) writing?.take(view)
  }, [writing, view, submission])
  return writing
}
