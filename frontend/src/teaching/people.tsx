import { useTranslation } from 'react-i18next'
import { useCourse } from './course-frame'

/** Who is in a course. */
export function People() {
  const { t } = useTranslation()
  const { course } = useCourse()
  return (
    <main className="view" id="text" tabIndex={-1}>
      <h1>{t('course.people')}</h1>
      <p>{course?.name}</p>
    </main>
  )
}
