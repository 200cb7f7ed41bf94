// The excerpts of a code, with their counts.

import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { answer, api, type Schemas } from '../api/client'

export type Excerpt = Schemas['Excerpt']
export type CodingCounts = Schemas['CodingCounts']

/** Which excerpts of a code are shown. */
export type Filters = { alone?: true; site?: string; coder?: string; kind?: Schemas['NoteKind']; from?: string; to?: string }

export const excerpts = (project: string, code: string, filters: Filters, limit = 50) =>
  infiniteQueryOptions({
    queryKey: ['project', project, 'excerpts', code, filters, limit],
    queryFn: ({ pageParam: cursor }) =>
      answer(
        api.GET('/api/v1/projects/{project}/codings', {
          params: { path: { project }, query: { ...filters, code, order: 'place', limit, cursor } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
  })

export const counts = (project: string, code: string, filters: Filters) =>
  queryOptions({
    queryKey: ['project', project, 'counts', code, filters],
    queryFn: () =>
      answer(
        api.GET('/api/v1/projects/{project}/codings/counts', { params: { path: { project }, query: { ...filters, code } } }),
      ),
    placeholderData: (before) => before,
  })
