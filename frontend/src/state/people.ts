// Who is invited to a project and how they come in, who goes, and passwords that were forgotten.

import { queryOptions } from '@tanstack/react-query'
import { v7 as newID } from 'uuid'
import { all, answer, api, type Schemas } from '../api/client'
import { account, refresh } from '../api/session'
import { cache, type Project } from './queries'
import { afterRemoval, changeProject } from './settings'

export type Invitation = Schemas['Invitation']
export type MadeInvitation = Schemas['Invited']['items'][number]
export type InvitationView = Schemas['InvitationView']
export type NewInvitations = Schemas['NewInvitations']
/** What becomes of an owner who hands a project over. */
export type Afterwards = Schemas['HandOver']['then']

const once = () => ({ 'Idempotency-Key': newID() })

/** What the server offers to whoever isn't signed in. */
export const signInOptions = () =>
  queryOptions({
    queryKey: ['sign-in options'],
    queryFn: () => answer(api.GET('/api/v1/auth/options')),
    staleTime: Number.POSITIVE_INFINITY,
  })

// They are fetched again whenever the members are: who comes by an invitation is a member from then on.
const invitationsKey = (project: string) => ['project', project, 'members', 'invitations']

/** The invitations to a project, the newest first. */
export const invitations = (project: string) =>
  queryOptions({
    queryKey: invitationsKey(project),
    queryFn: () =>
      all((cursor) =>
        answer(
          api.GET('/api/v1/projects/{project}/invitations', { params: { path: { project }, query: { limit: 1000, cursor } } }),
        ),
      ),
  })

/** Makes invitations: one for each address, or one. Their links are told this once. */
export async function invite(project: string, body: NewInvitations): Promise<MadeInvitation[]> {
  const { items } = await answer(
    api.POST('/api/v1/projects/{project}/invitations', { params: { path: { project }, header: once() }, body }),
  )
  await cache.invalidateQueries({ queryKey: invitationsKey(project) })
  return items
}

/** Makes the link of an invitation open nothing from now on. */
export async function withdraw(project: string, invitation: string): Promise<void> {
  await answer(
    api.DELETE('/api/v1/projects/{project}/invitations/{invitation}', {
      params: { path: { project, invitation }, header: once() },
    }),
  )
  await cache.invalidateQueries({ queryKey: invitationsKey(project) })
}

/** What the one who has an invitation's link is invited to; whether they are in it already depends on who asks. */
export const look = (token: string) =>
  queryOptions({
    queryKey: ['invitation', token, account() ?? ''],
    queryFn: () => answer(api.POST('/api/v1/invitations/look', { body: { token } })),
    staleTime: 0,
  })

// The invitation that somebody signs in for.
let expected: string | undefined

/** Remembers that somebody signs in to accept an invitation. */
export function expect(token: string | undefined): void {
  expected = token
}

/** Says, once, whether somebody has just signed in to accept an invitation. */
export function isExpected(token: string): boolean {
  const was = expected === token
  expected = undefined
  return was
}

/** Makes whoever is signed in a member of what they are invited to. */
export async function accept(token: string): Promise<Project> {
  const joined = await answer(api.POST('/api/v1/invitations/accept', { body: { token } }))
  await cache.invalidateQueries({ queryKey: ['projects'] })
  await cache.invalidateQueries({ queryKey: ['project', joined.id] })
  return joined
}

/** Chooses how those are called who have left a project, everywhere in it. */
export async function callDeparted(project: Project, departedCoders: Project['departedCoders']): Promise<void> {
  await changeProject(project, { departedCoders })
  await cache.invalidateQueries({ queryKey: ['project', project.id] })
}

/** Takes whoever is signed in out of a project. What they see of it stays until they have gone elsewhere. */
export async function leaveProject(project: string): Promise<void> {
  await answer(api.POST('/api/v1/projects/{project}/leave', { params: { path: { project }, header: once() } }))
}

/** Makes somebody else the owner in one's place. */
export async function handOver(project: string, userId: string, then: Afterwards): Promise<void> {
  await answer(
    api.POST('/api/v1/projects/{project}/hand-over', {
      params: { path: { project }, header: once() },
      body: { userId, then },
    }),
  )
  if (then === 'leave') return
  await cache.invalidateQueries({ queryKey: ['project', project], exact: true })
  await afterRemoval(project, false)
  await cache.invalidateQueries({ queryKey: ['projects'] })
}

/** Asks for a mail with a link that lets somebody choose a new password. */
export async function forgotPassword(email: string): Promise<void> {
  await answer(api.POST('/api/v1/auth/forgot-password', { body: { email } }))
}

/** Chooses a new password, which ends all sessions of the account: this one too, if it is the account's. */
export async function resetPassword(token: string, password: string): Promise<void> {
  await answer(api.POST('/api/v1/auth/reset-password', { body: { token, password } }))
  if (account()) await refresh()
}

/** A new link for somebody who has forgotten their password; it is kept nowhere once it isn't shown. */
export const resetLink = (user: string) =>
  queryOptions({
    queryKey: ['reset link', user],
    queryFn: () => answer(api.POST('/api/v1/users/{user}/reset-link', { params: { path: { user } } })),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  })
