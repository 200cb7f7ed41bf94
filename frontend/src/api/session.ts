// Who is signed in. The access token is kept in memory only; the refresh cookie, which scripts can't
// read, brings it back after a reload. The tabs of a browser have one session between them: what ends
// or begins in one does in all. Without a network nobody can be asked: then the app opens for whoever was
// signed in last on this device, of whom it remembers an id, a name and a language.

import { reached } from './network'
import type { components } from './schema'

export type User = components['schemas']['User']
type SignedIn = components['schemas']['SignedIn']

/** How a session came about or ended: by signing in, by signing out, or elsewhere and unasked. */
export type Turn = 'in' | 'out' | 'ended'

let token = ''
let goodUntil = 0
let current: User | null = null
let asking: Promise<User | null> | undefined
const listeners = new Set<(user: User | null, turn: Turn) => void>()

/** What tabs tell each other: who is signed in now, by id. */
type Told = { turn: Turn; user: string | undefined }
const tabs = new BroadcastChannel('feltbog session')
tabs.onmessage = ({ data }: MessageEvent<Told>) => {
  if (data.turn !== 'in') take(null, data.turn)
  else if (data.user !== current?.id) refresh().catch(() => undefined) // asked again with the next request
}

// What stands on this device: who was here last, and a session that has to be ended when the server is back.
const lastHere = 'feltbog user'
const toEnd = 'feltbog session to end'

/** Tells whenever somebody signs in or out here; gives what ends that. */
export function onSession(listen: (user: User | null, turn: Turn) => void): () => void {
  listeners.add(listen)
  return () => listeners.delete(listen)
}

/** Takes in the answer to a sign-in; null when somebody has signed out. */
export function begin(signedIn: SignedIn | null): User | null {
  return tell(signedIn, signedIn ? 'in' : 'out')
}

/** Takes in what somebody changed of their account. */
export function know(user: User): void {
  current = user
  keep(user)
  for (const listen of listeners) listen(user, 'in')
}

/** Takes a turn here, and tells the other tabs if somebody else or nobody is signed in now. */
function tell(signedIn: SignedIn | null, turn: Turn): User | null {
  const before = current?.id
  const user = take(signedIn, turn)
  if (before !== user?.id) tabs.postMessage({ turn, user: user?.id } satisfies Told)
  return user
}

function take(signedIn: SignedIn | null, turn: Turn): User | null {
  token = signedIn?.accessToken ?? ''
  goodUntil = signedIn ? Date.now() + (signedIn.expiresIn - 30) * 1000 : 0
  current = signedIn?.user ?? null
  if (current) {
    keep(current)
    localStorage.removeItem(toEnd)
  } else localStorage.removeItem(lastHere)
  for (const listen of listeners) listen(current, turn)
  return current
}

function keep({ id, name, language }: User) {
  localStorage.setItem(lastHere, JSON.stringify({ id, name, language }))
}

/** Opens the app without an answer of the server, for whoever was here last; null if that isn't known. */
export function beginAway(): User | null {
  try {
    const { id, name, language } = JSON.parse(localStorage.getItem(lastHere) ?? '{}')
    if (typeof id !== 'string' || typeof name !== 'string') return null
    current = {
      id,
      name,
      language,
      email: '',
      admin: false,
      persona: false,
      showPresence: true,
      version: 1,
      createdAt: '',
      updatedAt: '',
    }
  } catch {
    return null
  }
  for (const listen of listeners) listen(current, 'in')
  return current
}

/** The id of whoever uses the app, signed in or remembered; undefined when nobody does. */
export const account = (): string | undefined => current?.id

/** The access token, renewed if it is missing or about to end; empty when nobody is signed in. */
export async function accessToken(): Promise<string> {
  if (current && Date.now() > goodUntil) await refresh()
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
  if (response.ok) return tell((await response.json()) as SignedIn, 'in')
  if (response.status === 401) return tell(null, 'ended')
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
