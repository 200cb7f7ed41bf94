// Sends a write that was put together before: with the key it was given then, so that it is done once,
// however often it is sent.

import type { Problem } from './client'
import { reached } from './network'
import { accessToken, account, refresh } from './session'

/** A write, ready to be sent. */
export type Write = {
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Behind /api/v1/projects/{project}, or behind /api/v1 where the project is empty. */
  path: string
  project: string
  body?: object
  /** Its Idempotency-Key; empty where the operation takes none. */
  key: string
  /** The version that was seen, where the operation asks for it. */
  seen?: number
}

/** An answer of the server; `problem` is there if it refused. */
export type Reply = { status: number; body: unknown; problem: Problem | undefined; retryAfter: number | undefined }

// A network that swallows requests mustn't hold up what waits behind them.
const patience = 60_000

/** Sends a write of a user's. Gives undefined, without sending, if somebody else is signed in, and fails when nobody answers. */
export async function replay(user: string, write: Write): Promise<Reply | undefined> {
  for (let again = true; ; again = false) {
    const token = await accessToken()
    if (token === '' || account() !== user) return undefined
    const response = await request(token, write)
    if (response.status === 401 && again && (await refresh())) continue
    return reply(response)
  }
}

async function request(token: string, { method, project, path, body, key, seen }: Write): Promise<Response> {
  const headers = new Headers({ Authorization: `Bearer ${token}` })
  if (body) headers.set('Content-Type', 'application/json')
  if (key) headers.set('Idempotency-Key', key)
  if (seen) headers.set('If-Match', `"${seen}"`)
  try {
    const response = await fetch(`/api/v1${project && `/projects/${project}`}${path}`, {
      method,
      headers,
      signal: AbortSignal.timeout(patience),
      ...(body && { body: JSON.stringify(body) }),
    })
    reached(true)
    return response
  } catch (error) {
    reached(false)
    throw error
  }
}

async function reply(response: Response): Promise<Reply> {
  const text = await response.text()
  const body: unknown = text === '' ? undefined : read(text)
  const after = Number(response.headers.get('Retry-After'))
  return {
    status: response.status,
    body,
    problem: response.ok ? undefined : ((body ?? noProblem(response.status)) as Problem),
    retryAfter: after > 0 ? after : undefined,
  }
}

function read(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // a page of something that stands before the server
  }
}

const noProblem = (status: number): Problem => ({
  type: 'about:blank',
  title: String(status),
  status,
  detail: '',
  code: 'internal',
})
