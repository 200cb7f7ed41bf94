import { ActionIcon, Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useExercisesLive } from '../state/class-live'
import {
  createExercise,
  deletedExercises,
  deleteExercise,
  type Exercise,
  exercises,
  exerciseTemplates,
  restoreExercise,
} from '../state/exercises'
import { Icon } from '../ui/icons'
import { MenuButton } from '../ui/opener'
import { Lines, Problem, useSentence } from '../ui/problem'
import { say } from '../ui/toast'
import { inLanguage } from './bilingual'
import { useCourse } from './course-frame'
import { useDueWords } from './due-words'
import { useTitle } from './exercise-frame'
import './exercises.css'

/** The exercises of a course: for students to answer, for who teaches to make and to look after. */
export function Exercises() {
  const { t } = useTranslation()
  const { id, course, role, may } = useCourse()
  const list = useQuery(exercises(id))
  useExercisesLive(id)
  const manages = may('manageExercises') && !course?.archivedAt
  const none = list.data?.length === 0
  return (
    <main className="view" id="text" tabIndex={-1}>
      <div className="teach">
        <header className="row teach__head">
          <h1 className="grow">{t('exercise.all')}</h1>
          {manages && list.data && !none && <Make course={id} language={course?.language ?? 'en'} />}
        </header>
        {(list.isPending || !course) && !list.error && <Lines count={8} />}
        {list.error && !list.data && <Problem error={list.error} again={() => void list.refetch()} />}
        {course && none && (
          <section className="teach__empty">
            <p>{t(manages ? 'exercise.none' : role === 'student' ? 'exercise.noneOpen' : 'exercise.noneYet')}</p>
            {manages && <Make course={id} language={course.language} />}
          </section>
        )}
        {course && (
          <ul className="teach__list">
            {list.data?.map((exercise) =>
              role === 'student' ? (
                <ToAnswer key={exercise.id} exercise={exercise} />
              ) : (
                <ToTeach key={exercise.id} exercise={exercise} />
              ),
            )}
          </ul>
        )}
        {manages && <Deleted course={id} />}
      </div>
    </main>
  )
}

/** Makes an exercise: the one that is built in, or one without prompts. */
function Make({ course, language }: { course: string; language: 'en' | 'da' }) {
  const { t, i18n } = useTranslation()
  const sentence = useSentence()
  const go = useNavigate()
  const templates = useQuery(exerciseTemplates()).data ?? []
  const [busy, setBusy] = useState(false)

  async function make(template?: string) {
    setBusy(true)
    try {
      const made = await createExercise(course, template ? { template, language } : { language, title: newTitle(t) })
      await go({ to: '/exercises/$exercise/set-up', params: { exercise: made.id } })
    } catch (error) {
      say(sentence(error))
    } finally {
      setBusy(false)
    }
  }

  return (
    <MenuButton
      position="bottom-end"
      maw={340}
      button={
        <Button leftSection={<Icon name="plus" />} loading={busy}>
          {t('exercise.new')}
        </Button>
      }
    >
      {(Menu) => (
        <>
          {templates.map(({ key, title, prompts }) => (
            <Menu.Item key={key} onClick={() => void make(key)}>
              {inLanguage(title, i18n.language)}
              <small className="teach__about">{t('exercise.templateAbout', { count: prompts.length })}</small>
            </Menu.Item>
          ))}
          <Menu.Item onClick={() => void make()}>
            {t('exercise.empty')}
            <small className="teach__about">{t('exercise.emptyAbout')}</small>
          </Menu.Item>
        </>
      )}
    </MenuButton>
  )
}

/** What an exercise without prompts is called until somebody names it. */
const newTitle = (t: (key: string, options: { lng: string }) => string) => ({
  en: t('exercise.newTitle', { lng: 'en' }),
  da: t('exercise.newTitle', { lng: 'da' }),
})

function Heading({ exercise }: { exercise: Exercise }) {
  const { title, lang } = useTitle()(exercise)
  return (
    <h2>
      <Link className="teach__link" to="/exercises/$exercise" params={{ exercise: exercise.id }} lang={lang}>
        {title}
      </Link>
    </h2>
  )
}

/** When an exercise is due, for its reader. */
function Due({ at, zone }: { at: string | undefined; zone: string }) {
  const { t } = useTranslation()
  const words = useDueWords()
  if (!at) return <span>{t('exerciseFact.noDue')}</span>
  const { there, here } = words(new Date(at), zone)
  const isPast = Date.parse(at) < Date.now()
  return <span title={here}>{t(isPast ? 'exerciseFact.wasDue' : 'exerciseFact.due', { moment: there })}</span>
}

/** An exercise that a student answers: how far they are, and the way to go on. */
function ToAnswer({ exercise }: { exercise: Exercise }) {
  const { t } = useTranslation()
  const { mine, prompts } = exercise
  const state = mine?.state ?? 'notBegun'
  const isDone = state === 'submitted' || state === 'returned'
  return (
    <li className="card teach__one">
      <div className="grow">
        <Heading exercise={exercise} />
        <p className="teach__facts">
          <Due at={mine?.due ?? exercise.due} zone={exercise.timeZone} />
          {exercise.work === 'group' && <span>{t('exerciseFact.group')}</span>}
          {state === 'writing' && mine && (
            <span className="num">{t('exercise.ready', { ready: mine.ready, count: prompts.length })}</span>
          )}
        </p>
      </div>
      <span className="exercise__state" data-open={isDone || undefined}>
        {t(`exerciseState.${state}`)}
      </span>
      <Button
        variant={isDone ? 'default' : 'filled'}
        renderRoot={(props) => <Link to="/exercises/$exercise" params={{ exercise: exercise.id }} {...props} />}
      >
        {t(`exerciseGo.${state}`)}
      </Button>
    </li>
  )
}

/** An exercise that is taught: whether it is open, and where it is set up and watched. */
function ToTeach({ exercise }: { exercise: Exercise }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const { title } = useTitle()(exercise)
  const { course, may } = useCourse()
  const manages = may('manageExercises') && !course?.archivedAt
  const params = { exercise: exercise.id }

  async function remove() {
    try {
      await deleteExercise(exercise)
      say(t('exercise.deleted', { title }), () => {
        restoreExercise(exercise).catch((error) => say(sentence(error)))
      })
    } catch (error) {
      say(sentence(error))
    }
  }

  return (
    <li className="card teach__one">
      <div className="grow">
        <Heading exercise={exercise} />
        <p className="teach__facts">
          <Due at={exercise.due} zone={exercise.timeZone} />
          <span>{t('exercise.prompts', { count: exercise.prompts.length })}</span>
          {exercise.work === 'group' && <span>{t('exerciseFact.group')}</span>}
        </p>
      </div>
      <span className="exercise__state" data-open={exercise.open || undefined}>
        {t(exercise.open ? 'exercise.open' : 'exercise.notOpen')}
      </span>
      {may('manageExercises') && (
        <Button variant="default" renderRoot={(props) => <Link to="/exercises/$exercise/set-up" params={params} {...props} />}>
          {t('exercise.setUp')}
        </Button>
      )}
      {manages && (
        <MenuButton
          position="bottom-end"
          button={
            <ActionIcon variant="subtle" size="lg" aria-label={t('exercise.more', { title })}>
              <Icon name="dots" />
            </ActionIcon>
          }
        >
          {(Menu) => <Menu.Item onClick={() => void remove()}>{t('exercise.delete')}</Menu.Item>}
        </MenuButton>
      )}
    </li>
  )
}

/** The exercises that were put into the bin, to take out again. */
function Deleted({ course }: { course: string }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const list = useQuery(deletedExercises(course)).data ?? []
  const titleOf = useTitle()
  if (list.length === 0) return null

  async function restore(exercise: Exercise) {
    try {
      await restoreExercise(exercise)
      say(t('exercise.restored', { title: titleOf(exercise).title }))
    } catch (error) {
      say(sentence(error))
    }
  }

  return (
    <details className="teach__bin">
      <summary>
        <Icon name="chevron" />
        {t('exercise.bin', { count: list.length })}
      </summary>
      <ul>
        {list.map((exercise) => {
          const { title, lang } = titleOf(exercise)
          return (
            <li key={exercise.id} className="row">
              <span className="grow" lang={lang}>
                {title}
              </span>
              <Button
                variant="default"
                size="xs"
                aria-label={t('exercise.restoreOne', { title })}
                onClick={() => void restore(exercise)}
              >
                {t('exercise.restore')}
              </Button>
            </li>
          )
        })}
      </ul>
    </details>
  )
}
