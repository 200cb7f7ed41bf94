// How much of what concerns somebody they haven't read: all that most views show of an inbox.

import { queryOptions } from '@tanstack/react-query'
import { answer, api } from '../api/client'

/** How many items of the inbox are unread. Where no stream tells of new ones, they are asked for now and then. */
export const unread = () =>
  queryOptions({
    queryKey: ['me', 'inbox', 'unread'],
    queryFn: async () => (await answer(api.GET('/api/v1/me/inbox', { params: { query: { unread: true, limit: 1 } } }))).unread,
    refetchInterval: 60_000,
  })
