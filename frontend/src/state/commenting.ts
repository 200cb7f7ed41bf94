// What somebody says in a thread: shown at once, sent when there is a network, and taken back if it is refused.

import { v7 as newID } from 'uuid'
import { answer, api, type Schemas } from '../api/client'
import { account } from '../api/session'
import { unnamed } from '../text/mentions'
import { type Comment, comments } from './comments'
import { cache } from './queries'
import { deliver, useWaiting } from './queue'

/** Where a thread is: at a coding of a layer. */
export type Place = { project: string; note: string; coding: string; layer: string }

/** Says something in a thread, or that it is resolved or open again. */
export async function comment({ project, note, coding, layer }: Place, kind: Comment['kind'], text = ''): Promise<void> {
  const now = new Date().toISOString()
  const id = newID()
  const head = { id, spaceId: project, version: 1, createdAt: now, updatedAt: now }
  const said: Comment = { ...head, layer, noteId: note, codingId: coding, authorId: account() ?? '', kind, text, mentions: [] }
  const key = comments(project, note, layer).queryKey
  await cache.cancelQueries({ queryKey: key })
  cache.setQueryData(key, (all) => [...(all ?? []), said])
  const body: Schemas['NewComment'] = { id, codingId: coding, kind, ...(kind === 'comment' && { text }) }
  const show = (stored: Comment | undefined) =>
    cache.setQueryData(key, (all) => all?.flatMap((other) => (other.id === id ? (stored ?? []) : other)))
  try {
    // What waits on this device is shown as that.
    show(
      await inTurn(coding, () =>
        deliver<Comment>({ method: 'POST', project, path: '/comments', body, label: unnamed(text).slice(0, 80) }),
      ),
    )
  } catch (error) {
    show(undefined)
    throw error
  } finally {
    // What is on its way yet would go from the screen with a list that lacks it.
    if (!inLine.has(coding)) void refetch(project)
  }
}

const inLine = new Map<string, Promise<unknown>>()

/** Sends what is said in one thread in the order in which it was said. */
async function inTurn<T>(thread: string, send: () => Promise<T>): Promise<T> {
  const before = inLine.get(thread)
  const sent = (async () => {
    await before?.catch(() => undefined)
    return send()
  })()
  inLine.set(thread, sent)
  try {
    return await sent
  } finally {
    if (inLine.get(thread) === sent) inLine.delete(thread)
  }
}

/** What waits on this device to be said in a thread. */
export function useUnsaid({ project, coding }: Place): Pick<Comment, 'id' | 'kind' | 'text' | 'createdAt'>[] {
  return useWaiting().flatMap(({ path, project: of, body, createdAt, refused }) => {
    if (path !== '/comments' || of !== project || refused) return []
    const { id, codingId, kind, text } = body as Required<Schemas['NewComment']>
    return codingId === coding ? { id, kind, text: text ?? '', createdAt } : []
  })
}

/** Changes the words of a comment. */
export async function changeComment(said: Comment, text: string): Promise<void> {
  await answer(
    api.PATCH('/api/v1/projects/{project}/comments/{comment}', {
      params: {
        path: { project: said.spaceId, comment: said.id },
        header: { 'If-Match': `"${said.version}"`, 'Idempotency-Key': newID() },
      },
      body: { text },
    }),
  )
  await refetch(said.spaceId)
}

/** Puts a comment into the bin. */
export async function deleteComment(said: Comment): Promise<void> {
  await answer(
    api.DELETE('/api/v1/projects/{project}/comments/{comment}', {
      params: { path: { project: said.spaceId, comment: said.id }, header: { 'Idempotency-Key': newID() } },
    }),
  )
  await refetch(said.spaceId)
}

/** Takes a comment out of the bin. */
export async function restoreComment(said: Comment): Promise<void> {
  await answer(
    api.POST('/api/v1/projects/{project}/bin/{noun}/{record}/restore', {
      params: {
        path: { project: said.spaceId, noun: 'comment', record: said.id },
        header: { 'Idempotency-Key': newID() },
      },
    }),
  )
  await refetch(said.spaceId)
}

const refetch = (project: string) => cache.invalidateQueries({ queryKey: ['project', project, 'comments'] })
