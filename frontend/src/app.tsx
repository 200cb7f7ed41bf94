import { Button, createTheme, MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet, RouterProvider } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useState } from 'react'
import { begin, beginAway, onSession, refresh, type User } from './api/session'
import { readFilters } from './codebook/filters'
import { asked, compared } from './history/address'
import { check } from './search/address'
import { ProjectFrame } from './shell/project'
import { Projects } from './shell/projects'
import { Sign } from './shell/sign'
import { UserContext } from './shell/user'
import { readSearch } from './sources/query'
import { onNews } from './state/device'
import { cache } from './state/queries'
import { keepSending } from './state/queue'
import { useUploads } from './state/uploads'
import { Lines, Problem } from './ui/problem'
import { Toast } from './ui/toast'

const root = createRootRoute({ component: Root, notFoundComponent: Projects })
const home = createRoute({ getParentRoute: () => root, path: '/', component: Projects })
const inProject = createRoute({ getParentRoute: () => root, path: '/projects/$project', component: ProjectFrame })

// Every view is a part of its own, loaded when somebody goes there.
const workspace = lazyRouteComponent(() => import('./note/workspace'), 'Workspace')
const views = [
  createRoute({
    getParentRoute: () => inProject,
    path: '/',
    validateSearch: readSearch,
    component: lazyRouteComponent(() => import('./sources/page'), 'Sources'),
  }),
  createRoute({
    getParentRoute: () => inProject,
    path: '/people',
    component: lazyRouteComponent(() => import('./sources/people'), 'People'),
  }),
  createRoute({
    getParentRoute: () => inProject,
    path: '/notes/$note',
    component: workspace,
    validateSearch: (search: Record<string, unknown>): { at?: string; coding?: string } => ({
      ...(typeof search.at === 'string' && { at: search.at }),
      ...(typeof search.coding === 'string' && { coding: search.coding }),
    }),
  }),
  createRoute({
    getParentRoute: () => inProject,
    path: '/review',
    component: lazyRouteComponent(() => import('./review/page'), 'Review'),
  }),
  createRoute({
    getParentRoute: () => inProject,
    path: '/history',
    component: lazyRouteComponent(() => import('./history/history'), 'History'),
    validateSearch: asked,
  }),
  createRoute({
    getParentRoute: () => inProject,
    path: '/notes/$note/versions',
    component: lazyRouteComponent(() => import('./history/versions'), 'NoteVersions'),
    validateSearch: compared,
  }),
  createRoute({
    getParentRoute: () => inProject,
    path: '/codebook',
    component: lazyRouteComponent(() => import('./codebook/codebook'), 'Codebook'),
  }),
  createRoute({
    getParentRoute: () => inProject,
    path: '/codebook/history',
    component: lazyRouteComponent(() => import('./codebook/history'), 'CodebookHistory'),
  }),
  createRoute({
    getParentRoute: () => inProject,
    path: '/codebook/$code',
    validateSearch: readFilters,
    component: lazyRouteComponent(() => import('./codebook/code-page'), 'CodePage'),
  }),
  createRoute({
    getParentRoute: () => inProject,
    path: '/search',
    component: lazyRouteComponent(() => import('./search/search'), 'Search'),
    validateSearch: check,
  }),
  createRoute({
    getParentRoute: () => inProject,
    path: '/search/excerpts',
    component: lazyRouteComponent(() => import('./search/excerpts'), 'Excerpts'),
    validateSearch: check,
  }),
  createRoute({
    getParentRoute: () => inProject,
    path: '/notes/$note/edit',
    component: lazyRouteComponent(() => import('./writing/edit'), 'Edit'),
    // A second draft of the same edit has an id of its own.
    validateSearch: (search: Record<string, unknown>): { draft?: string } =>
      typeof search.draft === 'string' ? { draft: search.draft } : {},
  }),
  createRoute({
    getParentRoute: () => inProject,
    path: '/write',
    component: lazyRouteComponent(() => import('./writing/drafts'), 'Drafts'),
  }),
  createRoute({
    getParentRoute: () => inProject,
    path: '/write/$draft',
    component: lazyRouteComponent(() => import('./writing/write'), 'Write'),
  }),
]
const router = createRouter({
  routeTree: root.addChildren([home, inProject.addChildren(views)]),
  defaultPreload: 'intent',
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}

const ink = [
  '#f5f5f3',
  '#ececea',
  '#e2e2df',
  '#c4c6c6',
  '#85898c',
  '#60656a',
  '#44484b',
  '#2d2f33',
  '#1b1c1d',
  '#141516',
] as const
const theme = createTheme({
  fontFamily: 'var(--sans)',
  headings: { fontFamily: 'var(--serif)' },
  colors: { ink: [...ink] },
  primaryColor: 'ink',
  primaryShade: { light: 8, dark: 1 },
  defaultRadius: 6,
  respectReducedMotion: true,
  components: {
    InputWrapper: { defaultProps: { withAsterisk: false } },
    // A list that opens by itself would stand over what comes next, and take the first Esc.
    Select: { defaultProps: { openOnFocus: false } },
    MultiSelect: { defaultProps: { openOnFocus: false } },
    Button: Button.extend({
      vars: (_, { variant = 'filled' }) => ({
        root:
          variant === 'filled'
            ? { '--button-bg': 'var(--ink)', '--button-color': 'var(--on-ink)', '--button-hover': 'var(--ink-2)' }
            : {},
      }),
    }),
  },
})

const UploadTray = lazy(() => import('./sources/tray').then(({ UploadTray }) => ({ default: UploadTray })))

/** What stands around every view: uploads, which go on while somebody walks from one to the other. */
function Root() {
  return (
    <>
      <Outlet />
      <Uploads />
    </>
  )
}

function Uploads() {
  const { files, offered } = useUploads()
  if (files.length === 0 && !offered) return null
  return (
    <Suspense>
      <UploadTray />
    </Suspense>
  )
}

/** The whole app: whoever is not signed in sees the sign-in, at the address they asked for. */
export function App() {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <QueryClientProvider client={cache}>
        <Session />
      </QueryClientProvider>
    </MantineProvider>
  )
}

function Session() {
  const [user, setUser] = useState<User | null | undefined>(undefined)
  const [fault, setFault] = useState<unknown>()
  useEffect(() => {
    let last: string | undefined
    const endSession = onSession((now) => {
      // Nobody finds what somebody else has looked at.
      if (last && last !== now?.id) cache.clear()
      last = now?.id
      setUser(now)
    })
    const endNews = onNews((news) => {
      if (news.about === 'left' && news.user === last) begin(null)
    })
    return () => {
      endSession()
      endNews()
    }
  }, [])
  useEffect(() => {
    keepSending()
    refresh().catch((error) => beginAway() ?? setFault(error))
  }, [])
  if (fault && user === undefined) {
    return (
      <main className="sign">
        <Problem error={fault} again={() => location.reload()} />
      </main>
    )
  }
  if (user === undefined) {
    return (
      <main className="sign">
        <Lines />
      </main>
    )
  }
  if (user === null) return <Sign />
  return (
    <UserContext value={user}>
      <RouterProvider router={router} />
      <Toast />
    </UserContext>
  )
}
