import { useRef, useState } from 'react'
import { useDraft } from '../codebook/draft'
import { changeExercise, currentOf, type Exercise } from '../state/exercises'
import { change, clashes, type Draft, type Field, type Form, onTop, sent } from './exercise-form'

export type ExerciseDraft = {
  /** The exercise with what isn't saved yet. */
  form: Form
  isUnsaved: boolean
  /** What was written here and, to something else, elsewhere. */
  clash: readonly Field[]
  fault: unknown
  busy: boolean
  /** Changes it, as it is by then. */
  set: (by: Partial<Form> | ((form: Form) => Partial<Form>)) => void
  /** Saves what isn't; false if that failed. What was written stays then. */
  save: () => Promise<boolean>
  /** Settles what was written here and elsewhere: it keeps this, or takes that. */
  settle: (keep: boolean) => void
  /** Lets go of what isn't saved, and gives a way to have it back. */
  discard: () => () => void
}

/** What is written of an exercise until it is saved. It outlives the view and a reload. */
export function useExerciseDraft(exercise: Exercise): ExerciseDraft {
  const [draft, setDraft] = useDraft<Draft>(`exercise ${exercise.id}`)
  const [fault, setFault] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const latest = useRef({ exercise, draft })
  latest.current = { exercise, draft }
  const moved = draft && exercise.version > draft.base.version
  const clash = moved ? clashes(draft, exercise) : []

  /** Saves the draft on top of what the server has. What others changed elsewhere in it stays as they have it. */
  async function saveOn(theirs: Exercise, draft: Draft): Promise<void> {
    const now = onTop(draft, theirs)
    if (!now) return
    try {
      await changeExercise(theirs, sent(now))
    } catch (error) {
      const newer = currentOf(error)
      if (!newer || clashes(draft, newer).length > 0) throw error
      await saveOn(newer, draft)
    }
  }

  async function save() {
    if (!draft || clash.length > 0) return false
    setBusy(true)
    setFault(undefined)
    try {
      await saveOn(exercise, draft)
      setDraft(undefined)
      return true
    } catch (error) {
      if (!currentOf(error)) setFault(error)
      return false
    } finally {
      setBusy(false)
    }
  }

  return {
    form: { ...exercise, ...draft?.mine },
    isUnsaved: draft !== undefined,
    clash,
    fault,
    busy,
    set: (by) => {
      const now = latest.current
      const fields = typeof by === 'function' ? by({ ...now.exercise, ...now.draft?.mine }) : by
      now.draft = change(now.draft, now.exercise, fields)
      setFault(undefined)
      setDraft(now.draft)
    },
    save,
    settle: (keep) => draft && setDraft(onTop(draft, exercise, keep ? [] : clash)),
    discard: () => {
      setDraft(undefined)
      setFault(undefined)
      return () => setDraft(draft)
    },
  }
}
