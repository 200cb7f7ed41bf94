// What is kept on this device, in IndexedDB: drafts, answers to exercises, writes that wait for the network,
// and what the writing pages need to know. All of it lies under the id of an account, and only that
// account's is read, sent or shown. docs/device.md says it to people.

import { type DBSchema, type IDBPDatabase, openDB } from 'idb'
import type { Kept } from './answer'
import type { Draft } from './draft'
import type { Waiting } from './sending'

interface Device extends DBSchema {
  drafts: { key: [string, string, string]; value: Draft; indexes: { user: string } }
  waiting: { key: number; value: Waiting; indexes: { user: string; id: string } }
  known: { key: [string, string]; value: Known; indexes: { user: string } }
  answers: { key: [string, string, string, string]; value: Kept; indexes: { user: string } }
}

/** An answer of the server that is needed without it. */
export type Known = { user: string; name: string; value: unknown; at: string }

const stores = ['drafts', 'waiting', 'known', 'answers'] as const

let opened: Promise<IDBPDatabase<Device>> | undefined

/** The database of this device. */
export function device(): Promise<IDBPDatabase<Device>> {
  opened ??= openDB<Device>('feltbog', 2, {
    upgrade(db, before) {
      db.createObjectStore('answers', { keyPath: ['user', 'submission', 'record', 'writer'] }).createIndex('user', 'user')
      if (before > 0) return
      db.createObjectStore('drafts', { keyPath: ['user', 'project', 'id'] }).createIndex('user', 'user')
      const waiting = db.createObjectStore('waiting', { keyPath: 'order', autoIncrement: true })
      waiting.createIndex('user', 'user')
      waiting.createIndex('id', 'id', { unique: true })
      db.createObjectStore('known', { keyPath: ['user', 'name'] }).createIndex('user', 'user')
    },
    blocking() {
      void opened?.then((db) => db.close())
      opened = undefined
    },
    terminated() {
      opened = undefined
    },
  }).catch((error) => {
    opened = undefined
    throw error
  })
  return opened
}

/** Removes all that is kept of an account. */
export async function wipe(user: string): Promise<void> {
  const tx = (await device()).transaction([...stores], 'readwrite')
  for (const name of stores) {
    const store = tx.objectStore(name)
    for (const key of await store.index('user').getAllKeys(user)) await store.delete(key as never)
  }
  await tx.done
}

/** Runs something in one tab of this browser at a time. */
export function alone<T>(name: string, run: () => Promise<T>): Promise<T> {
  // Locks are there on https and on this machine alone; elsewhere keys and revisions still keep writes single.
  return navigator.locks ? (navigator.locks.request(`feltbog ${name}`, run) as Promise<T>) : run()
}

/** What tabs of this browser tell each other of what is kept. */
export type News =
  | { about: 'waiting' }
  | { about: 'draft'; project: string; id: string }
  | { about: 'fork'; project: string; id: string; to: string; reason: Fork }
  | { about: 'answer'; submission: string; record: string; writer: string }
  | { about: 'left'; user: string }

/** Why a draft became two: it was written in another window, or saved there. */
export type Fork = 'written' | 'saved'

const channel = new BroadcastChannel('feltbog device')
const listeners = new Set<(news: News) => void>()
channel.onmessage = (event: MessageEvent<News>) => hear(event.data)

function hear(news: News) {
  for (const listen of listeners) listen(news)
}

/** Tells this tab and all others. */
export function tell(news: News): void {
  hear(news)
  channel.postMessage(news)
}

/** Listens to what any tab tells; gives what ends that. */
export function onNews(listen: (news: News) => void): () => void {
  listeners.add(listen)
  return () => listeners.delete(listen)
}
