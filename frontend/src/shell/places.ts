// What the palette finds: places to go to, things to do, and the records of the project that is open.

import { useMantineColorScheme } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useRouter } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { languageNames, languages, locale } from '../i18n'
import { useLanguage } from '../settings/preferences'
import { type Code, codes, type Note, notes, projects, sites } from '../state/queries'
import { themes } from './bar'
import { useHas } from './has'
import { signOut } from './leaving'
import { type Action, actions } from './palette'
import { useUser } from './user'

/** Something to find: an action, or a record with what shows beside its name. */
export type Place = Action & { detail?: string; note?: Note['kind']; code?: Code; site?: true; language?: string }

const none: readonly never[] = []

/** Everything that can be found now, group by group. */
export function usePlaces(): Place[] {
  const { project } = useParams({ strict: false }) as { project?: string }
  const here = useHere(project)
  const records = useRecords(project)
  const everywhere = useEverywhere()
  return [...actions(), ...here, ...records, ...everywhere]
}

// Views of a project that other parts of the app bring.
const others = [
  ['search', 'palette.toSearch'],
  ['codebook', 'palette.toCodebook'],
  ['rounds', 'bar.rounds'],
  ['people', 'palette.toPeople'],
  ['review', 'review.tab'],
  ['history', 'bar.history'],
  ['write', 'palette.toWrite'],
] as const

/** The views of the project that is open. */
function useHere(project: string | undefined): Place[] {
  const { t } = useTranslation()
  const go = useNavigate()
  const { history } = useRouter()
  const has = useHas()
  if (!project) return []
  const params = { project }
  const group = t('palette.go')
  return [
    { id: 'go notes', name: t('app.notes'), group, run: () => void go({ to: '/projects/$project', params }) },
    ...others
      .filter(([path]) => has(path))
      .map(([path, name]) => ({
        id: `go ${path}`,
        name: t(name),
        group,
        run: () => history.push(`/projects/${project}/${path}`),
      })),
    { id: 'go members', name: t('bar.members'), group, run: () => void go({ to: '/projects/$project/members', params }) },
    {
      id: 'go project',
      name: t('bar.projectSettings'),
      group,
      run: () => void go({ to: '/projects/$project/settings', params }),
    },
    { id: 'go bin', name: t('bar.bin'), group, run: () => void go({ to: '/projects/$project/bin', params }) },
  ]
}

/** What is there on every page. */
function useEverywhere(): Place[] {
  const { t } = useTranslation()
  const go = useNavigate()
  const user = useUser()
  const { setColorScheme } = useMantineColorScheme()
  const [, speak] = useLanguage()
  const list = useQuery(projects()).data ?? none
  const group = t('palette.go')
  const look = t('palette.look')
  return [
    ...list.map((p) => ({
      id: `project ${p.id}`,
      name: p.name,
      detail: t(`role.${p.role}`),
      group: t('projects.title'),
      run: () => void go({ to: '/projects/$project', params: { project: p.id } }),
    })),
    { id: 'go home', name: t('bar.all'), group, run: () => void go({ to: '/' }) },
    { id: 'go inbox', name: t('bar.inbox'), group, run: () => void go({ to: '/inbox' }) },
    { id: 'go settings', name: t('bar.settings'), group, run: () => void go({ to: '/settings' }) },
    ...(user.admin ? [{ id: 'go users', name: t('bar.users'), group, run: () => void go({ to: '/settings/users' }) }] : []),
    ...themes.map((theme) => ({
      id: `theme ${theme}`,
      name: t('palette.theme', { theme: t(`theme.${theme}`) }),
      group: look,
      run: () => setColorScheme(theme),
    })),
    ...languages.map((language) => ({
      id: `language ${language}`,
      name: t('palette.language', { language: languageNames[language] }),
      group: look,
      run: () => speak(language),
    })),
    { id: 'sign out', name: t('app.signOut'), group: look, run: () => void signOut() },
  ]
}

/** The notes, codes and sites of the project that is open. */
function useRecords(project: string | undefined): Place[] {
  const { t, i18n } = useTranslation()
  const go = useNavigate()
  const { history } = useRouter()
  const asked = { enabled: project !== undefined }
  const id = project ?? ''
  const list = useQuery({ ...notes(id), ...asked }).data ?? none
  const book = useQuery({ ...codes(id), ...asked }).data ?? none
  const places = useQuery({ ...sites(id), ...asked }).data ?? none
  if (!project) return []
  const day = new Intl.DateTimeFormat(locale(i18n.language), { dateStyle: 'medium', timeZone: 'UTC' })
  const siteOf = new Map(places.map((s) => [s.id as string, s.name]))
  return [
    ...list.map((note) => ({
      id: `note ${note.id}`,
      name: note.title,
      detail: [siteOf.get(note.siteId), note.observedOn && day.format(new Date(note.observedOn))].filter(Boolean).join(' · '),
      group: t('app.notes'),
      note: note.kind,
      language: note.language,
      run: () => void go({ to: '/projects/$project/notes/$note', params: { project, note: note.id } }),
    })),
    ...book
      .filter((code) => !code.archived && !code.mergedInto)
      .map((code) => ({
        id: `code ${code.id}`,
        name: code.name,
        detail: book.find((c) => c.id === code.parentId)?.name ?? '',
        group: t('code.bar'),
        code,
        run: () => history.push(`/projects/${project}/codebook/${code.id}`),
      })),
    ...places.map((site) => ({
      id: `site ${site.id}`,
      name: site.name,
      detail: siteOf.get(site.parentId) ?? '',
      group: t('palette.sites'),
      site: true as const,
      run: () => history.push(`/projects/${project}?site=${site.id}`),
    })),
  ]
}

/** Goes to the search of the project that is open, if one is. */
export function useSearch(): ((words: string) => void) | undefined {
  const { project } = useParams({ strict: false }) as { project?: string }
  const { history } = useRouter()
  return project ? (words) => history.push(`/projects/${project}/search?q=${encodeURIComponent(words)}`) : undefined
}
