// Who is signed in. The access token is kept in memory only; the refresh cookie, which scripts can't
// read, brings it back after a reload.

import type { components } from './schema'

export type User = components['schemas']['User']
type SignedIn = components['schemas']['SignedIn']

let token = ''
let goodUntil = 0
let asking: Promise<User | null> | undefined
const listeners = new Set<(user: User | null) => void>()

/** Tells whenever somebody signs in or out here; gives what ends that. */
export function onSession(listen: (user: User | null) => void): () => void {
  listeners.add(listen)
  return () => listeners.delete(listen)
}

/** Takes in the answer to a sign-in; null when nobody is signed in any more. */
export function begin(signedIn: SignedIn | null): User | null {
  token = signedIn?.accessToken ?? ''
  goodUntil = signedIn ? Date.now() + (signedIn.expiresIn - 30) * 1000 : 0
  const user = signedIn?.user ?? null
  for (const listen of listeners) listen(user)
  return user
}

/** The access token, renewed if it is about to end; empty when nobody is signed in. */
export async function accessToken(): Promise<string> {
  if (token !== '' && Date.now() > goodUntil) await refresh()
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
  const response = await fetch('/api/v1/auth/refresh', { method: 'POST' })
  if (response.ok) return begin((await response.json()) as SignedIn)
  if (response.status === 401) return begin(null)
  throw new Error(`refresh: ${response.status}`)
}
