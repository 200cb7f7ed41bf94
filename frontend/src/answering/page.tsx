import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Refused } from '../api/client'
import { mySubmission, submission } from '../state/answering'
import { useCourse } from '../teaching/course-frame'
import { useExercise } from '../teaching/exercise-frame'
import { Lines, Problem } from '../ui/problem'
import { Answering } from './answering'
import { useLiveSubmission } from './use-live'
import { useWriting } from './use-writing'
import './answering.css'

/** Where a student, or a group, answers an exercise. */
export function AnswerPage() {
  const exercise = useExercise()
  const mine = useQuery(mySubmission(exercise.id))
  const view = useQuery({ ...submission(mine.data ?? ''), enabled: mine.data !== undefined })
  const writing = useWriting(exercise.id, mine.data, view.data)
  useLiveSubmission(exercise.id, mine.data, view.data)
  const fault = (!mine.data && mine.error) || (!view.data && view.error)
  if (fault) return <Fault error={fault} again={() => void (mine.data ? view.refetch() : mine.refetch())} />
  if (!view.data || !writing) {
    return (
      <main className="view ans__coming" id="text" tabIndex={-1}>
        <Lines count={9} />
      </main>
    )
  }
  return <Answering key={view.data.submission.id} exercise={exercise} view={view.data} writing={writing} />
}

/** Why there is nothing to answer in, and where to go then. */
function Fault({ error, again }: { error: unknown; again: () => void }) {
  const { t } = useTranslation()
  const { id: course } = useCourse()
  const needsGroup = error instanceof Refused && error.problem?.code === 'group_needed'
  return (
    <main className="view ans__coming" id="text" tabIndex={-1}>
      <Problem error={error} {...(!needsGroup && { again })} />
      {needsGroup && (
        <p>
          <Link to="/courses/$course/groups" params={{ course }}>
            {t('answer.toGroups')}
          </Link>
        </p>
      )}
    </main>
  )
}
