// What the writing page needs to know of a project is remembered on this device, so that it can be
// written without a network: names, sites and participants, never a note's words.

import { Refused } from '../api/client'
import { account } from '../api/session'
import { device } from './device'

// Answers of one account on a device, the oldest of which are forgotten first; and items of a list.
const most = 60
const longest = 5000

/** Asks the server, and remembers the answer; without the server gives what is remembered. */
export async function known<T>(name: string, ask: () => Promise<T>): Promise<T> {
  const user = account()
  try {
    const value = await ask()
    if (user) void remember(user, name, value).catch(() => undefined) // a full device only knows less
    return value
  } catch (error) {
    if (!user || !(error instanceof Refused)) throw error
    const db = await device()
    if (error.problem) {
      // Whoever may no longer see it shouldn't find it here.
      if (error.problem.status === 403 || error.problem.status === 404) await db.delete('known', [user, name])
      throw error
    }
    const found = await db.get('known', [user, name])
    if (!found) throw error
    return found.value as T
  }
}

/** Remembers something that was made here and that the server doesn't know yet. */
export async function learn(name: string, value: unknown): Promise<void> {
  const user = account()
  if (user) await remember(user, name, value)
}

async function remember(user: string, name: string, value: unknown) {
  const tx = (await device()).transaction('known', 'readwrite')
  await tx.store.put({ user, name, value: Array.isArray(value) ? value.slice(0, longest) : value, at: new Date().toISOString() })
  const all = await tx.store.index('user').getAll(user)
  for (const old of all.sort((a, b) => b.at.localeCompare(a.at)).slice(most)) await tx.store.delete([user, old.name])
  await tx.done
}
