import { Button } from '@mantine/core'
import { useQueries, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { courses } from '../state/courses'
import { type Exercise, exercises, type Release, releases } from '../state/exercises'
import { Dialog } from '../ui/dialog'
import { Lines, Problem } from '../ui/problem'
import { say } from '../ui/toast'
import { useTitle } from './exercise-frame'
import { useReleasing } from './use-releasing'
import './exercises.css'

type Props = {
  project: string
  notes: readonly { id: string; title: string; textVersion: number }[]
  onClose: () => void
}

/** Releases notes of a project to an exercise of a course in which one may. */
export function ReleaseDialog({ project, notes, onClose }: Props) {
  const { t } = useTranslation()
  const { release, isBusy, told } = useReleasing(project)
  const [into, setInto] = useState<string>()
  const all = useQuery(courses())
  const taught = all.data?.filter(({ rights, archivedAt }) => rights.includes('manageExercises') && !archivedAt) ?? []
  const lists = useQueries({ queries: taught.map(({ id }) => exercises(id)) })
  const [only] = notes.length === 1 ? notes : []
  const there = useQuery({ ...releases(project, only?.id ?? ''), enabled: only !== undefined }).data
  const isPending = all.isPending || lists.some((list) => list.isPending)
  const error = all.error ?? lists.find((list) => list.error)?.error
  const none = !isPending && !error && lists.every((list) => list.data?.length === 0)

  async function put(exercise: Exercise) {
    setInto(exercise.id)
    const count = await release(exercise.id, notes)
    setInto(undefined)
    if (count > 0) say(t('release.released', { count }))
  }

  return (
    <Dialog title={t('release.title', { count: notes.length })} size="lg" onClose={onClose}>
      <div className="releaseto">
        {only && <p>{only.title}</p>}
        <p className="sm muted">{t('release.shares')}</p>
        {isPending && <Lines count={4} />}
        {error && (
          <Problem error={error} again={() => void Promise.all([all.refetch(), ...lists.map((list) => list.refetch())])} />
        )}
        {none && <p>{t('release.noExercise')}</p>}
        {taught.map((course, i) => {
          const list = lists[i]?.data ?? []
          if (list.length === 0) return null
          return (
            <section key={course.id} aria-label={course.name}>
              <h3>{[course.name, course.term].filter(Boolean).join(', ')}</h3>
              <ul className="lines">
                {list.map((exercise) => (
                  <Line
                    key={exercise.id}
                    exercise={exercise}
                    there={there?.find(({ exerciseId }) => exerciseId === exercise.id)}
                    isBusy={isBusy}
                    isTurn={into === exercise.id}
                    onRelease={() => void put(exercise)}
                  />
                ))}
              </ul>
            </section>
          )
        })}
        {told}
      </div>
    </Dialog>
  )
}

type LineProps = {
  exercise: Exercise
  there: Release | undefined
  isBusy: boolean
  isTurn: boolean
  onRelease: () => void
}

function Line({ exercise, there, isBusy, isTurn, onRelease }: LineProps) {
  const { t } = useTranslation()
  const { title, lang } = useTitle()(exercise)
  return (
    <li>
      <span className="grow">
        <b lang={lang}>{title}</b>
        <small className="muted">
          {there
            ? t('release.sinceVersion', { version: there.textVersion })
            : t(exercise.open ? 'exercise.open' : 'exercise.notOpen')}
        </small>
      </span>
      {there ? (
        <Button
          size="xs"
          variant="subtle"
          renderRoot={(props) => <Link to="/exercises/$exercise/notes" params={{ exercise: exercise.id }} {...props} />}
        >
          {t('release.look')}
        </Button>
      ) : (
        <Button
          size="xs"
          variant="default"
          aria-label={t('release.to', { title })}
          disabled={isBusy && !isTurn}
          loading={isTurn}
          onClick={onRelease}
        >
          {t('release.release')}
        </Button>
      )}
    </li>
  )
}
