import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useNavigate, useParams } from '@tanstack/react-router'
import { createContext, useContext, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { field } from '../search/address'
import { useLive } from '../state/live'
import { type Project, project } from '../state/queries'
import { review } from '../state/review'
import { Problem } from '../ui/problem'
import { Bar } from './bar'

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
  useLive(id)
  const lost = useQuery(review(id)).data?.length ?? 0
  useSearchKey(id)
  if (study.error && !study.data) return <Missing error={study.error} />
  return (
    <HereContext value={{ id, project: study.data, role: study.data?.role }}>
      <div className="shell">
        <Bar>
          <Link className="bar__project clip" to="/projects/$project" params={{ project: id }}>
            {study.data?.name}
          </Link>
          <nav className="tabs" aria-label={t('app.project')}>
            <Link to="/projects/$project" params={{ project: id }} activeOptions={{ exact: true, includeSearch: false }}>
              {t('app.notes')}
            </Link>
            <Link to="/projects/$project/search" params={{ project: id }} activeOptions={{ includeSearch: false }}>
              {t('search.tab')}
            </Link>
            <Link to="/projects/$project/codebook" params={{ project: id }}>
              {t('codebook.title')}
            </Link>
            {lost > 0 && (
              <Link to="/projects/$project/review" params={{ project: id }}>
                {t('review.tab')} <span className="num muted">{lost}</span>
              </Link>
            )}
            {study.data && study.data.role !== 'reader' && (
              <Link to="/projects/$project/write" params={{ project: id }}>
                {t('write.tab')}
              </Link>
            )}
          </nav>
        </Bar>
        <Outlet />
      </div>
    </HereContext>
  )
}

/** The slash key goes to the search from anywhere in a project, unless somebody is writing. */
function useSearchKey(project: string) {
  const navigate = useNavigate()
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const target = event.target
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || !(target instanceof HTMLElement)) return
      if (target.closest('input:not([type=checkbox]), textarea, select, [contenteditable], [role=dialog], [role=menu]')) return
      event.preventDefault()
      const here = document.getElementById(field)
      if (here instanceof HTMLInputElement) here.select()
      else void navigate({ to: '/projects/$project/search', params: { project } })
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [navigate, project])
}

function Missing({ error }: { error: unknown }) {
  const { t } = useTranslation()
  return (
    <>
      <Bar />
      <main className="home" id="text">
        <div>
          <h1>{t('app.missing')}</h1>
          <Problem error={error} />
          <p>
            <Link to="/">{t('app.home')}</Link>
          </p>
        </div>
      </main>
    </>
  )
}
