// The API as functions with types made from openapi.yaml. Nothing else in the app calls fetch.

import createClient, { type Middleware } from 'openapi-fetch'
import { reached } from './network'
import type { components, paths } from './schema'
import { accessToken, refresh } from './session'

export type Schemas = components['schemas']
export type Problem = Schemas['Problem']

// What is sent again if the access token turns out to be good no more: a request's body can be read once.
const copies = new WeakMap<Request, Request>()

const signed: Middleware = {
  async onRequest({ request, schemaPath }) {
    if (schemaPath.startsWith('/api/v1/auth/')) return undefined
    const token = await accessToken()
    if (token !== '') request.headers.set('Authorization', `Bearer ${token}`)
    copies.set(request, request.clone())
    return request
  },
  async onResponse({ request, response }) {
    reached(true)
    const copy = copies.get(request)
    if (response.status !== 401 || !copy || !(await refresh())) return undefined
    copy.headers.set('Authorization', `Bearer ${await accessToken()}`)
    return fetch(copy)
  },
  onError({ error }) {
    if (!(error instanceof DOMException && error.name === 'AbortError')) reached(false)
  },
}

export const api = createClient<paths>({ baseUrl: '/' })
api.use(signed)

/** A refusal of the server, with its sentence for people; `problem` is undefined if it couldn't be reached. */
export class Refused extends Error {
  constructor(readonly problem: Problem | undefined) {
    super(problem?.detail ?? 'no answer')
  }
}

/** Gives the answer of a request, or throws Refused. */
export async function answer<T>(request: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  let result: Awaited<typeof request>
  try {
    result = await request
  } catch {
    throw new Refused(undefined)
  }
  if (!result.response.ok) throw new Refused(isProblem(result.error) ? result.error : undefined)
  return result.data as T
}

/** Whether an answer is a problem of the server. */
export function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'code' in value && 'detail' in value
}

/** Walks through the pages of a list. */
export async function all<T>(page: (cursor?: string) => Promise<{ items: T[]; next?: string | null }>): Promise<T[]> {
  const items: T[] = []
  for (let cursor: string | undefined; ; ) {
    const list = await page(cursor)
    items.push(...list.items)
    if (!list.next) return items
    cursor = list.next
  }
}
