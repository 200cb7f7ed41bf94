import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useExerciseLive } from '../state/class-live'
import { exerciseCodes, exerciseNotes } from '../state/exercises'
import { Icon } from '../ui/icons'
import { useCourse } from './course-frame'
import { useExercise, useTitle } from './exercise-frame'
import { Facts } from './facts'
import { Opening } from './opening'
import { Preview } from './preview'
import './exercises.css'

/** An exercise as its teachers see it first: what is set, where it goes on, and how it looks to students. */
export function Overview() {
  const { t } = useTranslation()
  const { may } = useCourse()
  const exercise = useExercise()
  const { title, lang } = useTitle()(exercise)
  useExerciseLive(exercise.id)
  const manages = may('manageExercises')
  return (
    <main className="view" id="text" tabIndex={-1}>
      <div className="teach">
        <h1 lang={lang}>{title}</h1>
        <Opening exercise={exercise} may={manages} />
        <Ways />
        <section aria-labelledby="set">
          <h2 id="set">{t('exercise.set')}</h2>
          <Facts exercise={exercise} />
          {exercise.extensions.length > 0 && (
            <p className="sm muted">{t('exercise.extended', { count: exercise.extensions.length })}</p>
          )}
        </section>
        <Preview exercise={exercise} />
      </div>
    </main>
  )
}

/** Where an exercise is set up, and where one sees it being answered. */
function Ways() {
  const { t } = useTranslation()
  const { may } = useCourse()
  const { id, prompts } = useExercise()
  const codes = useQuery(exerciseCodes(id)).data
  const released = useQuery(exerciseNotes(id)).data?.filter(({ origin }) => origin === 'released')
  const ways = [
    {
      to: 'set-up',
      right: 'manageExercises',
      icon: 'list',
      words: t('exercise.setUp'),
      about: t('exercise.prompts', { count: prompts.length }),
    },
    {
      to: 'codes',
      right: 'manageExercises',
      icon: 'star',
      words: t('exercise.codes'),
      about: codes && t('exercise.codeCount', { count: codes.length }),
    },
    {
      to: 'notes',
      right: 'manageExercises',
      icon: 'document',
      words: t('exercise.notes'),
      about: released && t('exercise.released', { count: released.length }),
    },
  ] as const
  return (
    <nav className="ways" aria-label={t('exercise.ways')}>
      {ways
        .filter(({ right }) => may(right))
        .map(({ to, icon, words, about }) => (
          <Link key={to} className="card ways__one" to={`/exercises/$exercise/${to}`} params={{ exercise: id }}>
            <Icon name={icon} />
            <b>{words}</b>
            <span className="sm muted">{about}</span>
          </Link>
        ))}
    </nav>
  )
}
