// Notes as sources: how far each is coded, changes of many at once, and the sites and participants they name.

import { queryOptions } from '@tanstack/react-query'
import { useCallback, useEffect, useRef } from 'react'
import { v7 as newID } from 'uuid'
import { all, answer, api, type Schemas } from '../api/client'
import { useChanges } from './live'
import { cache, type Note, notes, participants, type Site, sites } from './queries'

export type Participant = Schemas['Participant']
export type Progress = Schemas['NoteProgress']
export type NoteChange = Schemas['NoteChange']
export type SiteFields = Schemas['SiteChange']
export type ParticipantFields = Schemas['ParticipantChange']

const page = 1000

/** How far each note is coded, by its id. */
export const progress = (id: string) =>
  queryOptions({
    queryKey: ['project', id, 'coverage'],
    queryFn: async () => byNote(await fetchProgress(id)),
    staleTime: 60_000,
  })

const byNote = (items: Progress[]): Map<string, Progress> => new Map(items.map((p) => [p.noteId, p]))

const fetchProgress = (project: string, note?: string[]) =>
  all((cursor) =>
    answer(
      api.GET('/api/v1/projects/{project}/notes/progress', {
        params: { path: { project }, query: { limit: page, cursor, ...(note ? { note } : {}) } },
      }),
    ),
  )

/** How many notes are asked for by name; for more than these the whole list is fetched. */
const few = 50

/** Keeps the progress of a project true while people code: only what changed is asked for again, once a second. */
export function useProgressKept(project: string): void {
  const changed = useRef(new Set<string>())
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  useChanges(
    useCallback(
      (change) => {
        for (const { noun, noteId, recordId } of change.events) {
          if (noun === 'coding' && noteId) changed.current.add(noteId)
          if (noun === 'note') changed.current.add(recordId)
        }
        if (changed.current.size === 0 || timer.current) return
        timer.current = setTimeout(() => {
          timer.current = undefined
          const which = [...changed.current]
          changed.current.clear()
          void refresh(project, which)
        }, 1000)
      },
      [project],
    ),
  )
}

async function refresh(project: string, which: string[]) {
  const { queryKey } = progress(project)
  if (which.length > few) return void cache.invalidateQueries({ queryKey })
  const fresh = await fetchProgress(project, which).catch(() => undefined)
  if (!fresh) return void cache.invalidateQueries({ queryKey })
  cache.setQueryData(queryKey, (old) => {
    if (!old) return old
    const now = new Map(old)
    for (const id of which) now.delete(id)
    for (const p of fresh) now.set(p.noteId, p)
    return now
  })
}

/** What became of changes to many notes. */
export type Batch = {
  done: { before: Note; after: Note }[]
  refused: { note: Note; error: unknown }[]
}

/** How many requests of a batch are on their way at once. */
const atOnce = 4

/** Sends a request for each item, a few at once, and tells after each how many are through. */
async function eachOf<T>(items: readonly T[], send: (item: T) => Promise<void>, told: (through: number) => void) {
  let next = 0
  let through = 0
  const line = async () => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) {
      await send(item)
      told(++through)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, line))
}

/** Changes notes, each as it was seen. */
export async function changeNotes(
  project: string,
  changes: readonly { note: Note; change: NoteChange }[],
  told: (through: number) => void = () => undefined,
): Promise<Batch> {
  const batch: Batch = { done: [], refused: [] }
  await eachOf(
    changes,
    async ({ note, change }) => {
      try {
        const after = await answer(
          api.PATCH('/api/v1/projects/{project}/notes/{note}', {
            params: { path: { project, note: note.id }, header: { 'If-Match': `"${note.version}"` } },
            body: change,
          }),
        )
        batch.done.push({ before: note, after })
        show(project, after)
      } catch (error) {
        batch.refused.push({ note, error })
      }
    },
    told,
  )
  void cache.invalidateQueries({ queryKey: notes(project).queryKey })
  return batch
}

/** Takes back what a batch changed, where nobody has changed it since. */
export function takeBack(project: string, batch: Batch, change: NoteChange, told?: (through: number) => void): Promise<Batch> {
  const fields = Object.keys(change) as (keyof NoteChange & keyof Note)[]
  return changeNotes(
    project,
    batch.done.map(({ before, after }) => ({
      note: after,
      change: Object.fromEntries(fields.map((field) => [field, before[field]])) as NoteChange,
    })),
    told,
  )
}

function show(project: string, note: Note) {
  cache.setQueryData(notes(project).queryKey, (list) => list?.map((n) => (n.id === note.id ? note : n)))
}

/** Puts notes into the bin. */
export async function deleteNotes(project: string, chosen: readonly Note[], told: (through: number) => void): Promise<Batch> {
  const batch: Batch = { done: [], refused: [] }
  await eachOf(
    chosen,
    async (note) => {
      try {
        await answer(
          api.DELETE('/api/v1/projects/{project}/notes/{note}', {
            params: { path: { project, note: note.id }, header: { 'If-Match': `"${note.version}"` } },
          }),
        )
        batch.done.push({ before: note, after: note })
        cache.setQueryData(notes(project).queryKey, (list) => list?.filter((n) => n.id !== note.id))
      } catch (error) {
        batch.refused.push({ note, error })
      }
    },
    told,
  )
  refetchAfterBin(project)
  return batch
}

/** Takes notes out of the bin again. */
export async function restoreNotes(project: string, chosen: readonly Note[], told: (through: number) => void): Promise<Batch> {
  const batch: Batch = { done: [], refused: [] }
  await eachOf(
    chosen,
    async (note) => {
      try {
        await restore(project, 'note', note.id)
        batch.done.push({ before: note, after: note })
      } catch (error) {
        batch.refused.push({ note, error })
      }
    },
    told,
  )
  refetchAfterBin(project)
  return batch
}

function refetchAfterBin(project: string) {
  for (const list of ['notes', 'coverage', 'bin', 'usage']) void cache.invalidateQueries({ queryKey: ['project', project, list] })
}

const restore = (project: string, noun: 'note' | 'site' | 'participant', record: string) =>
  answer(
    api.POST('/api/v1/projects/{project}/bin/{noun}/{record}/restore', {
      params: { path: { project, noun, record }, header: {} },
    }),
  )

const again = (project: string, list: 'sites' | 'participants') =>
  Promise.all([
    cache.invalidateQueries({ queryKey: ['project', project, list] }),
    cache.invalidateQueries({ queryKey: ['project', project, 'bin'] }),
  ])

/** Makes a site, or changes the one that is given. */
export async function saveSite(project: string, fields: SiteFields & { name: string }, site?: Site): Promise<Site> {
  const saved = site
    ? await answer(
        api.PATCH('/api/v1/projects/{project}/sites/{site}', {
          params: { path: { project, site: site.id }, header: { 'If-Match': `"${site.version}"` } },
          body: fields,
        }),
      )
    : await answer(
        api.POST('/api/v1/projects/{project}/sites', {
          params: { path: { project }, header: {} },
          body: { id: newID(), ...fields },
        }),
      )
  cache.setQueryData(sites(project).queryKey, (list) => list && [...list.filter((s) => s.id !== saved.id), saved])
  await again(project, 'sites')
  return saved
}

/** Puts a site into the bin, and gives what takes it out again. */
export async function deleteSite(project: string, site: Site): Promise<() => Promise<unknown>> {
  await answer(
    api.DELETE('/api/v1/projects/{project}/sites/{site}', { params: { path: { project, site: site.id }, header: {} } }),
  )
  await again(project, 'sites')
  return () => restore(project, 'site', site.id).finally(() => again(project, 'sites'))
}

/** Makes a participant, or changes the one that is given. */
export async function saveParticipant(
  project: string,
  fields: ParticipantFields & { pseudonym: string },
  participant?: Participant,
): Promise<Participant> {
  const saved = participant
    ? await answer(
        api.PATCH('/api/v1/projects/{project}/participants/{participant}', {
          params: { path: { project, participant: participant.id }, header: { 'If-Match': `"${participant.version}"` } },
          body: fields,
        }),
      )
    : await answer(
        api.POST('/api/v1/projects/{project}/participants', {
          params: { path: { project }, header: {} },
          body: { id: newID(), ...fields },
        }),
      )
  cache.setQueryData(participants(project).queryKey, (list) => list && [...list.filter((p) => p.id !== saved.id), saved])
  await again(project, 'participants')
  return saved
}

/** Puts a participant into the bin, and gives what takes them out again. */
export async function deleteParticipant(project: string, participant: Participant): Promise<() => Promise<unknown>> {
  await answer(
    api.DELETE('/api/v1/projects/{project}/participants/{participant}', {
      params: { path: { project, participant: participant.id }, header: {} },
    }),
  )
  await again(project, 'participants')
  return () => restore(project, 'participant', participant.id).finally(() => again(project, 'participants'))
}
