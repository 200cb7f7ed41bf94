import { ActionIcon, Modal, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  addEvidence,
  type Exercise,
  type ExerciseNote,
  isGone,
  isOffered,
  type NewEvidence,
  refreshNotes,
  refreshSubmission,
  removeEvidence,
  type SubmissionView,
  sourceNotes,
} from '../state/answering'
import { answerHere } from '../state/answers'
import { Icon } from '../ui/icons'
import { Lines, Problem, useSentence } from '../ui/problem'
import { say } from '../ui/toast'
import { Hits } from './hits'
import { NoteList } from './note-list'
import { OwnNote } from './own-note'
import { NoteReader } from './reader'
import type { Asked } from './use-prompts'
import { WebSourceForm } from './web-source'

/** What is looked at: a note, at some words of it, or what is made new. */
export type Looking = { open: boolean; note?: string; at?: string; making?: 'note' | 'web' }

type Props = {
  exercise: Exercise
  view: SubmissionView
  asked: Asked
  narrow: boolean
  looking: Looking
  onLook: (looking: Looking) => void
  onClose: () => void
}

/** Whether an exercise still takes evidence from anywhere. */
export const findsEvidence = ({ released, ownNotes, web }: Exercise) => released || ownNotes || web

/** Where evidence is found: by reading, by searching, in notes of one's own, or on the web. */
export function Finder(props: Props) {
  const { t } = useTranslation()
  const { narrow, onClose } = props
  if (!narrow) {
    return (
      <aside className="ans__find" aria-labelledby="find">
        <Inside {...props} />
      </aside>
    )
  }
  return (
    <Modal.Root opened onClose={onClose} fullScreen>
      <Modal.Overlay />
      <Modal.Content aria-label={t('answer.find.title')}>
        <div className="ans__find ans__find--sheet">
          <Inside {...props} />
        </div>
      </Modal.Content>
    </Modal.Root>
  )
}

function Inside({ exercise, view, asked, narrow, looking, onLook, onClose }: Props) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const [typed, setTyped] = useState('')
  const [q] = useDebouncedValue(typed.trim(), 250)
  const notes = useQuery(sourceNotes(exercise.id))
  const field = useRef<HTMLInputElement>(null)
  const id = view.submission.id
  const { note: reading, making } = looking
  const reads = exercise.released || exercise.ownNotes
  const isReadOnly = !findsEvidence(exercise)
  const list = () => (isReadOnly ? onClose() : onLook({ open: true }))

  // Whoever asks for the finder types there next.
  const asks = looking.open && !reading && !making
  useEffect(() => {
    if (asks) field.current?.focus()
  }, [asks])

  async function attach(added: NewEvidence): Promise<boolean> {
    const before = new Set(asked.evidence.map((e) => e.id))
    try {
      await addEvidence(id, asked.prompt.id, added)
    } catch (error) {
      say(sentence(error))
      if (isGone(error)) {
        void refreshNotes(exercise.id)
        list()
      }
      return false
    }
    const made = answerHere(id, asked.prompt.id)?.evidence.find((e) => !before.has(e.id))
    if (!made) {
      say(t('answer.find.there'))
      return true
    }
    say(t('answer.find.attached', { n: asked.n }), () => {
      removeEvidence(id, asked.prompt.id, made.id).catch((error) => say(sentence(error)))
    })
    if (narrow) onClose()
    return true
  }

  const note = notes.data?.find((n) => n.id === reading)
  return (
    <>
      <div className="ans__findhead">
        <div className="row">
          {(reading || making) && !isReadOnly && (
            <ActionIcon variant="subtle" size="lg" aria-label={t('answer.find.back')} onClick={list}>
              <Icon name="back" />
            </ActionIcon>
          )}
          <h2 className="grow" id="find">
            {t(making ? `answer.make.${making}` : isReadOnly ? 'answer.read.title' : 'answer.find.title')}
          </h2>
          {narrow || isReadOnly ? (
            <ActionIcon variant="subtle" size="lg" aria-label={t('answer.find.close')} onClick={onClose}>
              <Icon name="close" />
            </ActionIcon>
          ) : (
            <kbd>E</kbd>
          )}
        </div>
        {!reading && !making && reads && (
          <TextInput
            ref={field}
            type="search"
            size="sm"
            leftSection={<Icon name="search" />}
            aria-label={t('answer.find.search')}
            placeholder={t('answer.find.search')}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
        )}
        {!reading && !making && <Ways exercise={exercise} onMake={(next) => onLook({ open: true, making: next })} />}
      </div>
      {body()}
    </>
  )

  function body(): ReactNode {
    if (making === 'web') return <WebSourceForm exercise={exercise.id} onAttach={attach} onDone={list} />
    if (making === 'note')
      return <OwnNote exercise={exercise.id} onDone={(made) => onLook(made ? { open: true, note: made } : { open: true })} />
    if (reading) {
      return (
        <NoteReader
          key={reading}
          exercise={exercise}
          id={reading}
          note={note}
          view={view}
          isOffered={!note || isOffered(exercise, note)}
          at={looking.at}
          onAttach={attach}
          onBack={list}
        />
      )
    }
    if (!reads) return null
    if (q)
      return (
        <Hits
          exercise={exercise}
          q={q}
          notes={notes.data}
          onAttach={attach}
          onOpen={(open, at) => onLook({ open: true, note: open, at })}
        />
      )
    if (notes.error && !notes.data) return <Problem error={notes.error} again={() => void notes.refetch()} />
    if (!notes.data) return <Lines />
    return (
      <NoteList
        exercise={exercise}
        notes={notes.data.filter((one) => isOffered(exercise, one))}
        used={usedIn(view)}
        onOpen={(open: ExerciseNote) => onLook({ open: true, note: open.id })}
        onRemoved={() => void refreshSubmission(id)}
      />
    )
  }
}

/** How much evidence is from each note. */
function usedIn(view: SubmissionView): Map<string, number> {
  const used = new Map<string, number>()
  for (const { evidence } of view.answers)
    for (const { noteId } of evidence) if (noteId) used.set(noteId, (used.get(noteId) ?? 0) + 1)
  return used
}

/** What else evidence may be from. */
function Ways({ exercise, onMake }: { exercise: Exercise; onMake: (making: 'note' | 'web') => void }) {
  const { t } = useTranslation()
  if (!exercise.ownNotes && !exercise.web) return null
  return (
    <div className="row wrap">
      {exercise.ownNotes && (
        <button type="button" className="quiet ans__way" onClick={() => onMake('note')}>
          <Icon name="plus" />
          {t('answer.make.note')}
        </button>
      )}
      {exercise.web && (
        <button type="button" className="quiet ans__way" onClick={() => onMake('web')}>
          <Icon name="link" />
          {t('answer.make.web')}
        </button>
      )}
    </div>
  )
}
