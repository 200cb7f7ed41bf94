// What the app keeps of the server's records, by key. Everything that reads or changes the cache is here.

import { QueryClient, queryOptions } from '@tanstack/react-query'
import { all, answer, api, Refused, type Schemas } from '../api/client'
import { known } from './known'

export type Project = Schemas['Project']
export type Site = Schemas['Site']
export type Note = Schemas['Note']
export type NoteText = Schemas['Text']
export type Block = Schemas['Block']
export type Code = Schemas['Code']
export type Coding = Schemas['Coding']
export type Member = Schemas['Member']
export type Round = Schemas['Round']

/** Where everyday coding belongs; every other layer is a round, by its id. */
export const open = 'open'

export const cache = new QueryClient({
  defaultOptions: {
    // Without a network a query fails at once, and says so, or gives what this device remembers.
    mutations: { networkMode: 'always' },
    queries: {
      networkMode: 'always',
      staleTime: 30_000,
      retry: (times, error) => times < 2 && error instanceof Refused && error.problem === undefined,
    },
  },
})

const page = 1000
const path = (project: string) => ({ project })

export const projects = () =>
  queryOptions({
    queryKey: ['projects'],
    queryFn: () => known('projects', async () => (await answer(api.GET('/api/v1/projects'))).items),
  })

export const templates = (language: 'en' | 'da') =>
  queryOptions({
    queryKey: ['templates', language],
    queryFn: async () => (await answer(api.GET('/api/v1/codebook-templates', { params: { query: { language } } }))).items,
    staleTime: Number.POSITIVE_INFINITY,
  })

export const project = (id: string) =>
  queryOptions({
    queryKey: ['project', id],
    queryFn: () => known(`project ${id}`, () => answer(api.GET('/api/v1/projects/{project}', { params: { path: path(id) } }))),
  })

export const members = (id: string) =>
  queryOptions({
    queryKey: ['project', id, 'members'],
    queryFn: async () => (await answer(api.GET('/api/v1/projects/{project}/members', { params: { path: path(id) } }))).items,
  })

/** Who is or was in a project, by the names that may be told: whose what they wrote and coded is. */
export const everybody = (id: string) =>
  queryOptions({
    queryKey: ['project', id, 'members', 'everybody'],
    queryFn: async () =>
      (
        await Promise.all(
          [false, true].map((former) =>
            answer(api.GET('/api/v1/projects/{project}/members', { params: { path: path(id), query: { former } } })),
          ),
        )
      ).flatMap(({ items }) => items),
  })

export const sites = (id: string) =>
  queryOptions({
    queryKey: ['project', id, 'sites'],
    queryFn: () =>
      known(`sites ${id}`, () =>
        all((cursor) =>
          answer(api.GET('/api/v1/projects/{project}/sites', { params: { path: path(id), query: { limit: page, cursor } } })),
        ),
      ),
  })

export const codes = (id: string) =>
  queryOptions({
    queryKey: ['project', id, 'codes'],
    queryFn: async () => (await answer(api.GET('/api/v1/projects/{project}/codes', { params: { path: path(id) } }))).items,
  })

export const notes = (id: string) =>
  queryOptions({
    queryKey: ['project', id, 'notes'],
    queryFn: () =>
      all((cursor) =>
        answer(api.GET('/api/v1/projects/{project}/notes', { params: { path: path(id), query: { limit: page, cursor } } })),
      ),
  })

/** The people observed, by pseudonym. */
export const participants = (id: string) =>
  queryOptions({
    queryKey: ['project', id, 'participants'],
    queryFn: () =>
      known(`participants ${id}`, () =>
        all((cursor) =>
          answer(
            api.GET('/api/v1/projects/{project}/participants', {
              params: { path: { project: id }, query: { limit: page, cursor } },
            }),
          ),
        ),
      ),
  })

export const text = (id: string, note: string) =>
  queryOptions({
    queryKey: ['project', id, 'text', note],
    queryFn: () => answer(api.GET('/api/v1/projects/{project}/notes/{note}/text', { params: { path: { project: id, note } } })),
    staleTime: Number.POSITIVE_INFINITY, // a version never changes, and a newer one waits until the reader wants it
  })

/** The codings of a note in a layer, as far as one may see them. */
export const codings = (id: string, note: string, layer = open) =>
  queryOptions({
    queryKey: ['project', id, 'codings', note, layer],
    queryFn: () =>
      all((cursor) =>
        answer(
          api.GET('/api/v1/projects/{project}/notes/{note}/codings', {
            params: { path: { project: id, note }, query: { layer, limit: page, cursor } },
          }),
        ),
      ),
  })

/** The rounds of a project, the newest first. */
export const rounds = (id: string) =>
  queryOptions({
    queryKey: ['project', id, 'rounds'],
    queryFn: () =>
      all((cursor) =>
        answer(api.GET('/api/v1/projects/{project}/rounds', { params: { path: path(id), query: { limit: page, cursor } } })),
      ),
  })
