import { ActionIcon } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { type Exercise, type ExerciseNote, removeOwnNote, restoreOwnNote } from '../state/answering'
import { Icon } from '../ui/icons'
import { useSentence } from '../ui/problem'
import { say } from '../ui/toast'
import { useDay } from './days'
import { RemovedNotes } from './removed-notes'

type Props = {
  exercise: Exercise
  notes: readonly ExerciseNote[]
  /** How much evidence is from each note. */
  used: Map<string, number>
  onOpen: (note: ExerciseNote) => void
  onRemoved: () => void
}

/** The notes that evidence can be taken from: one's own first. */
export function NoteList({ exercise, notes, used, onOpen, onRemoved }: Props) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const day = useDay()
  const own = notes.filter((note) => note.origin === 'own')
  const released = notes.filter((note) => note.origin !== 'own')

  const box = useRef<HTMLDivElement>(null)
  const wanted = useRef<string>(undefined)
  /** Gives the focus to the note that is to have it, as soon as it is there. */
  function focusWanted() {
    const line = wanted.current && box.current?.querySelector<HTMLElement>(`[data-note="${wanted.current}"]`)
    if (!line) return
    wanted.current = undefined
    line.focus()
  }
  useEffect(focusWanted)

  async function remove(note: ExerciseNote) {
    const at = own.indexOf(note)
    try {
      await removeOwnNote(exercise.id, note.id)
    } catch (error) {
      return say(sentence(error))
    }
    wanted.current = (own[at + 1] ?? own[at - 1])?.id
    if (wanted.current) focusWanted()
    else box.current?.focus()
    say(t('answer.notes.removed', { title: note.title }), () => void restore(note))
    onRemoved()
  }

  async function restore(note: ExerciseNote): Promise<boolean> {
    try {
      await restoreOwnNote(exercise.id, note.id)
    } catch (error) {
      say(sentence(error))
      return false
    }
    wanted.current = note.id
    focusWanted()
    return true
  }

  function list(label: string, some: ExerciseNote[]) {
    if (some.length === 0) return null
    return (
      <section aria-label={label}>
        <h3 className="ans__group">{label}</h3>
        <ul>
          {some.map((note) => {
            const count = used.get(note.id) ?? 0
            const facts = [note.observedOn && day(note.observedOn), note.siteName, count > 0 && t('answer.notes.used', { count })]
            return (
              <li key={note.id} className="ans__note">
                <button type="button" data-note={note.id} onClick={() => onOpen(note)}>
                  <Icon name={note.kind} />
                  <span className="grow">
                    <b lang={note.language || undefined}>{note.title}</b>
                    <small>{[t(`kind.${note.kind}`), ...facts].filter(Boolean).join(' · ')}</small>
                  </span>
                </button>
                {note.origin === 'own' && count === 0 && (
                  <ActionIcon
                    variant="subtle"
                    aria-label={t('answer.notes.remove', { title: note.title })}
                    onClick={() => void remove(note)}
                  >
                    <Icon name="bin" />
                  </ActionIcon>
                )}
              </li>
            )
          })}
        </ul>
      </section>
    )
  }

  return (
    <div className="ans__found" ref={box} tabIndex={-1}>
      {notes.length === 0 && (
        <p className="sm muted ans__none">{t(exercise.ownNotes ? 'answer.notes.noneYet' : 'answer.notes.noneReleased')}</p>
      )}
      {list(t('answer.notes.yours'), own)}
      {exercise.ownNotes && <RemovedNotes exercise={exercise.id} onRestore={restore} />}
      {list(t('answer.notes.released'), released)}
    </div>
  )
}
