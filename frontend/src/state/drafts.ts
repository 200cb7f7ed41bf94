// Drafts: kept on this device with each change, and on the server a little later. Whoever writes in two
// windows loses nothing: what didn't see the other's words becomes a draft of its own.

import { queryOptions } from '@tanstack/react-query'
import { v7 as newID } from 'uuid'
import { answer, api, Refused, type Schemas } from '../api/client'
import { type Reply, replay } from '../api/replay'
import { account } from '../api/session'
import { device, type Fork, tell } from './device'
import { type Draft, emptyFields, isUnsent, onStale } from './draft'
import { cache } from './queries'

/** What one is writing in a project, as the server and this device have it; the last written first. */
export const drafts = (project: string) =>
  queryOptions({
    queryKey: ['project', project, 'drafts'],
    queryFn: async (): Promise<DraftInList[]> => {
      const user = account() as string
      const here = await (await device()).getAllFromIndex('drafts', 'user', user)
      const list = new Map<string, DraftInList>()
      let answered = true
      try {
        const there = await answer(api.GET('/api/v1/projects/{project}/drafts', { params: { path: { project } } }))
        for (const d of there.items)
          list.set(d.id, {
            id: d.id,
            noteId: d.noteId,
            title: d.note.title ?? '',
            kind: d.note.kind ?? 'fieldNote',
            at: d.updatedAt,
          })
      } catch (error) {
        if (!(error instanceof Refused) || error.problem) throw error
        answered = false
      }
      for (const d of here) {
        if (d.project !== project) continue
        // What the server had and has no more was saved or removed in another window.
        if (answered && !isUnsent(d) && !list.has(d.id)) await (await device()).delete('drafts', [user, project, d.id])
        else list.set(d.id, { id: d.id, noteId: d.noteId, title: d.note.title, kind: d.note.kind, at: d.updatedAt })
      }
      return [...list.values()].sort((a, b) => b.at.localeCompare(a.at))
    },
    staleTime: 0,
  })

export type DraftInList = { id: string; noteId: string; title: string; kind: Schemas['NoteKind']; at: string }

/** A draft that nobody has written in yet. */
export function newDraft(
  project: string,
  id: string,
  given: Partial<Pick<Draft, 'note' | 'noteId' | 'noteVersion' | 'format' | 'text'>>,
): Draft {
  return {
    user: account() as string,
    project,
    id,
    noteId: '',
    noteVersion: 0,
    note: emptyFields,
    format: 'markdown',
    text: '',
    rev: 0,
    sent: 0,
    version: 0,
    tried: [],
    updatedAt: new Date().toISOString(),
    ...given,
  }
}

/** Gives a draft of this device, and of the server where that has a newer one; undefined if neither has it. */
export async function openDraft(project: string, id: string): Promise<Draft | undefined> {
  const user = account() as string
  const here = await draftHere(project, id)
  if (here && isUnsent(here)) return here
  try {
    const there = await answer(api.GET('/api/v1/projects/{project}/drafts/{draft}', { params: { path: { project, draft: id } } }))
    if (here && here.version >= there.version) return here
    const draft = fromServer(user, there)
    await (await device()).put('drafts', draft)
    return draft
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    if (error.problem === undefined) return here
    if (error.problem.status !== 404) throw error
    // It was removed or saved in another window.
    if (here) await (await device()).delete('drafts', [user, project, id])
    return undefined
  }
}

/** Gives a draft as this device has it. */
export async function draftHere(project: string, id: string): Promise<Draft | undefined> {
  return (await device()).get('drafts', [account() as string, project, id])
}

function fromServer(user: string, d: Schemas['Draft']): Draft {
  const { note } = d
  return {
    ...newDraft(d.spaceId, d.id, {
      noteId: d.noteId,
      noteVersion: d.noteVersion,
      note: { ...emptyFields, ...note, meeting: { ...emptyFields.meeting, ...note.meeting } },
      format: d.format ?? 'plain',
      text: d.text,
    }),
    user,
    version: d.version,
    updatedAt: d.updatedAt,
  }
}

/**
 * Keeps a draft on this device. If another tab has kept something that this one didn't see, the draft
 * is kept under an id of its own. Gives the draft as it is kept.
 */
export async function keepDraft(draft: Draft): Promise<Draft> {
  const tx = (await device()).transaction('drafts', 'readwrite')
  const there = await tx.store.get([draft.user, draft.project, draft.id])
  const kept: Draft = { ...draft, rev: draft.rev + 1, updatedAt: new Date().toISOString() }
  delete kept.refused
  if (there) {
    if (there.rev !== draft.rev) {
      await tx.done
      return fork({ ...kept, rev: 1 })
    }
    // What the server has is for the sender to say.
    Object.assign(kept, { sent: there.sent, version: there.version, tried: there.tried })
  }
  await tx.store.put(kept)
  await tx.done
  tell({ about: 'draft', project: kept.project, id: kept.id })
  return kept
}

/** Keeps a draft that has a twin under an id of its own. */
async function fork(draft: Draft): Promise<Draft> {
  const id = newID()
  const { refused: _, ...rest } = draft
  const own: Draft = { ...rest, id, version: 0, sent: 0, rev: Math.max(draft.rev, 1), tried: [] }
  await (await device()).put('drafts', own)
  void cache.invalidateQueries({ queryKey: ['project', draft.project, 'drafts'] })
  return own
}

/**
 * Sends the drafts of a user that the server lacks something of, but for those that are being saved.
 * Gives in how many seconds to come again where the server asked for that, and fails when nobody answers.
 */
export async function sendDrafts(user: string, saving: ReadonlySet<string>): Promise<number | undefined> {
  const db = await device()
  for (const { project, id } of await db.getAllFromIndex('drafts', 'user', user)) {
    if (saving.has(id)) continue
    // Once more if it was written in meanwhile; the next change sends it anyway.
    for (let again = true; again; ) {
      const draft = await db.get('drafts', [user, project, id])
      if (!draft || !isUnsent(draft) || draft.refused) break
      const result = await sendDraft(draft)
      if (typeof result === 'number') return result
      again = result === 'again'
    }
  }
  return undefined
}

/** Writes something of a draft that only the sender says, whatever was written meanwhile. */
async function note(draft: Draft, said: Partial<Draft>): Promise<void> {
  const tx = (await device()).transaction('drafts', 'readwrite')
  const now = await tx.store.get([draft.user, draft.project, draft.id])
  if (now) await tx.store.put({ ...now, ...said })
  await tx.done
  tell({ about: 'draft', project: draft.project, id: draft.id })
}

async function sendDraft(draft: Draft): Promise<'done' | 'again' | number> {
  const revision = newID()
  await note(draft, { tried: [...draft.tried, revision].slice(-tries) })
  const reply = await replay(draft.user, {
    method: 'PUT',
    project: draft.project,
    path: `/drafts/${draft.id}`,
    key: '',
    ...(draft.version > 0 && { seen: draft.version }),
    body: {
      revision,
      noteId: draft.noteId,
      noteVersion: draft.noteVersion,
      note: draft.note,
      format: draft.format,
      text: draft.text,
    } satisfies Schemas['DraftFields'],
  })
  return reply ? take(draft, reply) : 'done'
}

const tries = 20

async function take(draft: Draft, { status, body, problem, retryAfter }: Reply): Promise<'done' | 'again' | number> {
  if (status < 300) {
    await note(draft, { version: (body as Schemas['DraftHead']).version, sent: draft.rev, tried: [] })
    return 'done'
  }
  if (status === 401 || status === 408 || status === 429 || status >= 500) return retryAfter ?? 0
  const tx = await device()
  const key: [string, string, string] = [draft.user, draft.project, draft.id]
  const now = (await tx.get('drafts', key)) ?? draft
  if (problem?.code === 'version_stale' && problem.current) {
    const current = problem.current as Schemas['Draft']
    if (onStale(now, current) === 'ours') {
      await note(draft, { version: current.version })
      return 'again'
    }
    const own = await fork(now)
    await tx.put('drafts', fromServer(draft.user, current))
    moved(draft, own, 'written')
    return 'done'
  }
  if (problem?.code === 'draft_not_found') {
    await note(draft, { version: 0 })
    return 'again'
  }
  if (problem?.code === 'draft_saved') {
    const own = await fork(now)
    await tx.delete('drafts', key)
    moved(draft, own, 'saved')
    return 'done'
  }
  await note(draft, { refused: { code: problem?.code ?? 'internal', detail: problem?.detail ?? '' } })
  return 'done'
}

/** Tells all tabs that what they write goes on under another id. */
function moved({ project, id }: Draft, own: Draft, reason: Fork) {
  tell({ about: 'fork', project, id, to: own.id, reason })
}
