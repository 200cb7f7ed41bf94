import { ActionIcon, Button, Menu } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { withWords } from '../i18n'
import { Purge } from '../settings/purge'
import { type Course, deleteCourse, deletedCourses, purgeCourse, restoreCourse } from '../state/courses'
import { Icon } from '../ui/icons'
import { lazily } from '../ui/lazily'
import { useSentence } from '../ui/problem'
import { say } from '../ui/toast'
import './teaching.css'

const NewCourse = lazily(() => withWords('teaching', import('./new-course')), 'NewCourse')

/** The courses somebody is in, under their projects; alone where there are none, so that the page is named after them. */
export function Classes({ all, alone = false }: { all: readonly Course[]; alone?: boolean }) {
  const { t } = useTranslation()
  const active = all.filter((one) => !one.archivedAt)
  const archived = all.filter((one) => one.archivedAt)
  if (all.length === 0) return null
  return (
    <section className="home__list" aria-label={t('classes.title')}>
      <h2 className={alone ? 'sr' : undefined}>{t('classes.title')}</h2>
      {active.map((one) => (
        <CourseCard key={one.id} course={one} />
      ))}
      {archived.length > 0 && (
        <details className="home__more">
          <summary>
            <Icon name="chevron" />
            {t('classes.archived', { count: archived.length })}
          </summary>
          <div className="home__list">
            {archived.map((one) => (
              <CourseCard key={one.id} course={one} />
            ))}
          </div>
        </details>
      )}
    </section>
  )
}

function CourseCard({ course }: { course: Course }) {
  const { t } = useTranslation()
  const params = { course: course.id }
  return (
    <article className="card proj course-card">
      <div className="proj__text">
        <h3>
          <Link className="proj__link" to="/courses/$course" params={params}>
            {course.name}
          </Link>
        </h3>
        {course.description && <p className="sm muted proj__about">{course.description}</p>}
        <ul className="proj__facts">
          {course.term && <li>{course.term}</li>}
          <li>{t(`classes.role.${course.role ?? 'student'}`)}</li>
        </ul>
      </div>
      <CourseActions course={course} />
    </article>
  )
}

function CourseActions({ course }: { course: Course }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const params = { course: course.id }
  const failed = (error: unknown) => say(sentence(error))

  async function remove() {
    await deleteCourse(course.id)
    say(t('classes.deleted', { name: course.name }), () => void restoreCourse(course.id).catch(failed))
  }

  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon className="proj__menu" variant="subtle" size="lg" aria-label={t('home.actions', { name: course.name })}>
          <Icon name="dots" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item renderRoot={(props) => <Link to="/courses/$course/people" params={params} {...props} />}>
          {t('classes.people')}
        </Menu.Item>
        <Menu.Item renderRoot={(props) => <Link to="/courses/$course/settings" params={params} {...props} />}>
          {t('classes.settings')}
        </Menu.Item>
        {course.rights.includes('manageCourse') && (
          <>
            <Menu.Divider />
            <Menu.Item onClick={() => void remove().catch(failed)}>{t('classes.delete')}</Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}

/** The ways into a course: make one, or join one by its code. */
export function ClassDoors() {
  const { t } = useTranslation()
  const [making, setMaking] = useState(false)
  return (
    <section className="card make" aria-labelledby="class-doors">
      <h2 id="class-doors">{t('classes.doors')}</h2>
      <p className="sm">{t('classes.about')}</p>
      <div className="row class-doors">
        <Button variant="default" onClick={() => setMaking(true)}>
          {t('classes.make')}
        </Button>
        <Button variant="subtle" renderRoot={(props) => <Link to="/join" {...props} />}>
          {t('classes.join')}
        </Button>
      </div>
      <DeletedCourses />
      {making && <NewCourse onClose={() => setMaking(false)} />}
    </section>
  )
}

/** The courses that their instructor put into the bin, to take out or to delete for good. */
function DeletedCourses() {
  const { t } = useTranslation()
  const list = useQuery(deletedCourses()).data ?? []
  const [purged, setPurged] = useState<Course>()
  const sentence = useSentence()
  if (list.length === 0) return null

  async function restore(course: Course) {
    try {
      await restoreCourse(course.id)
      say(t('home.restored', { name: course.name }))
    } catch (error) {
      say(sentence(error))
    }
  }

  return (
    <details className="home__more">
      <summary>
        <Icon name="chevron" />
        {t('classes.bin', { count: list.length })}
      </summary>
      <ul>
        {list.map((course) => (
          <li key={course.id} className="home__gone">
            <span className="grow">
              {course.name}
              {course.term && <span className="muted"> · {course.term}</span>}
            </span>
            <Button variant="default" size="xs" onClick={() => void restore(course)}>
              {t('bin.restore')}
            </Button>
            <Button variant="subtle" size="xs" onClick={() => setPurged(course)}>
              {t('bin.purge')}
            </Button>
          </li>
        ))}
      </ul>
      <Purge
        name={purged?.name}
        words={t('classes.purgeWords')}
        typed
        onClose={() => setPurged(undefined)}
        onPurge={() => (purged ? purgeCourse(purged.id) : Promise.resolve())}
      />
    </details>
  )
}
