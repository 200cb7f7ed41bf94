// Who is signed in. The access token is kept in memory only; the refresh cookie, which scripts can't
// read, brings it back after a reload. Without a network nobody can be asked: then the app opens for
// whoever was signed in last on this device, of whom it remembers an id, a name and a language.

import { reached } from './network'
import type { components } from './schema'

export type User = components['schemas']['User']
type SignedIn = components['schemas']['SignedIn']

let token = ''
let goodUntil = 0
let user: User | null = null
let asking: Promise<User | null> | undefined
const listeners = new Set<(user: User | null) => void>()

// What stands on this device: who was here last, and a session that has to be ended when the server is back.
const lastHere = 'feltbog user'
const toEnd = 'feltbog session to end'

/** Tells whenever somebody signs in or out here; gives what ends that. */
export function onSession(listen: (user: User | null) => void): () => void {
  listeners.add(listen)
  return () => listeners.delete(listen)
}

/** Takes in the answer to a sign-in; null when nobody is signed in any more. */
export function begin(signedIn: SignedIn | null): User | null {
  token = signedIn?.accessToken ?? ''
  goodUntil = signedIn ? Date.now() + (signedIn.expiresIn - 30) * 1000 : 0
  user = signedIn?.user ?? null
  if (user) {
    localStorage.setItem(lastHere, JSON.stringify({ id: user.id, name: user.name, language: user.language }))
    localStorage.removeItem(toEnd)
  } else localStorage.removeItem(lastHere)
  for (const listen of listeners) listen(user)
  return user
}

/** Opens the app without an answer of the server, for whoever was here last; null if that isn't known. */
export function beginAway(): User | null {
  try {
    const { id, name, language } = JSON.parse(localStorage.getItem(lastHere) ?? '{}')
    if (typeof id !== 'string' || typeof name !== 'string') return null
    user = { id, name, language, email: '', admin: false, persona: false, version: 1, createdAt: '', updatedAt: '' }
  } catch {
    return null
  }
  for (const listen of listeners) listen(user)
  return user
}

/** The id of whoever uses the app, signed in or remembered; undefined when nobody does. */
export const account = (): string | undefined => user?.id

/** The access token, renewed if it is missing or about to end; empty when nobody is signed in. */
export async function accessToken(): Promise<string> {
  if (user && Date.now() > goodUntil) await refresh()
  return token
}

/** Asks for a new access token. Gives null when the session has ended, and fails when nobody answers. */
export function refresh(): Promise<User | null> {
  asking ??= ask().finally(() => {
    asking = undefined
  })
  return asking
}

async function ask(): Promise<User | null> {
  if (localStorage.getItem(toEnd)) {
    await endSession()
    return begin(null)
  }
  const response = await fetch('/api/v1/auth/refresh', { method: 'POST' }).catch((error) => {
    reached(false)
    throw error
  })
  reached(true)
  if (response.ok) return begin((await response.json()) as SignedIn)
  if (response.status === 401) return begin(null)
  throw new Error(`refresh: ${response.status}`)
}

async function endSession(): Promise<void> {
  const response = await fetch('/api/v1/auth/sign-out', { method: 'POST' })
  if (!response.ok && response.status !== 401) throw new Error(`sign out: ${response.status}`)
  localStorage.removeItem(toEnd)
}

/** Signs out: here at once, and on the server when it can be reached. */
export async function signOut(): Promise<void> {
  localStorage.setItem(toEnd, 'yes')
  await endSession().catch(() => undefined)
  begin(null)
}
