import { lazily } from '../ui/lazily'
import { useCourse } from './course-frame'

const AnswerPage = lazily(() => import('../answering/page'), 'AnswerPage')
const Overview = lazily(() => import('./exercise-views'), 'Overview')

/** An exercise: to whoever answers it, the place where they do; to whoever teaches, what is set and how it looks. */
export function ExercisePage() {
  const { role } = useCourse()
  return role === 'student' ? <AnswerPage /> : <Overview />
}
