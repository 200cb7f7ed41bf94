import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { type ExerciseNote, removedNotes } from '../state/answering'
import { say } from '../ui/toast'

type Props = {
  exercise: string
  /** Has a note back, and says whether that went well. */
  onRestore: (note: ExerciseNote) => Promise<boolean>
}

/** Notes of one's own that were removed, while they can be had back. */
export function RemovedNotes({ exercise, onRestore }: Props) {
  const { t } = useTranslation()
  const removed = useQuery(removedNotes(exercise)).data ?? []
  if (removed.length === 0) return null

  async function restore(note: ExerciseNote) {
    if (await onRestore(note)) say(t('answer.notes.restored', { title: note.title }))
  }

  return (
    <details className="ans__removed">
      <summary>{t('answer.notes.removedOnes', { count: removed.length })}</summary>
      <p className="xs muted">{t('answer.notes.removedFor')}</p>
      <ul>
        {removed.map((note) => (
          <li key={note.id} className="row">
            <span className="grow" lang={note.language || undefined}>
              {note.title}
            </span>
            <Button
              size="compact-xs"
              variant="default"
              aria-label={t('answer.notes.restoreOne', { title: note.title })}
              onClick={() => void restore(note)}
            >
              {t('answer.notes.restore')}
            </Button>
          </li>
        ))}
      </ul>
    </details>
  )
}
