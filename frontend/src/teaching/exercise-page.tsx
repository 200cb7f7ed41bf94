import { lazily } from '../ui/lazily'
import { useCourse } from './course-frame'
import { Overview } from './overview'

const AnswerPage = lazily(() => import('../answering/page'), 'AnswerPage')

/** An exercise: to whoever answers it, the place where they do; to whoever teaches, what is set and how it looks. */
export function ExercisePage() {
  const { role } = useCourse()
  return role === 'student' ? <AnswerPage /> : <Overview />
}
