// Comments: what the coders of a project say to each other at a coding. Those of one coding are its thread.

import { queryOptions } from '@tanstack/react-query'
import { all, answer, api, type Schemas } from '../api/client'

export type Comment = Schemas['Comment']

/** The comments at all codings of a note, oldest first. */
export const comments = (project: string, note: string, layer = 'open') =>
  queryOptions({
    queryKey: ['project', project, 'comments', note, layer],
    queryFn: () =>
      all((cursor) =>
        answer(
          api.GET('/api/v1/projects/{project}/comments', {
            params: { path: { project }, query: { note, layer, limit: 1000, cursor } },
          }),
        ),
      ),
  })

/** How many comments a thread has, and whether it is resolved. */
export type Talk = { count: number; resolved: boolean }

/** How the thread of each coding stands. */
export function talkOf(list: readonly Comment[]): Map<string, Talk> {
  const threads = new Map<string, Talk>()
  for (const { codingId, kind } of list) {
    const { count, resolved } = threads.get(codingId) ?? { count: 0, resolved: false }
    const said = kind === 'comment'
    threads.set(codingId, { count: count + Number(said), resolved: said ? resolved : kind === 'resolved' })
  }
  return threads
}
