import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { readOpened, readShown } from './board/address'
import { readFilters } from './codebook/filters'
import { asked, compared } from './history/address'
import { withWords } from './i18n'
import { check } from './search/address'
import { Frame, Missing } from './shell/frame'
import { ProjectFrame } from './shell/project'
import { readSearch } from './sources/query'

const root = createRootRoute({ component: Frame, notFoundComponent: () => <Missing /> })
const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyRouteComponent(() => withWords('settings', import('./shell/projects')), 'Projects'),
})
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
    path: '/import',
    component: lazyRouteComponent(() => withWords('import', withWords('writing', import('./import/page'))), 'Import'),
    validateSearch: (search: Record<string, unknown>): { file?: string } =>
      typeof search.file === 'string' ? { file: search.file } : {},
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
    component: lazyRouteComponent(() => withWords('history', import('./history/history')), 'History'),
    validateSearch: asked,
  }),
  createRoute({
    getParentRoute: () => inProject,
    path: '/notes/$note/versions',
    component: lazyRouteComponent(() => withWords('history', import('./history/versions')), 'NoteVersions'),
    validateSearch: compared,
  }),
  createRoute({
    getParentRoute: () => inProject,
    path: '/codebook',
    component: lazyRouteComponent(() => withWords('codes', import('./codebook/codebook')), 'Codebook'),
  }),
  createRoute({
    getParentRoute: () => inProject,
    path: '/codebook/history',
    component: lazyRouteComponent(() => withWords('codes', import('./codebook/history')), 'CodebookHistory'),
  }),
  createRoute({
    getParentRoute: () => inProject,
    path: '/codebook/$code',
    validateSearch: readFilters,
    component: lazyRouteComponent(() => withWords('codes', import('./codebook/code-page')), 'CodePage'),
  }),
  createRoute({
    getParentRoute: () => inProject,
    path: '/rounds',
    component: lazyRouteComponent(() => withWords('rounds', import('./rounds/list')), 'Rounds'),
  }),
  createRoute({
    getParentRoute: () => inProject,
    path: '/rounds/$round',
    component: lazyRouteComponent(() => withWords('rounds', import('./rounds/round')), 'RoundPage'),
  }),
  createRoute({
    getParentRoute: () => inProject,
    path: '/rounds/$round/notes/$note',
    component: lazyRouteComponent(() => withWords('rounds', import('./rounds/side-by-side')), 'SideBySide'),
    validateSearch: (search: Record<string, unknown>): { block?: number } =>
      Number.isInteger(search.block) ? { block: Number(search.block) } : {},
  }),
  createRoute({
    getParentRoute: () => inProject,
    path: '/search',
    component: lazyRouteComponent(() => withWords('search', import('./search/search')), 'Search'),
    validateSearch: check,
  }),
  createRoute({
    getParentRoute: () => inProject,
    path: '/search/excerpts',
    component: lazyRouteComponent(() => withWords('search', import('./search/excerpts')), 'Excerpts'),
    validateSearch: check,
  }),
  createRoute({
    getParentRoute: () => inProject,
    path: '/settings',
    component: lazyRouteComponent(() => withWords('settings', import('./settings/project')), 'ProjectSettings'),
  }),
  createRoute({
    getParentRoute: () => inProject,
    path: '/members',
    component: lazyRouteComponent(() => withWords('settings', import('./settings/members')), 'Members'),
  }),
  createRoute({
    getParentRoute: () => inProject,
    path: '/bin',
    component: lazyRouteComponent(() => withWords('settings', import('./settings/bin')), 'Bin'),
  }),
  createRoute({
    getParentRoute: () => inProject,
    path: '/notes/$note/edit',
    component: lazyRouteComponent(() => withWords('writing', import('./writing/edit')), 'Edit'),
    // A second draft of the same edit has an id of its own.
    validateSearch: (search: Record<string, unknown>): { draft?: string } =>
      typeof search.draft === 'string' ? { draft: search.draft } : {},
  }),
  createRoute({
    getParentRoute: () => inProject,
    path: '/write',
    component: lazyRouteComponent(() => withWords('writing', import('./writing/drafts')), 'Drafts'),
  }),
  createRoute({
    getParentRoute: () => inProject,
    path: '/write/$draft',
    component: lazyRouteComponent(() => withWords('writing', import('./writing/write')), 'Write'),
  }),
]
const account = [
  createRoute({
    getParentRoute: () => root,
    path: '/inbox',
    component: lazyRouteComponent(() => withWords('talk', import('./inbox/page')), 'Inbox'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/settings',
    component: lazyRouteComponent(() => withWords('settings', import('./settings/account')), 'Account'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/settings/users',
    component: lazyRouteComponent(() => withWords('settings', import('./settings/users')), 'Users'),
  }),
]
// The classroom. What everybody in a course sees comes together, and so do the views of a course, and those of an
// exercise for who teaches.
const ofClassroom = (view: keyof typeof import('./teaching/classroom')) =>
  lazyRouteComponent(() => withWords('teaching', import('./teaching/classroom')), view)
const ofCourse = (view: keyof typeof import('./teaching/views')) =>
  lazyRouteComponent(() => withWords('settings', withWords('people', withWords('teaching', import('./teaching/views')))), view)
const ofExercise = (view: keyof typeof import('./teaching/exercise-views')) =>
  lazyRouteComponent(() => withWords('teaching', import('./teaching/exercise-views')), view)
const ofBoard = (view: keyof typeof import('./board/views')) =>
  lazyRouteComponent(() => withWords('teaching', import('./board/views')), view)
const inCourse = createRoute({ getParentRoute: () => root, path: '/courses/$course', component: ofClassroom('CourseFrame') })
const courseViews = [
  createRoute({ getParentRoute: () => inCourse, path: '/', component: ofClassroom('Exercises') }),
  createRoute({ getParentRoute: () => inCourse, path: '/people', component: ofCourse('People') }),
  createRoute({ getParentRoute: () => inCourse, path: '/groups', component: ofCourse('Groups') }),
  createRoute({ getParentRoute: () => inCourse, path: '/settings', component: ofCourse('CourseSettings') }),
]
const inExercise = createRoute({
  getParentRoute: () => root,
  path: '/exercises/$exercise',
  component: ofClassroom('ExerciseFrame'),
})
const exerciseViews = [
  createRoute({ getParentRoute: () => inExercise, path: '/', component: ofClassroom('ExercisePage') }),
  createRoute({ getParentRoute: () => inExercise, path: '/set-up', component: ofExercise('SetUp') }),
  createRoute({ getParentRoute: () => inExercise, path: '/codes', component: ofExercise('Codes') }),
  createRoute({ getParentRoute: () => inExercise, path: '/notes', component: ofExercise('Notes') }),
  createRoute({ getParentRoute: () => inExercise, path: '/board', component: ofBoard('Board'), validateSearch: readOpened }),
  createRoute({
    getParentRoute: () => inExercise,
    path: '/class',
    component: ofBoard('ClassAnswers'),
    validateSearch: readShown,
  }),
]
const besideCourses = [
  createRoute({ getParentRoute: () => root, path: '/courses/$course/slide', component: ofCourse('Slide') }),
  createRoute({ getParentRoute: () => root, path: '/courses/join/$secret', component: ofCourse('JoinByLink') }),
  createRoute({
    getParentRoute: () => root,
    path: '/join',
    component: ofCourse('JoinByCode'),
    validateSearch: (search: Record<string, unknown>): { code?: string } => (search.code ? { code: String(search.code) } : {}),
  }),
]
// The same addresses lead somewhere without a sign-in; see shell/sign.tsx.
const doors = [
  createRoute({
    getParentRoute: () => root,
    path: '/invitations/$token',
    component: lazyRouteComponent(() => withWords('people', import('./people/invitation')), 'Invitation'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/forgot-password',
    component: lazyRouteComponent(() => withWords('people', import('./people/forgot')), 'Forgot'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/reset-password/$token',
    component: lazyRouteComponent(() => withWords('people', import('./people/reset')), 'ResetHere'),
  }),
]

/** Where every address of the app leads. */
export const router = createRouter({
  routeTree: root.addChildren([
    home,
    ...account,
    ...doors,
    ...besideCourses,
    inProject.addChildren(views),
    inCourse.addChildren(courseViews),
    inExercise.addChildren(exerciseViews),
  ]),
  defaultPreload: 'intent',
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
