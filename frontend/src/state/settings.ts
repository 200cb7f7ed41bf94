// What somebody changes of their account, of a project and who is in it, and what they take out of bins.

import { queryOptions } from '@tanstack/react-query'
import { v7 as newID } from 'uuid'
import { all, answer, api, type Schemas } from '../api/client'
import { know, type User } from '../api/session'
import { leave } from './leave'
import { cache, type Member, type Project } from './queries'

export type Activity = Schemas['Activity']
export type Session = Schemas['Session']
export type BinItem = Schemas['BinItem']
export type Role = Schemas['Role']

/** Whether somebody can run a project: the invented people of a demo can't sign in, and whose account is deleted is nobody. */
export const canOwn = ({ name, email }: Member) => name !== '' && !email?.endsWith('@persona.invalid')

/** The roles of members, from the one that may do everything. */
export const roles = ['owner', 'editor', 'coder', 'reader'] as const

export const activity = (project: string) =>
  queryOptions({
    queryKey: ['project', project, 'activity'],
    queryFn: () => answer(api.GET('/api/v1/projects/{project}/activity', { params: { path: { project } } })),
  })

export const deletedProjects = () =>
  queryOptions({
    queryKey: ['projects', 'deleted'],
    queryFn: async () => (await answer(api.GET('/api/v1/projects', { params: { query: { bin: true } } }))).items,
  })

export const sessions = () =>
  queryOptions({
    queryKey: ['me', 'sessions'],
    queryFn: async () => (await answer(api.GET('/api/v1/me/sessions'))).items,
  })

export const users = () =>
  queryOptions({
    queryKey: ['users'],
    queryFn: () => all((cursor) => answer(api.GET('/api/v1/users', { params: { query: { limit: 1000, cursor } } }))),
  })

export const bin = (project: string) =>
  queryOptions({
    queryKey: ['project', project, 'bin'],
    queryFn: async () => (await answer(api.GET('/api/v1/projects/{project}/bin', { params: { path: { project } } }))).items,
  })

const sees = (record: { version: number }) => ({ 'If-Match': `"${record.version}"` })
const once = () => ({ 'Idempotency-Key': newID() })

export async function changeProfile(user: User, fields: Schemas['ProfileChange']): Promise<void> {
  know(await answer(api.PATCH('/api/v1/me', { params: { header: sees(user) }, body: fields })))
}

export async function changeEmail(user: User, email: string, password: string): Promise<void> {
  know(await answer(api.PUT('/api/v1/me/email', { params: { header: sees(user) }, body: { email, password } })))
}

/** Changes the password, which ends all other sessions, and one's tokens if that is wanted. */
export async function changePassword(current: string, next: string, endTokens: boolean): Promise<void> {
  await answer(api.PUT('/api/v1/me/password', { body: { current, new: next, endTokens } }))
  know(await answer(api.GET('/api/v1/me')))
  await cache.invalidateQueries({ queryKey: ['me'] })
}

/** Ends a session, or all but this one. */
export async function endSessions(session?: string): Promise<void> {
  if (session) await answer(api.DELETE('/api/v1/me/sessions/{session}', { params: { path: { session } } }))
  else await answer(api.DELETE('/api/v1/me/sessions'))
  await cache.invalidateQueries({ queryKey: ['me'] })
}

export async function deleteAccount(password: string): Promise<void> {
  await answer(api.DELETE('/api/v1/me', { body: { password } }))
  await leave()
}

/** Gives the projects that have nobody but the user as an owner, out of those they own. */
export async function ownedAlone(user: string): Promise<Project[]> {
  const mine = (await answer(api.GET('/api/v1/projects'))).items.filter((p) => p.role === 'owner')
  const alone = await Promise.all(
    mine.map(async (p) => {
      const { items } = await answer(api.GET('/api/v1/projects/{project}/members', { params: { path: { project: p.id } } }))
      return !items.some((m) => m.role === 'owner' && m.userId !== user)
    }),
  )
  const deleted = (await answer(api.GET('/api/v1/projects', { params: { query: { bin: true } } }))).items
  return [...mine.filter((_, i) => alone[i]), ...deleted]
}

/** Makes an account; gives the password that the server made if none was given, which it tells this once. */
export async function createUser(account: Schemas['NewUser']): Promise<string | undefined> {
  const made = await answer(api.POST('/api/v1/users', { body: account }))
  await cache.invalidateQueries({ queryKey: ['users'] })
  return made.password
}

const refetchProjects = () => cache.invalidateQueries({ queryKey: ['projects'] })

/** Makes a copy of the demo project for whoever is signed in. */
export async function makeDemo(): Promise<Project> {
  const made = await answer(api.POST('/api/v1/me/demo'))
  await refetchProjects()
  return made
}

export async function createProject(body: Schemas['NewProject']): Promise<Project> {
  const made = await answer(api.POST('/api/v1/projects', { params: { header: once() }, body }))
  await refetchProjects()
  return made
}

export async function copyProject(project: string, name: string): Promise<Project> {
  const made = await answer(
    api.POST('/api/v1/projects/{project}/copy', { params: { path: { project }, header: once() }, body: { id: newID(), name } }),
  )
  await refetchProjects()
  return made
}

export async function changeProject(project: Project, fields: Schemas['ProjectChange']): Promise<Project> {
  const changed = await answer(
    api.PATCH('/api/v1/projects/{project}', {
      params: { path: { project: project.id }, header: { ...sees(project), ...once() } },
      body: fields,
    }),
  )
  cache.setQueryData(['project', project.id], changed)
  await refetchProjects()
  return changed
}

export async function deleteProject(project: string): Promise<void> {
  await answer(api.DELETE('/api/v1/projects/{project}', { params: { path: { project }, header: once() } }))
  await refetchProjects()
}

export async function restoreProject(project: string): Promise<void> {
  await answer(api.POST('/api/v1/projects/{project}/restore', { params: { path: { project }, header: once() } }))
  await cache.invalidateQueries({ queryKey: ['project', project] })
  await refetchProjects()
}

export async function purgeProject(project: string): Promise<void> {
  await answer(api.POST('/api/v1/projects/{project}/purge', { params: { path: { project }, header: once() } }))
  cache.removeQueries({ queryKey: ['project', project] })
  await refetchProjects()
}

const refetchMembers = (project: string) => cache.invalidateQueries({ queryKey: ['project', project, 'members'] })

export async function addMember(project: string, email: string, role: Role): Promise<Member> {
  const added = await answer(
    api.POST('/api/v1/projects/{project}/members', { params: { path: { project }, header: once() }, body: { email, role } }),
  )
  await refetchMembers(project)
  return added
}

export async function changeRole(project: string, member: Member, role: Role): Promise<void> {
  await answer(
    api.PATCH('/api/v1/projects/{project}/members/{user}', {
      params: { path: { project, user: member.userId }, header: { ...sees(member), ...once() } },
      body: { role },
    }),
  )
  await refetchMembers(project)
  await cache.invalidateQueries({ queryKey: ['project', project], exact: true })
}

/** Takes somebody out of a project. */
export async function removeMember(project: string, user: string): Promise<void> {
  await answer(api.DELETE('/api/v1/projects/{project}/members/{user}', { params: { path: { project, user }, header: once() } }))
}

/** Shows who is in a project after somebody was taken out, or the list of projects to whoever left. */
export async function afterRemoval(project: string, left: boolean): Promise<void> {
  if (!left) return refetchMembers(project)
  cache.removeQueries({ queryKey: ['project', project] })
  await refetchProjects()
}

/** Takes back the last thing that was done to a record of a project. */
export async function undoLast(project: string, record: string): Promise<void> {
  const { items } = await answer(
    api.GET('/api/v1/projects/{project}/events', { params: { path: { project }, query: { record, limit: 1 } } }),
  )
  const [last] = items
  if (!last) return
  await answer(
    api.POST('/api/v1/projects/{project}/events/{event}/undo', {
      params: { path: { project, event: last.id }, header: once() },
      body: {},
    }),
  )
  await cache.invalidateQueries({ queryKey: ['project', project] })
}

/** Takes a record out of the bin. */
export async function restoreRecord(project: string, item: BinItem): Promise<void> {
  await answer(
    api.POST('/api/v1/projects/{project}/bin/{noun}/{record}/restore', {
      params: { path: { project, noun: item.noun, record: item.id }, header: once() },
    }),
  )
  await cache.invalidateQueries({ queryKey: ['project', project] })
}

/** Deletes a record in the bin for good. */
export async function purgeRecord(project: string, item: BinItem): Promise<void> {
  await answer(
    api.DELETE('/api/v1/projects/{project}/bin/{noun}/{record}', {
      params: { path: { project, noun: item.noun, record: item.id }, header: once() },
    }),
  )
  await cache.invalidateQueries({ queryKey: ['project', project, 'bin'] })
}
