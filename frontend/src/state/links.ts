// Links: typed relations between two codings, of one note or of two.

import { queryOptions } from '@tanstack/react-query'
import { v7 as newID } from 'uuid'
import { all, answer, api, type Schemas } from '../api/client'
import { cache, open } from './queries'

export type Link = Schemas['Link']
export const linkKinds = ['contrasts', 'explains', 'leadsTo', 'repeats'] as const satisfies readonly Link['kind'][]

/** All links of a layer of a project. */
export const links = (project: string, layer = open) =>
  queryOptions({
    queryKey: ['project', project, 'links', layer],
    queryFn: () =>
      all((cursor) =>
        answer(
          api.GET('/api/v1/projects/{project}/links', { params: { path: { project }, query: { layer, limit: 1000, cursor } } }),
        ),
      ),
  })

/** One coding, for what stands at the other end of a link. */
export const coding = (project: string, id: string) =>
  queryOptions({
    queryKey: ['project', project, 'coding', id],
    queryFn: () => answer(api.GET('/api/v1/projects/{project}/codings/{coding}', { params: { path: { project, coding: id } } })),
  })

/** Relates one coding to another. */
export async function putLink(project: string, fromId: string, toId: string, kind: Link['kind']): Promise<Link> {
  const made = await answer(
    api.POST('/api/v1/projects/{project}/links', {
      params: { path: { project }, header: { 'Idempotency-Key': newID() } },
      body: { id: newID(), fromId, toId, kind },
    }),
  )
  await cache.invalidateQueries({ queryKey: ['project', project, 'links'] })
  return made
}

/** Takes a relation away. */
export async function removeLink(project: string, link: Link): Promise<void> {
  await answer(
    api.DELETE('/api/v1/projects/{project}/links/{link}', {
      params: { path: { project, link: link.id }, header: { 'Idempotency-Key': newID() } },
    }),
  )
  await cache.invalidateQueries({ queryKey: ['project', project, 'links'] })
}
