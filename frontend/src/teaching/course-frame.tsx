import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useNavigate, useParams } from '@tanstack/react-router'
import { createContext, type ReactNode, useContext } from 'react'
import { useTranslation } from 'react-i18next'
import { Refused } from '../api/client'
import { Bar } from '../shell/bar'
import { Missing } from '../shell/frame'
import { useActions } from '../shell/palette'
import { type Course, type CourseAction, course } from '../state/courses'
import { Icon } from '../ui/icons'
import { MenuButton } from '../ui/opener'
import { useCurrentInSight } from '../ui/use-current'
import './teaching.css'

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

const parts = [
  ['/courses/$course', 'course.exercises'],
  ['/courses/$course/people', 'course.people'],
  ['/courses/$course/groups', 'group.title'],
  ['/courses/$course/settings', 'course.settings'],
] as const

/** The bar of a course with its parts, and what belongs to it beneath: a view of the course, or of one of its exercises. */
export function InCourse({ id, children }: { id: string; children: ReactNode }) {
  const { t } = useTranslation()
  const found = useQuery(course(id))
  const params = { course: id }
  const go = useNavigate()
  const tabs = useCurrentInSight<HTMLElement>()
  useActions(
    parts.map(([to, name]) => ({ id: `go ${to}`, name: t(name), group: t('palette.go'), run: () => void go({ to, params }) })),
  )
  if (found.error && (!found.data || isClosed(found.error))) return <Missing error={found.error} />
  const may = (action: CourseAction) => found.data?.rights.includes(action) ?? false
  return (
    <HereContext value={{ id, course: found.data, role: found.data?.role, may }}>
      <div className="shell">
        <Bar>
          <CourseMenu id={id} name={found.data?.name ?? ''} mayShow={may('managePeople')} />
          <nav className="tabs" aria-label={t('course.course')} ref={tabs}>
            <Link to="/courses/$course" params={params} activeOptions={{ exact: true, includeSearch: false }}>
              {t('course.exercises')}
            </Link>
            <Link to="/courses/$course/people" params={params}>
              {t('course.people')}
            </Link>
            <Link to="/courses/$course/groups" params={params}>
              {t('group.title')}
            </Link>
            <Link to="/courses/$course/settings" params={params}>
              {t('course.settingsTab')}
            </Link>
          </nav>
        </Bar>
        {found.data?.archivedAt && <p className="course-archived">{t('course.isArchived')}</p>}
        {children}
      </div>
    </HereContext>
  )
}

/** Whether somebody may see a course no longer, or it is gone. */
const isClosed = (error: unknown) => error instanceof Refused && error.problem?.status === 404

function CourseMenu({ id, name, mayShow }: { id: string; name: string; mayShow: boolean }) {
  const { t } = useTranslation()
  const params = { course: id }
  return (
    <MenuButton
      position="bottom-start"
      button={
        <button type="button" className="bar__project" aria-label={t('course.menu', { name })}>
          <span className="clip">{name}</span>
          <Icon name="caret" />
        </button>
      }
    >
      {(Menu) => (
        <>
          {mayShow && (
            <Menu.Item renderRoot={(props) => <Link to="/courses/$course/slide" params={params} {...props} />}>
              {t('joining.slide')}
            </Menu.Item>
          )}
          <Menu.Item renderRoot={(props) => <Link to="/courses/$course/settings" params={params} {...props} />}>
            {t('course.settings')}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item renderRoot={(props) => <Link to="/" {...props} />}>{t('course.all')}</Menu.Item>
        </>
      )}
    </MenuButton>
  )
}
