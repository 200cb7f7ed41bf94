import { Switch } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type ClassAnswer, classAnswers } from '../state/board'
import { type Exercise, exerciseCodes } from '../state/exercises'
import { inLanguage, languageOf } from '../teaching/bilingual'
import { useCourse } from '../teaching/course-frame'
import { useExercise } from '../teaching/exercise-frame'
import { Lines } from '../ui/problem'
import { Tile } from '../ui/tile'
import { useCurrentInSight } from '../ui/use-current'
import type { Shown } from './address'
import { EvidenceList } from './evidence'
import { LightText } from './light'
import { ClassMap } from './map'
import { NotShown } from './not-shown'
import './board.css'
import './class.css'
import './panel.css'

/** What a class has answered: to each prompt, or in which kinds of organisations it found the codes. */
export function ClassAnswers() {
  const { t } = useTranslation()
  const exercise = useExercise()
  const { role } = useCourse()
  const { prompt: wanted, view } = useSearch({ strict: false }) as Shown
  const [names, setNames] = useState(exercise.namesShown)
  const prompt = exercise.prompts.find(({ id }) => id === wanted) ?? exercise.prompts[0]
  const mayHide = role !== 'student' && view !== 'map'
  return (
    <main className="view" id="text" tabIndex={-1}>
      <div className="classwide">
        <div className="row classwide__head">
          <h1 className="grow">{t('classAnswers.title')}</h1>
          {mayHide && (
            <Switch
              label={t('classAnswers.names')}
              checked={names}
              onChange={({ currentTarget }) => setNames(currentTarget.checked)}
            />
          )}
        </div>
        {prompt && <Prompts exercise={exercise} prompt={view === 'map' ? undefined : prompt.id} />}
        {view === 'map' && <ClassMap exercise={exercise.id} />}
        {view !== 'map' && prompt && (
          <Answers key={prompt.id} exercise={exercise} prompt={prompt} names={role === 'student' ? exercise.namesShown : names} />
        )}
      </div>
    </main>
  )
}

/** The ways to the answers of each prompt, and to the map. */
function Prompts({ exercise, prompt }: { exercise: Exercise; prompt: string | undefined }) {
  const { t, i18n } = useTranslation()
  const codes = useQuery(exerciseCodes(exercise.id)).data
  const params = { exercise: exercise.id }
  const row = useCurrentInSight<HTMLElement>(codes)
  return (
    <nav className="classwide__prompts" ref={row} aria-label={t('classAnswers.which')}>
      {exercise.prompts.map(({ id, title, codeId }, i) => {
        const code = codes?.find((one) => one.id === codeId)
        return (
          <Link
            key={id}
            to="/exercises/$exercise/class"
            params={params}
            search={{ prompt: id }}
            replace
            aria-current={id === prompt ? 'page' : undefined}
            activeProps={{ 'aria-current': id === prompt ? 'page' : undefined }}
          >
            {code && <Tile code={code} />}
            <span lang={languageOf(title, i18n.language)}>
              {i + 1}. {inLanguage(title, i18n.language)}
            </span>
          </Link>
        )
      })}
      <Link
        to="/exercises/$exercise/class"
        params={params}
        search={{ view: 'map' }}
        replace
        activeProps={{ 'aria-current': prompt ? undefined : 'page' }}
      >
        {t('classAnswers.map')}
      </Link>
    </nav>
  )
}

type AnswersProps = { exercise: Exercise; prompt: Exercise['prompts'][number]; names: boolean }

function Answers({ exercise, prompt, names }: AnswersProps) {
  const { t, i18n } = useTranslation()
  const all = useQuery(classAnswers(exercise.id, prompt.id))
  return (
    <>
      <p className="classwide__question" lang={languageOf(prompt.question, i18n.language)}>
        {inLanguage(prompt.question, i18n.language)}
      </p>
      {all.error && !all.data && <NotShown error={all.error} again={() => void all.refetch()} />}
      {!all.error && !all.data && <Lines count={10} />}
      {all.data && (
        <>
          <p className="sm muted" role="status">
            {all.data.length > 0 ? t('classAnswers.count', { count: all.data.length }) : t('classAnswers.none')}
          </p>
          <div className="classwide__answers">
            {all.data.map((one, i) => (
              <One
                key={one.submissionId}
                exercise={exercise.id}
                one={one}
                called={(names && one.name) || t('classAnswers.answer', { n: i + 1 })}
              />
            ))}
          </div>
        </>
      )}
    </>
  )
}

function One({
  exercise,
  one: { submissionId, mine, organisation, answer },
  called,
}: {
  exercise: string
  one: ClassAnswer
  called: string
}) {
  const { t } = useTranslation()
  return (
    <article className="card classwide__one" aria-labelledby={`of ${submissionId}`}>
      <h2 id={`of ${submissionId}`}>{mine ? t('classAnswers.mine') : called}</h2>
      <p className="sm muted">
        {[organisation.name, organisation.kind && t(`organisationKind.${organisation.kind}`)].filter(Boolean).join(' · ')}
      </p>
      <LightText text={answer.text} />
      <p className="xs muted num">{t('classBoard.words', { count: answer.words })}</p>
      {answer.evidence.length > 0 && <EvidenceList exercise={exercise} evidence={answer.evidence} />}
      {answer.ownPassages > 0 && <p className="xs muted">{t('classAnswers.ownPassages', { count: answer.ownPassages })}</p>}
    </article>
  )
}
