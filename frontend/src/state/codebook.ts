// The codebook as the app keeps it, and what somebody does to it: shown at once, sent one change after
// the other, and taken back with the reason if the server refuses.

import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { v7 as newID } from 'uuid'
import { answer, api, Refused, type Schemas } from '../api/client'
import { type Code, cache, codes } from './queries'

export type CodeFields = Schemas['CodeChange']
export type CodeEvent = Schemas['Event']
export type MergePreview = Schemas['MergePreview']
export type ImportedCode = Schemas['ImportedCode']

/** What to import codes from: a table, a built-in codebook or another project. */
export type Source = { table: File } | Schemas['CodesImport']

export const usage = (id: string) =>
  queryOptions({
    queryKey: ['project', id, 'usage'],
    queryFn: async () =>
      (await answer(api.GET('/api/v1/projects/{project}/codebook/usage', { params: { path: { project: id } } }))).items,
  })

export const codeEvents = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['project', id, 'codeEvents'],
    queryFn: ({ pageParam: cursor }) =>
      answer(
        api.GET('/api/v1/projects/{project}/events', {
          params: { path: { project: id }, query: { noun: ['code'], limit: 200, cursor } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
  })

export const codebookAt = (id: string, version: number) =>
  queryOptions({
    queryKey: ['project', id, 'codebook', version],
    queryFn: async () =>
      (await answer(api.GET('/api/v1/projects/{project}/codebook', { params: { path: { project: id }, query: { version } } })))
        .codes,
    staleTime: Number.POSITIVE_INFINITY,
  })

/** Who changed a code last. */
export const lastChange = (id: string, code: string, version: number) =>
  queryOptions({
    queryKey: ['project', id, 'lastChange', code, version],
    queryFn: async () => (await eventsOf(id, code, 1))[0] ?? null,
  })

const turns = new Map<string, Promise<unknown>>()

/** Whether changes of a codebook are on their way; news of it from elsewhere then wait until they are through. */
export const isBookInHand = (project: string) => turns.has(project)

/** Does one thing with a codebook after the other, since each must name the version that the one before it made. */
async function inTurn<T>(project: string, act: () => Promise<T>): Promise<T> {
  const now = (turns.get(project) ?? Promise.resolve()).catch(() => undefined).then(act)
  turns.set(project, now)
  try {
    return await now
  } finally {
    if (turns.get(project) === now) {
      turns.delete(project)
      for (const what of ['codes', 'codeEvents']) void cache.invalidateQueries({ queryKey: ['project', project, what] })
    }
  }
}

const all = (project: string) => cache.getQueryData(codes(project).queryKey) ?? []
const one = (project: string, id: string) => all(project).find((c) => c.id === id)

function show(project: string, by: (all: Code[]) => Code[]) {
  cache.setQueryData(codes(project).queryKey, (now: Code[] | undefined) => now && by(now))
}

/** Changes a code. It is shown at once; `seen` is the version that the change was made on, the one shown if left out. */
export async function changeCode(project: string, id: string, fields: CodeFields, more: Partial<Code> = {}, seen?: number) {
  await cache.cancelQueries({ queryKey: codes(project).queryKey })
  const { index: _, ...shown } = { ...fields, ...more }
  const before = one(project, id)
  show(project, (now) => now.map((c) => (c.id === id ? ({ ...c, ...shown } as Code) : c)))
  return inTurn(project, async () => {
    const version = seen ?? one(project, id)?.version ?? 0
    try {
      const changed = await answer(
        api.PATCH('/api/v1/projects/{project}/codes/{code}', {
          params: { path: { project, code: id }, header: { 'If-Match': `"${version}"` } },
          body: fields,
        }),
      )
      show(project, (now) => now.map((c) => (c.id === id ? changed : c)))
      return changed
    } catch (error) {
      if (before) {
        const was = Object.fromEntries(Object.keys(shown).map((key) => [key, before[key as keyof Code]]))
        show(project, (now) => now.map((c) => (c.id === id ? { ...c, ...was } : c)))
      }
      const current = error instanceof Refused && error.problem?.current
      if (current) show(project, (now) => now.map((c) => (c.id === id ? (current as Code) : c)))
      throw error
    }
  })
}

/** Says that what is to be taken back was changed again since. */
export class MovedOn extends Error {}

/** Gives fields of a code back what they were, and with its parent its place, unless somebody changed them since. */
export async function changeBack(project: string, was: Code, made: Code, fields: readonly (keyof Code & keyof CodeFields)[]) {
  const now = one(project, was.id)
  const differs = (field: keyof Code) => JSON.stringify(now?.[field]) !== JSON.stringify(made[field])
  const moved = fields.includes('parentId')
  if (!now || fields.some(differs) || (moved && differs('position'))) throw new MovedOn()
  const back: CodeFields = Object.fromEntries(fields.map((field) => [field, was[field]]))
  if (!moved) return changeCode(project, was.id, back)
  const before = all(project).filter((c) => c.parentId === was.parentId && c.id !== was.id && c.position < was.position)
  return changeCode(project, was.id, { ...back, index: before.length }, { position: was.position })
}

/** Takes a code out of the bin. */
export function restoreCode(project: string, id: string): Promise<void> {
  return inTurn(project, async () => {
    await answer(
      api.POST('/api/v1/projects/{project}/bin/{noun}/{record}/restore', {
        params: { path: { project, noun: 'code', record: id }, header: {} },
      }),
    )
    await refreshBook(project)
  })
}

/** Adds a code to the end of those beneath a parent. */
export function createCode(project: string, name: string, parentId: string): Promise<Code> {
  return inTurn(project, async () => {
    const made = await answer(
      api.POST('/api/v1/projects/{project}/codes', {
        params: { path: { project }, header: {} },
        body: { id: newID(), name, parentId },
      }),
    )
    await cache.cancelQueries({ queryKey: codes(project).queryKey })
    show(project, (now) => [...now.filter((c) => c.id !== made.id), made])
    return made
  })
}

/** Puts a code that nothing uses into the bin. */
export async function removeCode(project: string, code: Code): Promise<void> {
  await cache.cancelQueries({ queryKey: codes(project).queryKey })
  show(project, (now) => now.filter((c) => c.id !== code.id))
  return inTurn(project, async () => {
    try {
      await answer(
        api.DELETE('/api/v1/projects/{project}/codes/{code}', { params: { path: { project, code: code.id }, header: {} } }),
      )
    } catch (error) {
      show(project, (now) => [...now, code])
      throw error
    }
  })
}

/** Merges a code into another, with its codings and what hangs beneath it. */
export function mergeCode(project: string, id: string, into: string): Promise<Code> {
  return inTurn(project, async () => {
    const merged = await answer(
      api.POST('/api/v1/projects/{project}/codes/{code}/merge', {
        params: { path: { project, code: id }, header: {} },
        body: { into },
      }),
    )
    await refreshBook(project)
    return merged
  })
}

export const mergePreview = (project: string, id: string, into: string) =>
  queryOptions({
    queryKey: ['project', project, 'mergePreview', id, into],
    queryFn: () =>
      answer(
        api.POST('/api/v1/projects/{project}/codes/{code}/merge/preview', {
          params: { path: { project, code: id } },
          body: { into },
        }),
      ),
    staleTime: 0,
  })

/** Makes codes beneath a code and moves codings of it to them. */
export function splitCode(project: string, id: string, into: Schemas['CodeSplit']['into']): Promise<Code[]> {
  return inTurn(project, async () => {
    const made = await answer(
      api.POST('/api/v1/projects/{project}/codes/{code}/split', {
        params: { path: { project, code: id }, header: {} },
        body: { into },
      }),
    )
    await refreshBook(project)
    return made.items
  })
}

/** Says what an import would add. */
export async function previewImport(project: string, source: Source): Promise<ImportedCode[]> {
  const list = await answer(
    api.POST('/api/v1/projects/{project}/codes/import/preview', {
      params: { path: { project } },
      ...carried(source),
    }),
  )
  return list.items
}

/** Adds the codes that the codebook lacks, and gives those that are new. */
export function importCodes(project: string, source: Source): Promise<Code[]> {
  return inTurn(project, async () => {
    const before = new Set(all(project).map((c) => c.id))
    const book = await answer(
      api.POST('/api/v1/projects/{project}/codes/import', {
        params: { path: { project }, query: { missing: true }, header: {} },
        ...carried(source),
      }),
    )
    await refreshBook(project)
    return book.items.filter((c) => !before.has(c.id))
  })
}

/** The body of an import. A table goes as it is, in whatever encoding it was saved. */
function carried(source: Source) {
  if (!('table' in source)) return { body: source }
  return {
    body: source.table as unknown as string,
    bodySerializer: (file: unknown) => file as BodyInit,
    headers: { 'Content-Type': 'text/csv' },
  }
}

/** Takes back the change that made a version of a code, with all that was done in the same deed. */
export function undoChange(project: string, code: string, version: number): Promise<void> {
  return inTurn(project, async () => {
    const event = (await eventsOf(project, code, 20)).find((e) => e.after?.code?.version === version)
    if (!event) throw new MovedOn()
    await undoEvent(project, event.id)
  })
}

/** Takes back an event, with its batch. */
export async function undoEvent(project: string, event: string): Promise<void> {
  await answer(
    api.POST('/api/v1/projects/{project}/events/{event}/undo', {
      params: { path: { project, event }, header: {} },
      body: {},
    }),
  )
  await refreshBook(project)
}

async function eventsOf(project: string, record: string, limit: number): Promise<CodeEvent[]> {
  return (await answer(api.GET('/api/v1/projects/{project}/events', { params: { path: { project }, query: { record, limit } } })))
    .items
}

/** Asks anew for everything that a change of the codebook may have changed. */
async function refreshBook(project: string): Promise<void> {
  const kept = ['codes', 'usage', 'codeEvents', 'codings', 'excerpts', 'counts', 'memos', 'mergePreview']
  await Promise.all(kept.map((what) => cache.invalidateQueries({ queryKey: ['project', project, what] })))
}
