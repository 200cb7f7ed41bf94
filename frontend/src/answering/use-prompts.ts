import { useRef } from 'react'
import type { AnswerWindow } from '../state/answer-window'
import type { Answer, Evidence, Exercise, SubmissionView } from '../state/answering'
import { type Progress, progressOf, type State } from './progress'

/** A prompt with what is written of it here. */
export type Asked = {
  prompt: Exercise['prompts'][number]
  /** From 1. */
  n: number
  answer: Answer | undefined
  text: string
  evidence: Evidence[]
  progress: Progress
  state: State
}

/** The prompts of an exercise with what is written of them in this window, and how far each is. */
export function usePrompts(exercise: Exercise, view: SubmissionView, writing: AnswerWindow): Asked[] {
  const known = useRef(new Map<string, { of: string; progress: Progress }>())
  const { handIn, returnedAt } = view.submission
  return exercise.prompts.map((prompt, i) => {
    const answer = view.answers.find((a) => a.promptId === prompt.id)
    const text = writing.row(prompt.id)?.text ?? answer?.text ?? ''
    const evidence = (answer?.evidence ?? []).map((e) => ({ ...e, why: writing.row(e.id)?.text ?? e.why }))
    const others = answer?.others.length ?? 0
    // Words are counted anew only where something changed.
    const of = JSON.stringify([text, others, evidence.map((e) => [e.id, e.why, e.withdrawn])])
    let found = known.current.get(prompt.id)
    if (found?.of !== of) {
      found = { of, progress: progressOf(exercise, text, evidence, others) }
      known.current.set(prompt.id, found)
    }
    const { progress } = found
    const state = returnedAt ? 'returned' : handIn > 0 ? 'submitted' : progress.state
    return { prompt, n: i + 1, answer, text, evidence, progress, state }
  })
}
