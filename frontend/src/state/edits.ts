// A note that stands is edited: its record, and its text with a look at what becomes of the codings.

import { queryOptions } from '@tanstack/react-query'
import { v7 as newID } from 'uuid'
import { answer, api, type Schemas } from '../api/client'
import { changesOf, type Draft } from './draft'
import { cache, type Note } from './queries'
import { dropDraft } from './writing'

export type Source = Schemas['TextSource']
export type Preview = Schemas['TextPreview']

const paths = (project: string, note: string) => ({ params: { path: { project, note } } })

export const note = (project: string, id: string) =>
  queryOptions({
    queryKey: ['project', project, 'note', id],
    queryFn: () => answer(api.GET('/api/v1/projects/{project}/notes/{note}', paths(project, id))),
  })

/** A text as it is written for an edit, together with the record of that version. */
export const source = (project: string, id: string) =>
  queryOptions({
    queryKey: ['project', project, 'source', id],
    queryFn: () => answer(api.GET('/api/v1/projects/{project}/notes/{note}/text/source', paths(project, id))),
  })

const seen = (version: number) => ({ 'If-Match': `"${version}"` })

/** Asks what an edit of a text would do to the codings. */
export const preview = (draft: Draft): Promise<Preview> =>
  answer(
    api.POST('/api/v1/projects/{project}/notes/{note}/text/preview', {
      params: { path: { project: draft.project, note: draft.noteId }, header: seen(draft.noteVersion) },
      body: { text: draft.text, format: draft.format },
    }),
  )

// An edit that is sent again, because nobody answered, is the same edit.
const keys = new Map<string, string>()

function keyOf(...request: unknown[]): string {
  const name = JSON.stringify(request)
  const key = keys.get(name) ?? newID()
  keys.set(name, key)
  return key
}

/** Saves what an edit changes of a note's record; the note as it is then. */
export async function saveRecord(draft: Draft, before: Note): Promise<Note> {
  const body = changesOf(before, draft.note)
  if (!body) return before
  const { project, noteId, noteVersion } = draft
  const saved = await answer(
    api.PATCH('/api/v1/projects/{project}/notes/{note}', {
      params: {
        path: { project, note: noteId },
        header: { ...seen(noteVersion), 'Idempotency-Key': keyOf(noteId, noteVersion, body) },
      },
      body,
    }),
  )
  cache.setQueryData(note(project, noteId).queryKey, saved)
  return saved
}

/** Saves the text of an edit. */
export async function saveText(draft: Draft): Promise<Note> {
  const { project, noteId, noteVersion, text, format } = draft
  return answer(
    api.PUT('/api/v1/projects/{project}/notes/{note}/text', {
      params: {
        path: { project, note: noteId },
        header: { ...seen(noteVersion), 'Idempotency-Key': keyOf(noteId, noteVersion, text, format) },
      },
      body: { text, format },
    }),
  )
}

/** Ends an edit that was saved, or is given up, and shows the note as it is. */
export async function endEdit(draft: Draft): Promise<Draft | undefined> {
  keys.clear()
  const dropped = await dropDraft(draft.project, draft.id)
  await cache.invalidateQueries({ queryKey: ['project', draft.project] })
  return dropped
}

/** Fetches a note and its text anew. */
export async function reload(project: string, id: string): Promise<void> {
  await Promise.all([note(project, id), source(project, id)].map(({ queryKey }) => cache.invalidateQueries({ queryKey })))
}
