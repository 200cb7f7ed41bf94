import { useCourse } from './course-frame'
import { Overview } from './overview'

/** An exercise: to whoever answers it, the place where they do; to whoever teaches, what is set and how it looks. */
export function ExercisePage() {
  const { role } = useCourse()
  return role === 'student' ? null : <Overview />
}
