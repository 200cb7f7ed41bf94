// What the writing page asks to be done: notes, sites and participants made, drafts removed. All of it
// works without a network too.

import { v7 as newID } from 'uuid'
import type { Schemas } from '../api/client'
import { account } from '../api/session'
import { device, tell } from './device'
import { type Draft, meetingOf } from './draft'
import { draftHere, keepDraft } from './drafts'
import { learn } from './known'
import { cache, type Note, participants, type Site, sites } from './queries'
import { deliver, flush } from './queue'

export type Participant = Schemas['Participant']

/** Makes a note of a draft, which ends with that. Gives the note, or undefined while it waits for the network. */
export async function saveNote(draft: Draft): Promise<Note | undefined> {
  const { project, id, note, text, format } = draft
  await Promise.all(making)
  const { meeting: _, ...fields } = note
  const body: Schemas['NewNote'] = { id, ...fields, meeting: meetingOf(note), text, format }
  const made = await deliver<Note>({ method: 'POST', project, path: '/notes', body, label: note.title })
  await refetch(project, 'drafts')
  if (made) await refetch(project, 'notes')
  return made
}

const head = (project: string, id: string) => {
  const now = new Date().toISOString()
  return { id, spaceId: project, version: 1, createdAt: now, updatedAt: now }
}

/** Something that was made here: it can be named at once, before the server knows it. */
export type Made = { id: string; sent: Promise<void> }

// What is on its way; a note that names it waits for that.
const making = new Set<Promise<void>>()

/** Makes a site. */
export function makeSite(project: string, name: string): Made {
  const id = newID()
  const site: Site = { ...head(project, id), name, kind: '', description: '', parentId: '' }
  return make(project, 'sites', site, { path: '/sites', body: { id, name }, label: name })
}

/** Makes a participant of a site. */
export function makeParticipant(project: string, pseudonym: string, siteId: string): Made {
  const id = newID()
  const made: Participant = { ...head(project, id), pseudonym, actorRole: '', siteId, description: '', authorId: account() ?? '' }
  return make(project, 'participants', made, { path: '/participants', body: { id, pseudonym, siteId }, label: pseudonym })
}

/** Shows a record before it is sent, and takes it back if it is refused. */
function make(
  project: string,
  list: 'sites' | 'participants',
  record: Site | Participant,
  wish: { path: string; body: object; label: string },
): Made {
  const key = (list === 'sites' ? sites(project) : participants(project)).queryKey as readonly unknown[]
  void cache.cancelQueries({ queryKey: key })
  const shown = cache.setQueryData<(typeof record)[]>(key, (all) => [...(all ?? []), record])
  const sent = (async () => {
    try {
      if (await deliver({ method: 'POST', project, ...wish })) await refetch(project, list)
      else await learn(`${list} ${project}`, shown)
    } catch (error) {
      cache.setQueryData<(typeof record)[]>(key, (all) => all?.filter((other) => other.id !== record.id))
      throw error
    }
  })()
  const settled = sent.catch(() => undefined).finally(() => making.delete(settled))
  making.add(settled)
  return { id: record.id, sent }
}

/** Removes a draft for good, here and on the server. Gives it, for whoever wants it back. */
export async function dropDraft(project: string, id: string): Promise<Draft | undefined> {
  const draft = await draftHere(project, id)
  await (await device()).delete('drafts', [account() as string, project, id])
  tell({ about: 'draft', project, id })
  if (draft?.version || draft?.tried.length)
    await deliver({ method: 'DELETE', project, path: `/drafts/${id}`, label: draft?.note.title ?? '' })
  await refetch(project, 'drafts')
  return draft
}

/** Takes up a draft again that was removed, as a new one. */
export async function restoreDraft(draft: Draft): Promise<Draft> {
  const own = await keepDraft({ ...draft, id: newID(), version: 0, sent: 0, rev: 0, tried: [] })
  await flush()
  await refetch(draft.project, 'drafts')
  return own
}

const refetch = (project: string, list: string) => cache.invalidateQueries({ queryKey: ['project', project, list] })
