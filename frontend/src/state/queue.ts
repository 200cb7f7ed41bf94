// Writes that couldn't be sent wait here, on this device, and go out in their order when the server can
// be reached. Each carries the Idempotency-Key of its first try, so that none is done twice.

import { useSyncExternalStore } from 'react'
import { v7 as newID } from 'uuid'
import { Refused } from '../api/client'
import { isAway, onNetwork, probe } from '../api/network'
import { type Reply, replay, type Write } from '../api/replay'
import { account, onSession } from '../api/session'
import { alone, device, onNews, tell } from './device'
import { isUnsent } from './draft'
import { sendDrafts } from './drafts'
import { cache } from './queries'
import { next, outcome, pause, recordOf, type Waiting } from './sending'

/** What is asked to be written, before it has a key. */
export type Wish = Omit<Write, 'key' | 'seen'> & { label: string }

/**
 * Sends a write and gives its answer. If the server can't be reached, or something waits already, the
 * write is kept and undefined given; it throws Refused when the server refuses it.
 */
export async function deliver<T>(wish: Wish): Promise<T | undefined> {
  const user = account()
  if (!user) throw new Refused(undefined)
  const { label, ...rest } = wish
  const write: Write = { ...rest, key: newID() }
  // A note ends its draft, so the two mustn't be under way at once.
  const sending = /^\/(notes|drafts)\b/.test(write.path)
    ? alone(`sending ${user}`, () => direct<T>(user, write))
    : direct<T>(user, write)
  const sent = await sending
  if (sent) return sent.body
  await keep({ ...write, id: newID(), user, label, createdAt: new Date().toISOString() })
  return undefined
}

async function direct<T>(user: string, write: Write): Promise<{ body: T } | undefined> {
  if (standing.some((w) => !w.refused)) return undefined
  const reply = await replay(user, write).catch(() => undefined)
  switch (reply && outcome(write.method, reply.status, reply.problem?.code)) {
    case 'sent':
      await done(user, write)
      return { body: reply?.body as T }
    case 'refused':
      throw new Refused(reply?.problem)
  }
  return undefined
}

/** What is to be done here when a write has arrived. */
async function done(user: string, write: Write) {
  if (write.path !== '/notes') return
  await (await device()).delete('drafts', [user, write.project, recordOf(write)])
  tell({ about: 'draft', project: write.project, id: recordOf(write) })
}

async function keep(write: Waiting) {
  await (await device()).add('waiting', write)
  await load()
  tell({ about: 'waiting' })
  void flush()
}

// What waits, of the account that uses the app, as all tabs know it.
let standing: readonly Waiting[] = []
let unsentDrafts = 0
let unsentAnswers = 0
const listeners = new Set<() => void>()

async function load() {
  const user = account()
  const db = await device()
  standing = user ? await db.getAllFromIndex('waiting', 'user', user) : []
  const saving = new Set(standing.map(recordOf))
  const drafts = user ? await db.getAllFromIndex('drafts', 'user', user) : []
  unsentDrafts = drafts.filter((draft) => isUnsent(draft) && !saving.has(draft.id)).length
  unsentAnswers = user ? (await db.getAllFromIndex('answers', 'user', user)).filter(isUnsent).length : 0
  for (const listen of listeners) listen()
}

function listen(changed: () => void) {
  listeners.add(changed)
  return () => listeners.delete(changed)
}

/** The writes that wait on this device. */
export const useWaiting = () => useSyncExternalStore(listen, () => standing)

const total = () => standing.length + unsentDrafts + unsentAnswers

/** How many changes the server doesn't have yet. */
export const useUnsent = () => useSyncExternalStore(listen, total)

/** Counts anew how many changes the server doesn't have yet. */
export async function unsent(): Promise<number> {
  await load()
  return total()
}

/** Whether the server is out of reach. */
export const useAway = () => useSyncExternalStore(onNetwork, isAway)

let running: Promise<void> | undefined
let wanted = false
let tries = 0
let timer: ReturnType<typeof setTimeout> | undefined

/** Sends what waits, and the drafts that were changed; in one tab at a time. */
export function flush(): Promise<void> {
  wanted = true
  running ??= (async () => {
    while (wanted) {
      wanted = false
      const user = account()
      if (user) await alone(`sending ${user}`, () => sendAll(user)).catch(() => undefined)
    }
  })().finally(() => {
    running = undefined
  })
  return running
}

async function sendAll(user: string) {
  clearTimeout(timer)
  const arrived = new Set<string>()
  let retryAfter: number | undefined
  let through = false
  try {
    through = await sendWaiting(user, arrived)
    if (through) retryAfter = await sendDrafts(user, new Set(standing.map(recordOf)))
    if (unsentAnswers > 0) retryAfter ??= await (await import('./answers')).sendAnswers(user)
    through &&= retryAfter === undefined
  } catch (error) {
    if (error instanceof Later) retryAfter = error.retryAfter
    through = false
  }
  for (const project of arrived) void cache.invalidateQueries({ queryKey: ['project', project] })
  await load()
  if (account() !== user) return
  tries = through && !isAway() ? 0 : tries + 1
  if (tries > 0) timer = setTimeout(() => void again(), pause(tries, retryAfter, Math.random()))
}

async function again() {
  if (isAway() && !(await probe())) {
    tries++
    timer = setTimeout(() => void again(), pause(tries, undefined, Math.random()))
  } else await flush()
}

/** A try in vain that says when to come again. */
class Later extends Error {
  constructor(readonly retryAfter: number | undefined) {
    super('later')
  }
}

/** Sends all writes of a user that weren't refused, in their order; false when somebody else is signed in. */
async function sendWaiting(user: string, arrived: Set<string>): Promise<boolean> {
  const db = await device()
  for (;;) {
    const write = next(await db.getAllFromIndex('waiting', 'user', user))
    if (!write) return true
    const reply = await replay(user, write)
    if (!reply) return false
    await settle(write, reply)
    arrived.add(write.project)
  }
}

async function settle(write: Waiting, { status, problem, retryAfter }: Reply) {
  const db = await device()
  switch (outcome(write.method, status, problem?.code)) {
    case 'later':
      throw new Later(retryAfter)
    case 'sent':
      await done(write.user, write)
      await db.delete('waiting', write.order as number)
      break
    case 'refused':
      await db.put('waiting', { ...write, refused: { status, code: problem?.code ?? 'internal', detail: problem?.detail ?? '' } })
  }
  await load()
  tell({ about: 'waiting' })
}

/** Sends a refused write once more. */
export async function retry(write: Waiting): Promise<void> {
  const { refused: _, ...rest } = write
  await (await device()).put('waiting', rest)
  tell({ about: 'waiting' })
  await flush()
}

/** Gives a write up for good. */
export async function discard(write: Waiting): Promise<void> {
  await alone(`sending ${write.user}`, async () => (await device()).delete('waiting', write.order as number))
  tell({ about: 'waiting' })
  void cache.invalidateQueries({ queryKey: ['project', write.project] })
}

/** Takes back the last write about a record that hasn't been sent; gives whether there was one. */
export async function withdraw(record: string): Promise<boolean> {
  const user = account()
  if (!user || !standing.some((w) => recordOf(w) === record)) return false
  const found = await alone(`sending ${user}`, async () => {
    const db = await device()
    const last = (await db.getAllFromIndex('waiting', 'user', user)).filter((w) => recordOf(w) === record).at(-1)
    if (last) await db.delete('waiting', last.order as number)
    return last !== undefined
  })
  tell({ about: 'waiting' })
  return found
}

let begun = false

/** Begins to send what waits, whenever somebody is signed in and the server can be reached. */
export function keepSending(): void {
  if (begun) return
  begun = true
  onNews(() => void load())
  onSession(() => {
    tries = 0
    void load().then(flush)
  })
  onNetwork((away) => {
    for (const listen of listeners) listen()
    tries = 0
    if (away) void again()
    else {
      void flush()
      void cache.invalidateQueries({ predicate: (query) => query.state.status === 'error' })
    }
  })
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void flush()
  })
}
