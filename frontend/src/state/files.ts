// Files of a note: the original it was read from, and what is attached to it. A browser fetches them from
// signed addresses, which hold as long as the session.

import { queryOptions } from '@tanstack/react-query'
import { v7 as newID } from 'uuid'
import { answer, api, type Schemas } from '../api/client'
import { cache, type Note } from './queries'

export type NoteFile = Schemas['File']

/** A file is played where it is a recording, shown where it is a picture, and saved otherwise. */
export type Way = 'audio' | 'video' | 'picture' | 'save'

/** What the browser does with a file: the types that the server lets it play or show. */
export function wayOf({ mediaType }: NoteFile): Way {
  if (/^audio\/(mpeg|mp4|wav|webm)$/.test(mediaType)) return 'audio'
  if (/^video\/(mp4|webm)$/.test(mediaType)) return 'video'
  return /^image\/(png|jpeg|gif|webp)$/.test(mediaType) ? 'picture' : 'save'
}

/** The files of a note, the original first. */
export const filesOf = (note: Note): NoteFile[] => [...(note.file ? [note.file] : []), ...(note.attachments ?? [])]

/** The address of a file for a while. */
export const address = (project: string, note: Note, file: NoteFile) =>
  queryOptions({
    queryKey: ['address', note.id, file.id],
    queryFn: () => (file.id === note.file?.id ? original(project, note.id) : attached(project, note.id, file.id)),
    select: ({ url }) => url,
    staleTime: 5 * 60_000,
    gcTime: 5 * 60_000,
  })

const original = (project: string, note: string) =>
  answer(api.GET('/api/v1/projects/{project}/notes/{note}/file', { params: { path: { project, note } } }))

const attached = (project: string, note: string, file: string) =>
  answer(api.GET('/api/v1/projects/{project}/notes/{note}/attachments/{file}', { params: { path: { project, note, file } } }))

/** Saves a file where the browser saves files. */
export async function save(project: string, note: Note, file: NoteFile): Promise<void> {
  const link = document.createElement('a')
  link.href = await cache.fetchQuery({ ...address(project, note, file) }).then(({ url }) => url)
  link.download = file.name
  link.click()
}

/** Takes an attached file from a note. */
export async function detach(project: string, note: string, file: string): Promise<void> {
  await answer(
    api.DELETE('/api/v1/projects/{project}/notes/{note}/attachments/{file}', {
      params: { path: { project, note, file }, header: { 'Idempotency-Key': newID() } },
    }),
  )
  await cache.invalidateQueries({ queryKey: ['project', project, 'notes'] })
}
