// Sends files, three at once. Nothing is doubled by trying again: a file that broke off goes on from where
// it was, also after a reload when the same file is chosen again.

import { Refused } from '../api/client'
import { account, onSession } from '../api/session'
import { send } from '../api/tus'
import type { Upload } from '../api/uploads'
import { discardUploads, fetchUploads, forgetImported } from './imports'
import { refetchUploads } from './live'
import { type Found, forgetUploads, isUnderWay, type Sending, tellUploads, uploadsNow } from './uploads'

/** The most bytes that the server takes of one file; a larger one isn't sent to be refused. */
const largest = 50 * 1024 * 1024
const largestRecording = 2 * 1024 * 1024 * 1024
const recording = /\.(mp3|m4a|wav|mp4|webm)$/i
/** How many files are on their way at once. */
const atOnce = 3
const firstWait = 2000
const longestWait = 30_000

let nextKey = 1
let wait = firstWait
let timer: ReturnType<typeof setTimeout> | undefined
let owner = account()
const ways = new Map<number, AbortController>()

function change(key: number, fields: Partial<Sending>) {
  tellUploads({ files: uploadsNow().files.map((f) => (f.key === key ? { ...f, ...fields } : f)) })
}

const measured = new Map<number, number>()

/** Shows how much of a file has gone out, for all files at once and a few times a second. */
function measure(key: number, sent: number) {
  const isFirst = measured.size === 0
  measured.set(key, sent)
  if (!isFirst) return
  setTimeout(() => {
    const files = uploadsNow().files.map((f) =>
      f.state === 'sending' ? { ...f, sent: Math.min(measured.get(f.key) ?? f.sent, f.file.size) } : f,
    )
    measured.clear()
    tellUploads({ files })
  }, 150)
}

/** Sends files. Those whose beginning the server has already go on from there. */
export function enqueue(project: string, found: readonly Found[]): void {
  const added = found.map((one): Sending => {
    const begun = { ...one, key: nextKey++, project, sent: 0 }
    return one.file.size > (recording.test(one.file.name) ? largestRecording : largest)
      ? { ...begun, state: 'refused', tooLarge: true }
      : { ...begun, state: 'waiting' }
  })
  // Whoever brings more files is done with what came in before.
  if (!uploadsNow().importing) forgetImported(project)
  tellUploads({ files: [...uploadsNow().files, ...added] })
  pump()
}

/** Holds everything that isn't through. */
export function pause(): void {
  tellUploads({ paused: true })
  for (const way of ways.values()) way.abort()
}

/** Goes on after a pause. */
export function resume(): void {
  tellUploads({ paused: false })
  tryAgain()
}

/** Doesn't wait until the time to try again has come. */
export function tryAgain(): void {
  clearTimeout(timer)
  tellUploads({ lost: undefined })
  pump()
}

/** Sends a file again that was refused. */
export function retry(key: number): void {
  change(key, { state: 'waiting', sent: 0, upload: undefined, reason: undefined })
  tryAgain()
}

/** Takes files out, and off the server what it has of them. */
export async function takeOut(project: string, keys: readonly number[], uploads: readonly string[]): Promise<void> {
  const gone = uploadsNow().files.filter((f) => keys.includes(f.key) || (f.upload && uploads.includes(f.upload)))
  tellUploads({ files: uploadsNow().files.filter((f) => !gone.includes(f)) })
  for (const { key } of gone) ways.get(key)?.abort()
  await Promise.all(gone.map(({ key }) => ended.get(key)))
  pump()
  // The server may have begun one and not been heard.
  asking = undefined
  const unheard = await Promise.all(
    gone.map(async (f) => (f.state === 'sending' && !f.upload ? (await findThere(f))?.id : f.upload)),
  )
  await discardUploads(project, [...new Set([...uploads, ...unheard.filter((id) => id !== undefined)])])
}

/** Forgets the files that are not on their way. */
export function clear(): void {
  tellUploads({ files: uploadsNow().files.filter(isUnderWay) })
}

// The transfers that go on, so that nothing is taken off the server before its last piece has got there.
const ended = new Map<number, Promise<void>>()

function pump() {
  const { paused, lost, files } = uploadsNow()
  if (paused || lost) return
  for (const f of files) {
    if (ways.size >= atOnce) return
    if (f.state === 'waiting' && !ways.has(f.key)) {
      const way = new AbortController()
      ways.set(f.key, way)
      ended.set(f.key, transfer(f, way))
    }
  }
}

async function transfer(sending: Sending, way: AbortController) {
  const { key, project, file, path } = sending
  change(key, { state: 'sending' })
  try {
    const there = sending.upload ? undefined : await findThere(sending)
    way.signal.throwIfAborted()
    if (there) change(key, { upload: there.id })
    if (there?.state === 'receiving' || !there) {
      await send(project, file, path, {
        upload: sending.upload ?? there?.id,
        signal: way.signal,
        begun: (id) => change(key, { upload: id }),
        sent: (bytes) => measure(key, bytes),
      })
    }
    wait = firstWait
    change(key, { state: 'sent', sent: file.size })
    refetchUploads(project)
  } catch (error) {
    fail(key, error, way.signal.aborted)
  } finally {
    ways.delete(key)
    ended.delete(key)
    pump()
  }
}

let asking: { project: string; list: Promise<Upload[]> } | undefined

/**
 * The upload that holds this file, or its beginning, and that nobody in this window goes on with: one that
 * broke off, as before a reload, or one that this window began without hearing of it.
 */
async function findThere(sending: Sending): Promise<Upload | undefined> {
  const { key, project, file, path, before } = sending
  const isSame = (f: Sending) => f.file.name === file.name && f.path === path && f.file.size === file.size
  if (uploadsNow().files.some((f) => f.key !== key && f.state === 'sending' && !f.upload && isSame(f))) return undefined
  // Hundreds of files may begin at once; they share an answer.
  if (asking?.project !== project) {
    const list = fetchUploads(project)
    asking = { project, list }
    const done = () => setTimeout(() => (asking = asking?.list === list ? undefined : asking), 500)
    list.then(done, done)
  }
  const list = await asking.list
  if (!before) change(key, { before: new Set(list.map((u) => u.id)) })
  const taken = new Set(uploadsNow().files.map((f) => f.upload))
  return list.find(
    (u) =>
      (u.state === 'receiving' || (before && !before.has(u.id))) &&
      u.name === file.name &&
      u.path === path &&
      u.size === file.size &&
      !taken.has(u.id),
  )
}

/** Sorts out whether to try again: a server that is away or has too much to do may take the file later. */
function fail(key: number, error: unknown, stopped: boolean) {
  const refused = error instanceof Refused ? error : new Refused(undefined)
  const status = refused.problem?.status
  asking = undefined
  // Gone from the server, as when it waited there for days: it begins anew.
  if (status === 404 || status === 410) {
    const known = uploadsNow().files.find((f) => f.key === key)?.upload
    if (known && !stopped) return change(key, { state: 'waiting', sent: 0, upload: undefined })
  }
  // It was refused by its first bytes; the upload says why.
  if (refused.problem?.code === 'upload_closed') return change(key, { state: 'sent' })
  const isLater = status === undefined || isPassing(status, refused.problem?.code)
  if (stopped || isLater) {
    change(key, { state: 'waiting' })
    if (status === 401) pause()
    else if (!stopped) later(refused)
    return
  }
  change(key, { state: 'refused', reason: refused })
}

/** Whether a refusal may be over soon: of the session, of another window that sends the same, of too much to do. */
const isPassing = (status: number, code: string | undefined) =>
  status === 401 || status === 423 || status === 429 || status >= 500 || code === 'upload_offset_wrong'

function later(refused: Refused) {
  if (uploadsNow().lost) return
  tellUploads({ lost: refused })
  timer = setTimeout(tryAgain, wait)
  wait = Math.min(2 * wait, longestWait)
}

addEventListener('online', () => uploadsNow().lost && tryAgain())

// A session that ends keeps the files for whoever comes back; another person doesn't send them.
onSession((user) => {
  if (!user && uploadsNow().files.some(isUnderWay)) pause()
  if (user && owner !== user.id) {
    if (owner !== undefined) {
      for (const way of ways.values()) way.abort()
      forgetUploads()
    }
    owner = user.id
  }
})
