// The rules of writes that wait for the network: what an answer means for one, and how long to wait. Pure.

import type { Problem } from '../api/client'
import type { Write } from '../api/replay'

/** A write that waits on this device, in the order of `order`. */
export type Waiting = Write & {
  /** Given by the device. */
  order?: number
  id: string
  user: string
  /** What it is about, in the words of whoever wrote it, such as a title. */
  label: string
  createdAt: string
  /** Why the server refused it; it then waits for a person. */
  refused?: Pick<Problem, 'status' | 'code' | 'detail'>
}

/** What becomes of a write after an answer. */
export type Outcome = 'sent' | 'later' | 'refused'

/** Reads an answer. What says nothing about the write itself is tried again. */
export function outcome(method: Write['method'], status: number, code: string | undefined): Outcome {
  if (status < 300) return 'sent'
  // Taking away what is gone was done before.
  if (method === 'DELETE' && status === 404 && code !== 'project_not_found') return 'sent'
  if (status === 401 || status === 408 || status === 429 || status >= 500) return 'later'
  if (code === 'request_under_way') return 'later'
  return 'refused'
}

const first = 1000
const longest = 30_000

/** How many milliseconds to wait after so many tries in vain; chance is from 0 to 1, so that not all come back at once. */
export function pause(tries: number, retryAfter: number | undefined, chance: number): number {
  const grown = Math.min(first * 2 ** Math.max(tries - 1, 0), longest)
  return Math.max(grown * (0.75 + chance / 2), Math.min(retryAfter ?? 0, 300) * 1000)
}

/** The write that is to be sent next: the oldest that wasn't refused. */
export const next = (all: readonly Waiting[]): Waiting | undefined =>
  all.filter((w) => !w.refused).sort((a, b) => (a.order ?? 0) - (b.order ?? 0))[0]

/** What kind of change a write is, for people. */
export type Kind = 'note' | 'site' | 'participant' | 'coding' | 'comment' | 'removal' | 'change'

/** Tells the kind of a write. */
export function kindOf({ method, path }: Pick<Write, 'method' | 'path'>): Kind {
  const [, noun, id] = path.split('/')
  if (noun === 'codings' && method === 'DELETE') return 'removal'
  if (method !== 'POST' || id) return 'change'
  return (
    ({ notes: 'note', sites: 'site', participants: 'participant', codings: 'coding', comments: 'comment' } as const)[
      noun ?? ''
    ] ?? 'change'
  )
}

/** The id of the record that a write makes or takes away; empty if it does neither. */
export function recordOf({ method, path, body }: Pick<Write, 'method' | 'path' | 'body'>): string {
  if (method === 'DELETE') return path.split('/').at(-1) ?? ''
  return body && 'id' in body && typeof body.id === 'string' ? body.id : ''
}
