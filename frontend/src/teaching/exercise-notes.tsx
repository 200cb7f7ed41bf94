import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDay } from '../rounds/dates'
import { Missing } from '../shell/frame'
import { useExerciseLive } from '../state/class-live'
import { type ExerciseNote, exerciseNotes } from '../state/exercises'
import { Icon } from '../ui/icons'
import { Lines, Problem } from '../ui/problem'
import { useCourse } from './course-frame'
import { useExercise } from './exercise-frame'
import { Releasing } from './releasing'
import { Withdraw } from './withdraw'
import './exercises.css'

/** The notes that were released to an exercise, for students to take evidence from. */
export function Notes() {
  const { t } = useTranslation()
  const { may } = useCourse()
  const exercise = useExercise()
  const list = useQuery(exerciseNotes(exercise.id))
  useExerciseLive(exercise.id)
  const [isReleasing, setReleasing] = useState(false)
  const [withdrawn, setWithdrawn] = useState<ExerciseNote>()
  if (!may('manageExercises')) return <Missing />
  const released = list.data?.filter(({ origin }) => origin === 'released') ?? []
  const own = (list.data?.length ?? 0) - released.length
  return (
    <main className="view" id="text" tabIndex={-1}>
      <div className="teach">
        <header className="row teach__head">
          <h1 className="grow">{t('exercise.notes')}</h1>
          <Button leftSection={<Icon name="plus" />} aria-expanded={isReleasing} onClick={() => setReleasing(!isReleasing)}>
            {t('release.begin')}
          </Button>
        </header>
        <p className="muted">{t('release.lead')}</p>
        {!exercise.released && <p className="notice">{t('release.off')}</p>}
        {isReleasing && <Releasing exercise={exercise} released={released} onClose={() => setReleasing(false)} />}
        {list.isPending && <Lines count={6} />}
        {list.error && !list.data && <Problem error={list.error} again={() => void list.refetch()} />}
        {list.data && released.length === 0 && <p>{t('release.none')}</p>}
        <ul className="teach__list">
          {released.map((note) => (
            <Line key={note.id} note={note} onWithdraw={() => setWithdrawn(note)} />
          ))}
        </ul>
        {own > 0 && <p className="sm muted">{t('release.own', { count: own })}</p>}
        {withdrawn && <Withdraw exercise={exercise.id} note={withdrawn} onClose={() => setWithdrawn(undefined)} />}
      </div>
    </main>
  )
}

/** A released note, as students see it in their list. */
function Line({ note, onWithdraw }: { note: ExerciseNote; onWithdraw: () => void }) {
  const { t } = useTranslation()
  const day = useDay()
  const facts = [
    t(`kind.${note.kind}`),
    note.observedOn && day(note.observedOn),
    note.siteName,
    note.participants.map(({ pseudonym }) => pseudonym).join(', '),
  ]
  return (
    <li className="card teach__one">
      <Icon name={note.kind} />
      <div className="grow">
        <b lang={note.language || undefined}>{note.title}</b>
        <p className="sm muted">{facts.filter(Boolean).join(' · ')}</p>
      </div>
      <Button
        variant="default"
        size="compact-sm"
        aria-label={t('release.withdrawOne', { title: note.title })}
        onClick={onWithdraw}
      >
        {t('release.withdraw')}
      </Button>
    </li>
  )
}
