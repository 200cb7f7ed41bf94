// Files on their way to notes. The queue lives beside the views, so it goes on while somebody walks through
// the app. Nothing is doubled by trying again: the server knows a file that came before by its bytes.

import { useSyncExternalStore } from 'react'
import { Refused } from '../api/client'
import { onSession } from '../api/session'
import { type UploadFields, upload } from '../api/upload'
import { cache } from './queries'

export type { UploadFields } from '../api/upload'

/** Where a file is: waiting, going out, or at its end. Known is one whose bytes made a note before. */
export type UploadState = 'waiting' | 'sending' | 'created' | 'known' | 'refused'

export type Upload = {
  id: number
  project: string
  file: File
  fields: UploadFields
  state: UploadState
  /** Bytes that have gone out. */
  sent: number
  note?: string
  /** Why it was refused, in a sentence of the server. */
  reason?: string
  /** It is larger than the server takes, which is known before anything is sent. */
  tooLarge?: true
}

export type Uploads = {
  files: readonly Upload[]
  paused: boolean
  /** Why nothing goes out just now, though nobody paused it: it is tried again. */
  lost: Refused | undefined
  /** Files that somebody chose, whose fields are being asked. */
  offered: { project: string; files: File[] } | undefined
}

/** The most bytes that the server takes of one file. A larger one isn't sent to be refused. */
const largest = 50 * 1024 * 1024
/** How many files are on their way at once. */
const atOnce = 3
const firstWait = 2000
const longestWait = 30_000

let now: Uploads = { files: [], paused: false, lost: undefined, offered: undefined }
let nextID = 1
let wait = firstWait
let timer: ReturnType<typeof setTimeout> | undefined
let owner: string | undefined
const ways = new Map<number, AbortController>()
const listeners = new Set<() => void>()

/** The queue of this window. */
export function useUploads(): Uploads {
  return useSyncExternalStore(listen, () => now)
}

function listen(changed: () => void) {
  listeners.add(changed)
  return () => listeners.delete(changed)
}

/** Whether a file waits or is on its way. */
export const isUnderWay = ({ state }: Upload): boolean => state === 'waiting' || state === 'sending'

function tell(change: Partial<Uploads>) {
  const was = now.files.some(isUnderWay)
  now = { ...now, ...change }
  const is = now.files.some(isUnderWay)
  if (is && !was) addEventListener('beforeunload', warn)
  if (was && !is) removeEventListener('beforeunload', warn)
  for (const listener of listeners) listener()
}

const warn = (event: BeforeUnloadEvent) => event.preventDefault()

function change(id: number, fields: Partial<Upload>) {
  tell({ files: now.files.map((u) => (u.id === id ? { ...u, ...fields } : u)) })
}

const measured = new Map<number, number>()

/** Shows how much of a file has gone out, for all files at once and a few times a second. */
function measure(id: number, sent: number) {
  const isFirst = measured.size === 0
  measured.set(id, sent)
  if (!isFirst) return
  setTimeout(() => {
    tell({ files: now.files.map((u) => (u.state === 'sending' ? { ...u, sent: measured.get(u.id) ?? u.sent } : u)) })
    measured.clear()
  }, 150)
}

/** Keeps files that somebody chose until their fields are known. */
export function offer(project: string, files: readonly File[]): void {
  if (files.length === 0) return
  const more = now.offered?.project === project ? now.offered.files : []
  tell({ offered: { project, files: [...more, ...files] } })
}

/** Lets go of the files that were offered. */
export function decline(): void {
  tell({ offered: undefined })
}

/** Sends files; their fields are what is said of the notes they become. */
export function enqueue(project: string, files: readonly File[], fields: UploadFields): void {
  const added = files.map((file): Upload => {
    const begun = { id: nextID++, project, file, fields, sent: 0 }
    return file.size > largest ? { ...begun, state: 'refused', tooLarge: true } : { ...begun, state: 'waiting' }
  })
  tell({ files: [...now.files, ...added], offered: undefined })
  pump()
}

/** Holds everything that isn't through. What is on its way begins again later. */
export function pause(): void {
  tell({ paused: true })
  for (const way of ways.values()) way.abort()
}

/** Goes on after a pause. */
export function resume(): void {
  tell({ paused: false })
  tryAgain()
}

/** Doesn't wait until the time to try again has come. */
export function tryAgain(): void {
  clearTimeout(timer)
  tell({ lost: undefined })
  pump()
}

/** Takes a file out of the queue. */
export function cancel(id: number): void {
  const way = ways.get(id)
  tell({ files: now.files.filter((u) => u.id !== id) })
  way?.abort()
  pump()
}

/** Sends a file again that was refused. */
export function retry(id: number): void {
  change(id, { state: 'waiting', sent: 0, reason: undefined })
  tryAgain()
}

/** Forgets the files that are at their end. */
export function clear(): void {
  tell({ files: now.files.filter(isUnderWay) })
}

function pump() {
  if (now.paused || now.lost) return
  for (const u of now.files) {
    if (ways.size >= atOnce) return
    if (u.state === 'waiting' && !ways.has(u.id)) void send(u)
  }
}

async function send({ id, project, file, fields }: Upload) {
  const way = new AbortController()
  ways.set(id, way)
  change(id, { state: 'sending', sent: 0 })
  try {
    const { status, noteId, problem } = await upload(project, file, fields, {
      signal: way.signal,
      sent: (bytes) => measure(id, Math.min(bytes, file.size)),
    })
    wait = firstWait
    if (status === 'refused') change(id, { state: 'refused', reason: problem?.detail ?? '' })
    else change(id, { state: status === 'created' ? 'created' : 'known', sent: file.size, note: noteId ?? undefined })
    freshen(project)
  } catch (error) {
    fail(id, error, way.signal.aborted)
  } finally {
    ways.delete(id)
    pump()
  }
}

/** Sorts out whether to try again: a server that is away or has too much to do may take the file later. */
function fail(id: number, error: unknown, stopped: boolean) {
  const refused = error instanceof Refused ? error : new Refused(undefined)
  const status = refused.problem?.status
  if (stopped || status === undefined || status === 401 || status === 429 || status >= 500) {
    change(id, { state: 'waiting', sent: 0 })
    if (status === 401) pause()
    else if (!stopped) later(refused)
    return
  }
  change(id, { state: 'refused', reason: refused.problem?.detail ?? '' })
}

function later(refused: Refused) {
  if (now.lost) return
  tell({ lost: refused })
  timer = setTimeout(tryAgain, wait)
  wait = Math.min(2 * wait, longestWait)
}

/** Fetches a project's notes again when the last file is in; until then the stream tells of them. */
function freshen(project: string) {
  if (now.files.some((u) => u.project === project && isUnderWay(u))) return
  for (const list of ['notes', 'coverage']) void cache.invalidateQueries({ queryKey: ['project', project, list] })
}

addEventListener('online', () => now.lost && tryAgain())

// A session that ends keeps the files for whoever comes back; another person doesn't send them.
onSession((user) => {
  if (!user && now.files.some(isUnderWay)) pause()
  if (user && owner !== user.id) {
    if (owner !== undefined) {
      for (const way of ways.values()) way.abort()
      tell({ files: [], offered: undefined, paused: false, lost: undefined })
    }
    owner = user.id
  }
})
