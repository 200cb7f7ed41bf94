// Files on their way to the server, and what became of those that were imported. It lives beside the
// views, so it goes on while somebody walks through the app. What sends them is loaded with the first file.

import { useSyncExternalStore } from 'react'
import type { Refused } from '../api/client'
import type { Committed, Upload } from '../api/uploads'

/** A file as a picker or a drop gives it, with the folders that it lay in. */
export type Found = { file: File; path: string }

/** Where a file is: waiting, going out, all of it on the server, or refused. */
export type SendingState = 'waiting' | 'sending' | 'sent' | 'refused'

export type Sending = Found & {
  key: number
  project: string
  state: SendingState
  /** Bytes that have gone out. */
  sent: number
  /** The upload that the server keeps it as. */
  upload?: string
  /** Why it was refused. */
  reason?: Refused
  /** It is larger than the server takes, which is known before anything is sent. */
  tooLarge?: true
  /** The uploads that were there before it was first tried; any other may be this file, though nobody heard of it. */
  before?: ReadonlySet<string>
}

/** A file that was imported, or refused then. */
export type Imported = { project: string; upload: Upload; sending: Sending | undefined; result: Committed }

export type Uploads = {
  files: readonly Sending[]
  paused: boolean
  /** Why nothing goes out just now, though nobody paused it: it is tried again. */
  lost: Refused | undefined
  /** How many of the files that are being imported are through. */
  importing: { project: string; done: number; all: number } | undefined
  imported: readonly Imported[]
}

const nothing: Uploads = { files: [], paused: false, lost: undefined, importing: undefined, imported: [] }
let now = nothing
const listeners = new Set<() => void>()

/** The files of this window. */
export function useUploads(): Uploads {
  return useSyncExternalStore(listen, () => now)
}

function listen(changed: () => void) {
  listeners.add(changed)
  return () => listeners.delete(changed)
}

/** The files of this window, for what sends and imports them. */
export const uploadsNow = (): Uploads => now

/** Whether a file waits or is on its way. */
export const isUnderWay = ({ state }: Sending): boolean => state === 'waiting' || state === 'sending'

const warn = (event: BeforeUnloadEvent) => event.preventDefault()

/** Changes what is known of the files, and warns whoever would leave the app while some are under way. */
export function tellUploads(change: Partial<Uploads>): void {
  const isBusy = () => now.files.some(isUnderWay) || now.importing !== undefined
  const was = isBusy()
  now = { ...now, ...change }
  const is = isBusy()
  if (is && !was) addEventListener('beforeunload', warn)
  if (was && !is) removeEventListener('beforeunload', warn)
  for (const listener of listeners) listener()
}

/** Forgets everything, as for another person. */
export const forgetUploads = (): void => tellUploads(nothing)

/** Sends files to a project, to be looked at there before they become notes. It fails if what sends them can't be loaded. */
export async function offer(project: string, found: readonly Found[]): Promise<void> {
  const { enqueue } = await import('./uploading')
  enqueue(project, found)
}
