// The inbox of whoever is signed in: what concerns them in all their projects.

import { infiniteQueryOptions } from '@tanstack/react-query'
import { answer, api, type Schemas } from '../api/client'
import { cache } from './queries'

export type InboxItem = Schemas['InboxItem']

const page = 50

/** What has come, newest first, page by page; all or what is unread. */
export const inbox = (unread: boolean) =>
  infiniteQueryOptions({
    queryKey: ['me', 'inbox', 'list', unread],
    queryFn: ({ pageParam: cursor }) =>
      answer(api.GET('/api/v1/me/inbox', { params: { query: { limit: page, cursor, ...(unread && { unread }) } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
  })

/** Marks items as read or unread: shown at once, and fetched anew when it is through. */
export async function mark(ids: readonly string[], read: boolean): Promise<void> {
  const key = inbox(false).queryKey
  await cache.cancelQueries({ queryKey: ['me', 'inbox'] })
  cache.setQueryData(
    key,
    (known) =>
      known && {
        ...known,
        pages: known.pages.map((p) => ({ ...p, items: p.items.map((i) => (ids.includes(i.id) ? { ...i, read } : i)) })),
      },
  )
  await send({ ids: [...ids], read })
}

/** Marks everything as read. Gives the ids of what was unread, as far as one undo can bring it back. */
export async function markAll(): Promise<string[]> {
  const { items } = await answer(api.GET('/api/v1/me/inbox', { params: { query: { unread: true, limit: 1000 } } }))
  await send({ all: true, read: true })
  return items.map((i) => i.id)
}

async function send(body: Schemas['InboxReading']): Promise<void> {
  try {
    await answer(api.POST('/api/v1/me/inbox/read', { body }))
  } finally {
    await cache.invalidateQueries({ queryKey: ['me', 'inbox'] })
  }
}
