import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useNavigate, useParams, useRouter } from '@tanstack/react-router'
import { createContext, useContext } from 'react'
import { useTranslation } from 'react-i18next'
import { Refused } from '../api/client'
import { field } from '../search/address'
import { useLive } from '../state/live'
import { type Project, project } from '../state/queries'
import { review } from '../state/review'
import { Icon } from '../ui/icons'
import { useKeys } from '../ui/keys'
import { MenuButton } from '../ui/opener'
import { useCurrentInSight } from '../ui/use-current'
import { Bar } from './bar'
import { Missing } from './frame'
import { useHas } from './has'
import { SignedInContext } from './user'

type Here = { id: string; project: Project | undefined; role: Project['role'] | undefined }

const HereContext = createContext<Here | null>(null)

/** The project whose view this is; its record and the reader's role are undefined until they have come. */
export function useProject(): Here {
  const here = useContext(HereContext)
  if (!here) throw new Error('this view belongs in a project')
  return here
}

/** What stands around every view of a project: the bar with its parts. */
export function ProjectFrame() {
  const { t } = useTranslation()
  const { project: id } = useParams({ strict: false }) as { project: string }
  const study = useQuery(project(id))
  const lost = useQuery(review(id)).data?.length ?? 0
  const signedIn = useContext(SignedInContext)
  const navigate = useNavigate()
  const tabs = useCurrentInSight<HTMLElement>()
  useKeys({
    '/': () => {
      const here = document.getElementById(field)
      if (here instanceof HTMLInputElement) here.select()
      else void navigate({ to: '/projects/$project/search', params: { project: id } })
    },
  })
  if (study.error && (!study.data || isClosed(study.error))) return <Missing error={study.error} />
  return (
    <HereContext value={{ id, project: study.data, role: study.data?.role }}>
      {signedIn && <Live project={id} />}
      <div className="shell">
        <Bar>
          <ProjectMenu id={id} name={study.data?.name ?? ''} />
          <nav className="tabs" aria-label={t('app.project')} ref={tabs}>
            <Link to="/projects/$project" params={{ project: id }} activeOptions={{ exact: true, includeSearch: false }}>
              {t('app.notes')}
            </Link>
            <Link to="/projects/$project/search" params={{ project: id }} activeOptions={{ includeSearch: false }}>
              {t('bar.search')}
            </Link>
            <Link to="/projects/$project/codebook" params={{ project: id }}>
              {t('codebook.title')}
            </Link>
            <Link to="/projects/$project/rounds" params={{ project: id }}>
              {t('bar.rounds')}
            </Link>
            {lost > 0 && (
              <Link to="/projects/$project/review" params={{ project: id }}>
                {t('review.tab')} <span className="num muted">{lost}</span>
              </Link>
            )}
            {study.data && study.data.role !== 'reader' && (
              <Link to="/projects/$project/write" params={{ project: id }}>
                {t('bar.write')}
              </Link>
            )}
          </nav>
        </Bar>
        <Outlet />
      </div>
    </HereContext>
  )
}

/** Whether somebody may see a project no longer, or it is gone. */
const isClosed = (error: unknown) => error instanceof Refused && error.problem?.status === 404

/** Follows what others do, as long as somebody is signed in. */
function Live({ project }: { project: string }) {
  useLive(project)
  return null
}

function ProjectMenu({ id, name }: { id: string; name: string }) {
  const { t } = useTranslation()
  const { history } = useRouter()
  const has = useHas()
  const params = { project: id }
  return (
    <MenuButton
      position="bottom-start"
      button={
        <button type="button" className="bar__project" aria-label={t('bar.project', { name })}>
          <span className="clip">{name}</span>
          <Icon name="caret" />
        </button>
      }
    >
      {(Menu) => (
        <>
          <Menu.Item renderRoot={(props) => <Link to="/projects/$project/settings" params={params} {...props} />}>
            {t('bar.projectSettings')}
          </Menu.Item>
          <Menu.Item renderRoot={(props) => <Link to="/projects/$project/members" params={params} {...props} />}>
            {t('bar.members')}
          </Menu.Item>
          {has('history') && <Menu.Item onClick={() => history.push(`/projects/${id}/history`)}>{t('bar.history')}</Menu.Item>}
          <Menu.Item renderRoot={(props) => <Link to="/projects/$project/bin" params={params} {...props} />}>
            {t('bar.bin')}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item renderRoot={(props) => <Link to="/" {...props} />}>{t('bar.all')}</Menu.Item>
        </>
      )}
    </MenuButton>
  )
}
