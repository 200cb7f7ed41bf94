import { ActionIcon } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { type Exercise, type ExerciseNote, removeOwnNote } from '../state/answering'
import { Icon } from '../ui/icons'
import { useSentence } from '../ui/problem'
import { say } from '../ui/toast'
import { useDay } from './days'

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

  async function remove(note: ExerciseNote) {
    try {
      await removeOwnNote(exercise.id, note.id)
      say(t('answer.notes.removed', { title: note.title }))
      onRemoved()
    } catch (error) {
      say(sentence(error))
    }
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
                <button type="button" onClick={() => onOpen(note)}>
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
    <div className="ans__found">
      {notes.length === 0 && (
        <p className="sm muted ans__none">{t(exercise.ownNotes ? 'answer.notes.noneYet' : 'answer.notes.noneReleased')}</p>
      )}
      {list(t('answer.notes.yours'), own)}
      {list(t('answer.notes.released'), released)}
    </div>
  )
}
