import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Marked } from '../search/marked'
import { type Exercise, type ExerciseNote, found, type NewEvidence } from '../state/answering'
import { Icon } from '../ui/icons'
import { Lines, Problem } from '../ui/problem'
import { useDay } from './days'

type Props = {
  exercise: Exercise
  q: string
  notes: readonly ExerciseNote[] | undefined
  onAttach: (added: NewEvidence) => Promise<boolean>
  onOpen: (note: string, at: string) => void
}

/** Passages that were found in the notes of the exercise. */
export function Hits({ exercise, q, notes, onAttach, onOpen }: Props) {
  const { t } = useTranslation()
  const day = useDay()
  const search = useQuery(found(exercise, q))
  if (search.error && !search.data) return <Problem error={search.error} again={() => void search.refetch()} />
  if (!search.data) return <Lines />
  const hits = search.data.items.filter((hit) => hit.type === 'passage' && hit.noteId)
  const from = new Set(hits.map((hit) => hit.noteId)).size
  return (
    <div className="ans__found">
      <p className="xs muted num ans__told" role="status">
        {hits.length === 0
          ? t('answer.find.nothing')
          : t('answer.find.found', { passages: t('answer.passages', { count: hits.length }), count: from })}
      </p>
      <ul aria-label={t('answer.find.passages')}>
        {hits.map((hit) => {
          const noteId = hit.noteId ?? ''
          const note = notes?.find((n) => n.id === noteId)
          const [start = hit.start, end = hit.end] = hit.marks[0] ?? []
          return (
            <li key={`${noteId} ${hit.start}`} className="ans__hit">
              <blockquote lang={hit.language || undefined}>
                <Marked text={hit.text} start={hit.start} shown={hit.marks.map(([s = 0, e = 0]) => ({ start: s, end: e }))} />
              </blockquote>
              <div className="row">
                <p className="grow">
                  <button
                    type="button"
                    className="ans__source"
                    lang={hit.language || undefined}
                    onClick={() => onOpen(noteId, `${start}-${end}`)}
                  >
                    {hit.title}
                  </button>
                  <br />
                  {[hit.observedOn && day(hit.observedOn), note?.siteName].filter(Boolean).join(' · ')}
                </p>
                <Button
                  size="xs"
                  variant="default"
                  leftSection={<Icon name="plus" />}
                  aria-label={t('answer.find.attachFrom', { title: hit.title })}
                  onClick={() => void onAttach({ noteId, anchor: { start: hit.start, end: hit.end, quote: hit.text } })}
                >
                  {t('answer.find.attach')}
                </Button>
              </div>
            </li>
          )
        })}
      </ul>
    </div>
  )
}
