import { Menu } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useParams } from '@tanstack/react-router'
import { createContext, type ReactNode, useContext } from 'react'
import { useTranslation } from 'react-i18next'
import { Refused } from '../api/client'
import { Bar } from '../shell/bar'
import { Missing } from '../shell/frame'
import { type Course, type CourseAction, course } from '../state/courses'
import { Icon } from '../ui/icons'

type Here = {
  id: string
  course: Course | undefined
  role: Course['role'] | undefined
  /** Whether the reader may do something, of a student with their own work at least. */
  may: (action: CourseAction) => boolean
}

const HereContext = createContext<Here | null>(null)

/** The course whose view this is; its record and the reader's role are undefined until they have come. */
export function useCourse(): Here {
  const here = useContext(HereContext)
  if (!here) throw new Error('this view belongs in a course')
  return here
}

/** What stands around every view of a course. */
export function CourseFrame() {
  const { course: id } = useParams({ strict: false }) as { course: string }
  return (
    <InCourse id={id}>
      <Outlet />
    </InCourse>
  )
}

/** The bar of a course with its parts, and what belongs to it beneath: a view of the course, or of one of its exercises. */
export function InCourse({ id, children }: { id: string; children: ReactNode }) {
  const { t } = useTranslation()
  const found = useQuery(course(id))
  const params = { course: id }
  if (found.error && (!found.data || isClosed(found.error))) return <Missing error={found.error} />
  const may = (action: CourseAction) => found.data?.rights.includes(action) ?? false
  return (
    <HereContext value={{ id, course: found.data, role: found.data?.role, may }}>
      <div className="shell">
        <Bar>
          <CourseMenu id={id} name={found.data?.name ?? ''} />
          <nav className="tabs" aria-label={t('course.course')}>
            <Link to="/courses/$course/people" params={params}>
              {t('course.people')}
            </Link>
          </nav>
        </Bar>
        {children}
      </div>
    </HereContext>
  )
}

/** Whether somebody may see a course no longer, or it is gone. */
const isClosed = (error: unknown) => error instanceof Refused && error.problem?.status === 404

function CourseMenu({ id, name }: { id: string; name: string }) {
  const { t } = useTranslation()
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <button type="button" className="bar__project" aria-label={t('course.menu', { name })}>
          <span className="clip">{name}</span>
          <Icon name="caret" />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item renderRoot={(props) => <Link to="/courses/$course/people" params={{ course: id }} {...props} />}>
          {t('course.people')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item renderRoot={(props) => <Link to="/" {...props} />}>{t('course.all')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
