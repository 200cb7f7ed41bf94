import { queryOptions } from '@tanstack/react-query'
import { answer, api, type Schemas } from '../api/client'

export type Excerpt = Schemas['Excerpt']

/** The codings of a project whose words were edited away, the newest first: up to 500 of them. */
export const review = (project: string) =>
  queryOptions({
    queryKey: ['project', project, 'review'],
    queryFn: async () =>
      (
        await answer(
          api.GET('/api/v1/projects/{project}/codings', { params: { path: { project }, query: { review: true, limit: 500 } } }),
        )
      ).items,
  })
