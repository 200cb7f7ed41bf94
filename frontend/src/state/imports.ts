// The uploads of a project that aren't notes yet: what was understood of them, and how they become notes.

import { queryOptions } from '@tanstack/react-query'
import { Refused } from '../api/client'
import type { CommitItem, Committed, Upload } from '../api/uploads'
import * as server from '../api/uploads'
import { batches } from './batches'
import { refetchList, refetchUploads } from './live'
import { cache } from './queries'
import { tellUploads, uploadsNow } from './uploads'

/** How often what is being read is asked for, if the stream doesn't tell. */
const poll = 5000

export const fetchUploads = (project: string): Promise<Upload[]> => server.list(project)

/** The open uploads of a project, oldest first. */
export const uploads = (project: string) =>
  queryOptions({
    queryKey: ['project', project, 'uploads'],
    queryFn: () => fetchUploads(project),
    refetchInterval: ({ state }) => (state.data?.some((u) => u.state === 'reading') ? poll : false),
  })

/** The words of a document as its note will have them. */
export const uploadText = (project: string, { id, options }: Upload) =>
  queryOptions({
    queryKey: ['project', project, 'uploadText', id, options],
    queryFn: () => server.text(project, id),
    staleTime: Number.POSITIVE_INFINITY, // it is read anew with other options only
  })

function show(project: string, upload: Upload) {
  cache.setQueryData(uploads(project).queryKey, (all) => all?.map((u) => (u.id === upload.id ? upload : u)))
}

/** Has a file read again in another way. */
export async function readAgain(project: string, upload: Upload, options: Partial<Upload['options']>): Promise<void> {
  show(project, { ...upload, state: 'reading', options: { ...upload.options, ...options } })
  try {
    show(project, await server.setOptions(project, upload.id, { ...upload.options, ...options }))
  } catch (error) {
    show(project, upload)
    throw error
  }
  refetchUploads(project)
}

/** Takes uploads off the server, with all that was read of them. */
export async function discardUploads(project: string, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  const { queryKey } = uploads(project)
  await cache.cancelQueries({ queryKey })
  cache.setQueryData(queryKey, (all) => all?.filter((u) => !ids.includes(u.id) && !ids.includes(u.archiveId ?? '')))
  tellUploads({ files: uploadsNow().files.filter((f) => !f.upload || !ids.includes(f.upload)) })
  try {
    await eachOf(ids, (id) => server.remove(project, id))
  } finally {
    await cache.invalidateQueries({ queryKey })
  }
}

const atOnce = 4

async function eachOf<T>(items: readonly T[], does: (item: T) => Promise<void>) {
  let next = 0
  const line = async () => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await does(item)
  }
  await Promise.all(Array.from({ length: atOnce }, line))
}

/** Makes notes of uploads, and whatever else they are to be. It throws Refused if nobody answers; what was done until then is done. */
export async function importUploads(project: string, items: readonly CommitItem[]): Promise<void> {
  const open = cache.getQueryData(uploads(project).queryKey) ?? []
  const known = new Map(open.map((u) => [u.id, u]))
  let done = 0
  tellUploads({ importing: { project, done, all: items.length } })
  try {
    for (const batch of batches(items)) {
      take(project, known, await patiently(() => server.commit(project, batch)))
      done += batch.length
      tellUploads({ importing: { project, done, all: items.length } })
      for (const list of ['notes', 'coverage']) refetchList(project, list)
    }
    await discardEmptied(project, open)
  } finally {
    tellUploads({ importing: undefined })
    for (const list of ['uploads', 'sites', 'participants', 'memos']) {
      void cache.invalidateQueries({ queryKey: ['project', project, list] })
    }
    void cache.invalidateQueries({ queryKey: ['project', project], exact: true }) // its attributes
  }
}

/** Lets go of archives all of whose files were imported. */
async function discardEmptied(project: string, before: readonly Upload[]) {
  const held = new Set(before.map((u) => u.archiveId))
  const holding = new Set(cache.getQueryData(uploads(project).queryKey)?.map((u) => u.archiveId))
  const emptied = before.filter((u) => u.archive && held.has(u.id) && !holding.has(u.id))
  await discardUploads(
    project,
    emptied.map((u) => u.id),
  )
}

/** Keeps what became of a batch, and shows its uploads no more as open. */
function take(project: string, known: ReadonlyMap<string, Upload>, results: readonly Committed[]) {
  const fresh = results.flatMap((result) => {
    const upload = known.get(result.uploadId)
    const sending = uploadsNow().files.find((f) => f.upload === result.uploadId)
    return upload ? [{ project, upload, sending, result }] : []
  })
  const ids = new Set(results.map((r) => r.uploadId))
  const through = new Set(results.filter((r) => r.status !== 'refused').map((r) => r.uploadId))
  tellUploads({
    imported: [...uploadsNow().imported.filter((one) => !ids.has(one.upload.id)), ...fresh],
    files: uploadsNow().files.filter((f) => !f.upload || !through.has(f.upload)),
  })
  cache.setQueryData(uploads(project).queryKey, (all) => all?.filter((u) => !through.has(u.id)))
}

/** Tries again for a while when nobody answers: the same files give the same answer. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (const wait of [1000, 3000, 6000]) {
    try {
      return await ask()
    } catch (error) {
      if (!(error instanceof Refused) || (error.problem && error.problem.status < 500)) throw error
      await new Promise((resolve) => setTimeout(resolve, wait))
    }
  }
  return ask()
}

/** Forgets what became of the files of a project. */
export function forgetImported(project: string): void {
  tellUploads({ imported: uploadsNow().imported.filter((one) => one.project !== project) })
}
