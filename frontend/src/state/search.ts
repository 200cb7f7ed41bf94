// Searches, what they count, what was saved of them, and putting a code on all that one found.

import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { v7 as newID } from 'uuid'
import { answer, api, Refused, type Schemas } from '../api/client'
import { ofFilter } from '../note/values'
import { type Asked, parameters, type SavedQuery } from '../search/address'
import { cache } from './queries'

export type Hit = Schemas['Hit']
export type Facets = Schemas['Facets']
export type SavedSearch = Schemas['SavedSearch']
export type Candidate = Schemas['Candidate']
export type Candidates = Schemas['Candidates']
export type Participant = Schemas['Participant']
export type Extent = 'passage' | 'words'

/** How many hits come at once. */
const pageSize = 50
const most = 200

const key = (project: string) => ['project', project, 'search']

type Ask = SavedQuery & { limit?: number; cursor?: string }

const find = (project: string, query: Ask, signal?: AbortSignal) =>
  answer(api.GET('/api/v1/projects/{project}/search', { params: { path: { project }, query }, signal: signal ?? null }))

/** While the search engine is away, a search asks again by itself. */
const unavailable = (error: unknown) => error instanceof Refused && error.problem?.code === 'search_unavailable'

/** The hits of a search, page by page. A new search leaves the old hits standing until it is answered. */
export const hits = (project: string, asked: Asked) =>
  infiniteQueryOptions({
    queryKey: [...key(project), 'hits', { ...parameters(asked), type: asked.type }],
    queryFn: ({ pageParam, signal }) =>
      find(
        project,
        { ...parameters(asked), type: [asked.type], limit: pageSize, ...(pageParam && { cursor: pageParam }) },
        signal,
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: (query) => (unavailable(query.state.error) ? 5000 : false),
  })

/**
 * What the filters count. A filter's own choices don't count against the others in it, so that a second
 * one can be chosen; each filter in use is therefore asked about once more, without it.
 */
export const counts = (project: string, asked: Asked) =>
  queryOptions({
    queryKey: [...key(project), 'counts', { ...parameters({ ...asked, order: 'relevance' }), type: asked.type }],
    queryFn: async ({ signal }): Promise<Facets> => {
      const count = async (without: Partial<Asked>, type?: Asked['type']) =>
        (await find(project, { ...parameters({ ...asked, ...without }), ...(type && { type: [type] }), limit: 1 }, signal)).facets
      const { type } = asked
      const groups = {
        site: asked.site.length > 0 && count({ site: [] }, type),
        kind: asked.kind.length > 0 && count({ kind: [] }, type),
        code: asked.codeAny.length > 0 && count({ codeAny: [] }, type),
        coder: asked.coder.length > 0 && count({ coder: [] }, type),
        participant: asked.participant.length > 0 && count({ participant: [] }, type),
        phase: asked.phase !== '' && count({ phase: '' }, type),
        language: asked.language !== '' && count({ language: '' }, type),
      }
      const [everything, base] = await Promise.all([count({}), count({}, type)])
      const out: Facets = { ...base, type: everything.type, attributes: { ...base.attributes } }
      const ids = [...new Set(asked.attribute.map((filter) => ofFilter(filter).id))]
      const others = await Promise.all(
        ids.map((id) => count({ attribute: asked.attribute.filter((filter) => ofFilter(filter).id !== id) }, type)),
      )
      for (const [i, id] of ids.entries()) out.attributes[id] = others[i]?.attributes[id] ?? {}
      for (const [name, asked] of Object.entries(groups)) {
        const group = name as keyof typeof groups
        if (asked) out[group] = (await asked)[group]
      }
      return out
    },
    placeholderData: keepPreviousData,
  })

/** How many hits a printed list has at most. */
export const printed = 1000

/** The passages of a search for a printed list, and how many there are in all. */
export const excerpts = (project: string, asked: Asked) =>
  queryOptions({
    queryKey: [...key(project), 'excerpts', parameters(asked)],
    queryFn: async ({ signal }) => {
      const items: Hit[] = []
      let total = 0
      for (let cursor: string | undefined; ; ) {
        const query: Ask = { ...parameters(asked), type: ['passage'], limit: most, ...(cursor && { cursor }) }
        const page = await find(project, query, signal)
        items.push(...page.items)
        total = page.total
        if (!page.next || items.length >= printed) return { items: items.slice(0, printed), total }
        cursor = page.next
      }
    },
  })

const savedKey = (project: string) => ['project', project, 'saved-searches']

/** The searches that one saved, by name. */
export const savedSearches = (project: string) =>
  queryOptions({
    queryKey: savedKey(project),
    queryFn: async () =>
      (await answer(api.GET('/api/v1/projects/{project}/saved-searches', { params: { path: { project } } }))).items,
  })

const again = (project: string) => cache.invalidateQueries({ queryKey: savedKey(project) })

/** Keeps a search under a name. */
export async function saveSearch(project: string, name: string, query: SavedQuery): Promise<void> {
  await answer(
    api.POST('/api/v1/projects/{project}/saved-searches', {
      params: { path: { project }, header: { 'Idempotency-Key': newID() } },
      body: { id: newID(), name, query },
    }),
  )
  await again(project)
}

/** Gives a saved search another name. */
export async function renameSearch(project: string, saved: SavedSearch, name: string): Promise<void> {
  await answer(
    api.PATCH('/api/v1/projects/{project}/saved-searches/{savedSearch}', {
      params: { path: { project, savedSearch: saved.id }, header: { 'If-Match': `"${saved.version}"` } },
      body: { name },
    }),
  ).finally(() => again(project))
}

/** Removes a saved search. Saving it again under its name is how that is undone. */
export async function removeSearch(project: string, saved: SavedSearch): Promise<void> {
  await answer(
    api.DELETE('/api/v1/projects/{project}/saved-searches/{savedSearch}', {
      params: { path: { project, savedSearch: saved.id }, header: {} },
    }),
  ).finally(() => again(project))
}

/** Where a code could be put by a search. */
export const candidates = (project: string, asked: Asked, codeId: string, extent: Extent) =>
  queryOptions({
    queryKey: [...key(project), 'candidates', parameters(asked), codeId, extent],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/v1/projects/{project}/search/candidates', {
          params: { path: { project }, query: { ...withoutType(parameters(asked)), put: codeId, extent } },
          signal,
        }),
      ),
    staleTime: 0,
    placeholderData: keepPreviousData,
  })

function withoutType({ type: _, ...query }: SavedQuery): Omit<SavedQuery, 'type'> {
  return query
}

/** What was put at once, and can be taken back at once. */
export type Put = { project: string; codingId: string; count: number }

/** Puts a code on places, as one change. Undefined says that all of them had it already. */
export async function putAll(project: string, codeId: string, places: readonly Candidate[]): Promise<Put | undefined> {
  const asked = places.map(({ noteId, anchor: { start, end, quote, textVersion } }) => ({
    id: newID(),
    noteId,
    codeId,
    anchor: { start, end, quote, textVersion },
  }))
  const stored = await answer(
    api.POST('/api/v1/projects/{project}/codings/batch', {
      params: { path: { project }, header: { 'Idempotency-Key': newID() } },
      body: { items: asked },
    }),
  ).finally(() => changed(project))
  // Those that stood already belong to an earlier change, which isn't ours to take back.
  const sent = new Set(asked.map((a) => a.id))
  const made = stored.items.filter((c) => sent.has(c.id))
  return made[0] && { project, codingId: made[0].id, count: made.length }
}

/** Takes back what was put at once; gives how many were changed since and therefore stay. */
export async function takeBack({ project, codingId }: Put): Promise<number> {
  const events = await answer(
    api.GET('/api/v1/projects/{project}/events', {
      params: { path: { project }, query: { noun: ['coding'], record: codingId, limit: 1000 } },
    }),
  )
  const made = events.items.find((e) => e.verb === 'created')
  if (!made) throw new Refused(undefined)
  const undo = (rest: boolean) =>
    answer(
      api.POST('/api/v1/projects/{project}/events/{event}/undo', {
        params: { path: { project, event: made.id }, header: { 'Idempotency-Key': newID() } },
        body: { rest },
      }),
    )
  const done = await undo(false)
    .catch((error) => {
      if (error instanceof Refused && error.problem?.code === 'moved_on') return undo(true)
      throw error
    })
    .finally(() => changed(project))
  return done.movedOn.length
}

/** After codings changed: what is shown of them is fetched again, and once more when the index has caught up. */
async function changed(project: string): Promise<void> {
  const fetchAgain = () => cache.invalidateQueries({ queryKey: key(project) })
  setTimeout(() => void fetchAgain(), 1500)
  await Promise.all([cache.invalidateQueries({ queryKey: ['project', project, 'codings'] }), fetchAgain()])
}
