import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useParams } from '@tanstack/react-router'
import { createContext, useContext } from 'react'
import { useTranslation } from 'react-i18next'
import { Refused } from '../api/client'
import { Bar } from '../shell/bar'
import { Missing } from '../shell/frame'
import { type Exercise, exercise } from '../state/exercises'
import { Icon } from '../ui/icons'
import { Lines } from '../ui/problem'
import { useCurrentInSight } from '../ui/use-current'
import { inLanguage, languageOf } from './bilingual'
import { InCourse, useCourse } from './course-frame'
import './exercise-frame.css'

const ExerciseContext = createContext<Exercise | null>(null)

/** The exercise whose view this is. Whose course it is, and what the reader may there, useCourse says. */
export function useExercise(): Exercise {
  const here = useContext(ExerciseContext)
  if (!here) throw new Error('this view belongs in an exercise')
  return here
}

/** The title of an exercise in the language of the app, with the language that it is in. */
export function useTitle(): (of: Pick<Exercise, 'title'>) => { title: string; lang: string | undefined } {
  const { t, i18n } = useTranslation()
  return ({ title }) => {
    const words = inLanguage(title, i18n.language)
    return words ? { title: words, lang: languageOf(title, i18n.language) } : { title: t('exercise.untitled'), lang: undefined }
  }
}

/** What stands around every view of an exercise: the bar of its course, and its own parts beneath. */
export function ExerciseFrame() {
  const { exercise: id } = useParams({ strict: false }) as { exercise: string }
  const found = useQuery(exercise(id))
  if (found.error && (!found.data || isClosed(found.error))) return <Missing error={found.error} />
  if (!found.data) {
    return (
      <div className="shell">
        <Bar />
        <main className="view exercise__coming" id="text" tabIndex={-1}>
          <Lines count={9} />
        </main>
      </div>
    )
  }
  return (
    <InCourse id={found.data.spaceId}>
      <ExerciseContext value={found.data}>
        <Inside />
      </ExerciseContext>
    </InCourse>
  )
}

/** Whether somebody may see an exercise no longer, or it is gone. */
const isClosed = (error: unknown) => error instanceof Refused && error.problem?.status === 404

/** A view once it is known what its reader may do, with the line over it. */
function Inside() {
  const { course } = useCourse()
  if (!course) {
    return (
      <main className="view exercise__coming" id="text" tabIndex={-1}>
        <Lines count={9} />
      </main>
    )
  }
  return (
    <>
      <Parts />
      <Outlet />
    </>
  )
}

/** The way back to the course, what the exercise is called, and its parts as far as the reader may go there. */
function Parts() {
  const { t } = useTranslation()
  const { id: course, role, may } = useCourse()
  const here = useExercise()
  const { title, lang } = useTitle()(here)
  const isStudent = role === 'student'
  const params = { exercise: here.id }
  const row = useCurrentInSight<HTMLDivElement>()
  const seesClass = isStudent ? here.shownToClass : may('readWork')
  return (
    <nav className="exercise__line" aria-label={t('exercise.exercise')}>
      <Link className="exercise__back" to="/courses/$course" params={{ course }} aria-label={t('exercise.back')}>
        <Icon name="back" />
      </Link>
      <span className="clip exercise__title" lang={lang} title={title}>
        {title}
      </span>
      <div className="exercise__parts" ref={row}>
        {(!isStudent || seesClass) && (
          <Link to="/exercises/$exercise" params={params} activeOptions={{ exact: true }}>
            {t(isStudent ? 'exercise.mine' : 'exercise.overview')}
          </Link>
        )}
        {may('manageExercises') && (
          <>
            <Link to="/exercises/$exercise/set-up" params={params}>
              {t('exercise.setUp')}
            </Link>
            <Link to="/exercises/$exercise/codes" params={params}>
              {t('exercise.codes')}
            </Link>
            <Link to="/exercises/$exercise/notes" params={params}>
              {t('exercise.notes')}
            </Link>
          </>
        )}
        {!isStudent && may('readWork') && (
          <Link to="/exercises/$exercise/board" params={params} activeOptions={{ includeSearch: false }}>
            {t('exercise.board')}
          </Link>
        )}
        {seesClass && (
          <Link to="/exercises/$exercise/class" params={params} activeOptions={{ includeSearch: false }}>
            {t('exercise.class')}
          </Link>
        )}
      </div>
    </nav>
  )
}
