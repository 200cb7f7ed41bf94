// What happened in a project, and the versions of its notes' texts.

import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { v7 as newID } from 'uuid'
import { answer, api, type Schemas } from '../api/client'
import { cache, type Note } from './queries'

export type Event = Schemas['Event']
/** The kinds of records that a project's history tells of. */
export type Kind = Exclude<Event['noun'], 'account'>
export type TextVersion = Schemas['TextVersion']
export type TextChange = Schemas['Comparison']['changes'][number]
export type TextPreview = Schemas['TextPreview']

/** Which events are asked for; `from` and `to` are days of this device's calendar. */
export type Asked = { person?: string; kind?: Kind; note?: string; from?: string; to?: string }

const page = 200

/** What happened, the newest first, page by page. */
export const events = (project: string, asked: Asked) =>
  infiniteQueryOptions({
    queryKey: ['project', project, 'history', asked],
    queryFn: ({ pageParam }) =>
      answer(
        api.GET('/api/v1/projects/{project}/events', {
          params: {
            path: { project },
            query: {
              limit: page,
              cursor: pageParam,
              noun: asked.kind && [asked.kind],
              actor: asked.person,
              note: asked.note,
              since: midnight(asked.from, 0),
              until: midnight(asked.to, 1),
            },
          },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
  })

/** The midnight that begins a day, or one some days later. */
function midnight(day: string | undefined, later: number): string | undefined {
  if (!day) return undefined
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  return new Date(year, month - 1, date + later).toISOString()
}

/** Takes back an event or the batch it belongs to, with `rest` without what was changed again since. */
export async function takeBack(project: string, event: string, rest = false): Promise<{ batch: string }> {
  const undone = await answer(
    api.POST('/api/v1/projects/{project}/events/{event}/undo', {
      params: { path: { project, event }, header: { 'Idempotency-Key': newID() } },
      body: { rest },
    }),
  )
  await everythingAgain(project)
  return undone
}

/** Takes back the latest thing that was done in a batch or to a record. */
export async function takeBackLast(project: string, of: { batch: string } | { record: string }): Promise<void> {
  const { items } = await answer(
    api.GET('/api/v1/projects/{project}/events', { params: { path: { project }, query: { ...of, limit: 1 } } }),
  )
  if (items[0]) await takeBack(project, items[0].id)
}

/** An undo may touch anything: notes, their words, codings, the codebook. */
const everythingAgain = (project: string) => cache.invalidateQueries({ queryKey: ['project', project] })

export const versions = (project: string, note: string) =>
  queryOptions({
    queryKey: ['project', project, 'versions', note],
    queryFn: async () =>
      (await answer(api.GET('/api/v1/projects/{project}/notes/{note}/versions', { params: { path: { project, note } } }))).items,
  })

export const version = (project: string, note: string, number: number) =>
  queryOptions({
    queryKey: ['text version', project, note, number],
    queryFn: () =>
      answer(
        api.GET('/api/v1/projects/{project}/notes/{note}/text', {
          params: { path: { project, note }, query: { version: number } },
        }),
      ),
    staleTime: Number.POSITIVE_INFINITY,
  })

export const comparison = (project: string, note: string, from: number, to: number) =>
  queryOptions({
    queryKey: ['text version', project, note, from, to],
    queryFn: async () =>
      (
        await answer(
          api.GET('/api/v1/projects/{project}/notes/{note}/compare', {
            params: { path: { project, note }, query: { from, to } },
          }),
        )
      ).changes,
    staleTime: Number.POSITIVE_INFINITY,
  })

/** What writing an earlier version again would do to the note's codings. */
export const previewOfRestore = (note: Note, textVersion: number) =>
  queryOptions({
    queryKey: ['project', note.spaceId, 'preview', note.id, note.version, textVersion],
    queryFn: () =>
      answer(
        api.POST('/api/v1/projects/{project}/notes/{note}/text/preview', {
          params: { path: { project: note.spaceId, note: note.id }, header: { 'If-Match': `"${note.version}"` } },
          body: { textVersion },
        }),
      ),
    staleTime: 0,
  })

/** Writes an earlier version of a note's text again, as a new one. */
export async function restoreText(note: Note, textVersion: number): Promise<void> {
  await answer(
    api.PUT('/api/v1/projects/{project}/notes/{note}/text', {
      params: {
        path: { project: note.spaceId, note: note.id },
        header: { 'If-Match': `"${note.version}"`, 'Idempotency-Key': newID() },
      },
      body: { textVersion },
    }),
  )
  await everythingAgain(note.spaceId)
}
