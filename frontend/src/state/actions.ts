// What somebody does to the codings of a note: shown at once, sent with ids of our own, and taken back
// with the reason if the server refuses. The actions of this session can be undone and redone; both go
// through the events of the server, so that a coding comes back as itself, with its memos and links.

import { v7 as newID } from 'uuid'
import { answer, api } from '../api/client'
import { type Coding, cache, codings } from './queries'
import { deliver, withdraw } from './queue'

/** Where a coding is to be put: code points of a text version. */
export type Place = {
  project: string
  note: string
  layer: string
  textVersion: number
  start: number
  end: number
  quote: string
}

/** One coding before and after; without a before it is put, without an after it is taken away. */
type Change = { before?: Coding; after?: Coding; stood?: true }

/** What was done at one stroke, to one coding or to several. */
export type Action = { project: string; note: string; layer: string; changes: Change[] }

const done: Action[] = []
const undone: Action[] = []
const inLine = new Map<string, Promise<unknown>>()
const inHand = new Map<string, number>()

/** Whether something about a coding is on its way; news of it from elsewhere then wait for the answer. */
export const isInHand = (id: string) => inHand.has(id)

/** Puts a code on words and gives the coding as it is shown until the server has answered. */
export function putCoding(place: Place, codeId: string, coderId: string): { coding: Coding; sent: Promise<void> } {
  const now = new Date().toISOString()
  const coding: Coding = {
    id: newID(),
    spaceId: place.project,
    version: 1,
    createdAt: now,
    updatedAt: now,
    layer: place.layer,
    noteId: place.note,
    codeId,
    coderId,
    anchor: { start: place.start, end: place.end, quote: place.quote, prefix: '', suffix: '', textVersion: place.textVersion },
    review: false,
  }
  return { coding, sent: act({ project: place.project, note: place.note, layer: place.layer, changes: [{ after: coding }] }) }
}

/** Takes codings of one note and layer away. */
export function removeCodings(project: string, note: string, layer: string, removed: readonly Coding[]): Promise<void> {
  return act({ project, note, layer, changes: removed.map((before) => ({ before })) })
}

/** Gives codings of one note and layer another code. */
export function recode(project: string, note: string, layer: string, recoded: readonly Coding[], codeId: string): Promise<void> {
  return act({ project, note, layer, changes: recoded.map((before) => ({ before, after: { ...before, codeId } })) })
}

/** Puts a coding on other words: moves its edges, or finds its place again after an edit. */
export function moveCoding(project: string, coding: Coding, place: Omit<Place, 'project' | 'note' | 'layer'>): Promise<void> {
  const after = { ...coding, anchor: { ...coding.anchor, ...place }, review: false }
  return act({ project, note: coding.noteId, layer: coding.layer, changes: [{ before: coding, after }] })
}

/** Makes a code of the selected words and puts it on them. */
export function putInVivo(place: Place): Promise<Coding> {
  const { project, note, layer, start, end, quote, textVersion } = place
  return queued(`${project}/${note}`, async () => {
    const made = await answer(
      api.POST('/api/v1/projects/{project}/codes/in-vivo', {
        params: { path: { project }, header: { 'Idempotency-Key': newID() } },
        body: { id: newID(), codeId: newID(), noteId: note, anchor: { start, end, quote, textVersion } },
      }),
    )
    await cache.invalidateQueries({ queryKey: ['project', project, 'codes'] })
    const action = { project, note, layer, changes: [{ after: made.coding }] }
    show(action, action.changes)
    remember(action)
    return made.coding
  })
}

/** Makes a code with this name, to be put on words then. */
export async function makeCode(project: string, name: string): Promise<string> {
  const id = newID()
  await answer(
    api.POST('/api/v1/projects/{project}/codes', {
      params: { path: { project }, header: { 'Idempotency-Key': newID() } },
      body: { id, name },
    }),
  )
  await cache.invalidateQueries({ queryKey: ['project', project, 'codes'] })
  return id
}

/** Takes back the last action of this session in a layer of a note; undefined if there is none. */
export function undo(project: string, note: string, layer: string): { action: Action; sent: Promise<void> } | undefined {
  return again(done, undone, { project, note, layer })
}

/** Does again what was undone last. */
export function redo(project: string, note: string, layer: string): { action: Action; sent: Promise<void> } | undefined {
  return again(undone, done, { project, note, layer })
}

function remember(action: Action) {
  done.push(action)
  undone.length = 0
}

async function act(action: Action): Promise<void> {
  remember(action)
  try {
    await perform(action, (change) => send(action, change))
  } catch (error) {
    const at = done.indexOf(action)
    if (at >= 0) done.splice(at, 1)
    throw error
  }
}

function again(from: Action[], to: Action[], { project, note, layer }: Omit<Action, 'changes'>) {
  const at = from.findLastIndex((a) => a.project === project && a.note === note && a.layer === layer && a.changes.length > 0)
  const action = from[at]
  if (!action) return undefined
  from.splice(at, 1)
  const inverse: Action = { project, note, layer, changes: action.changes.map(turned) }
  to.push(inverse)
  const sent = perform(inverse, (change) => takeBack(inverse, change)).catch((error) => {
    to.splice(to.indexOf(inverse), 1)
    from.push(action)
    throw error
  })
  return { action: inverse, sent }
}

const turned = ({ before, after }: Change): Change => ({ ...(after && { before: after }), ...(before && { after: before }) })

/** Shows an action, sends its changes when what was begun before in the note is through, and shows what was refused as it was. */
async function perform(action: Action, sending: (change: Change) => Promise<Coding | undefined>): Promise<void> {
  const { project, note, layer } = action
  const list = codings(project, note, layer)
  if (cache.getQueryData(list.queryKey)) await cache.cancelQueries({ queryKey: list.queryKey })
  else {
    // Whoever codes before the list has come sees it with that. Were its loading stopped, it would never come.
    cache.ensureQueryData(list).then(
      () => show(action, action.changes),
      () => undefined,
    )
  }
  const ids = action.changes.map(({ before, after }) => (after ?? before)?.id as string)
  for (const id of ids) inHand.set(id, (inHand.get(id) ?? 0) + 1)
  show(action, action.changes)
  try {
    await queued(`${project}/${note}`, async () => {
      for (const change of action.changes) {
        try {
          const stored = await sending(change)
          if (!stored) continue
          const shown = change.after as Coding
          change.after = stored
          // It may have been changed again here meanwhile.
          if ((inHand.get(shown.id) ?? 0) === 1) show(action, [{ before: shown, after: stored }])
          // The same words with the same code are the same coding: one that was put stood there already, and
          // one that was changed is part of that one now, which is undone like a removal.
          if (stored.id !== shown.id) {
            if (change.before) delete change.after
            else change.stood = true
          }
        } catch (error) {
          const rest = action.changes.slice(action.changes.indexOf(change))
          show(action, rest.map(turned))
          action.changes.splice(action.changes.indexOf(change))
          throw error
        }
      }
    })
    action.changes = action.changes.filter((change) => !change.stood)
  } finally {
    for (const id of ids) {
      const left = (inHand.get(id) ?? 1) - 1
      if (left > 0) inHand.set(id, left)
      else inHand.delete(id)
    }
  }
}

/** Runs what concerns one note in the order in which it was begun. */
async function queued<T>(line: string, run: () => Promise<T>): Promise<T> {
  const before = inLine.get(line)
  const request = (async () => {
    await before?.catch(() => undefined)
    return run()
  })()
  inLine.set(line, request)
  try {
    return await request
  } finally {
    if (inLine.get(line) === request) inLine.delete(line)
  }
}

/** Changes the note's codings as they are kept here. */
function show({ project, note, layer }: Action, changes: readonly Change[]) {
  cache.setQueryData(codings(project, note, layer).queryKey, (all: Coding[] | undefined) => {
    if (!all) return all
    const gone = new Set(changes.flatMap(({ before, after }) => [before?.id, after?.id]))
    return [...all.filter((c) => !gone.has(c.id)), ...changes.flatMap(({ after }) => after ?? [])]
  })
}

/** The coding as it is now, whose version a change has to name. */
const latest = (project: string, coding: Coding) =>
  cache.getQueryData(codings(project, coding.noteId, coding.layer).queryKey)?.find((c) => c.id === coding.id) ?? coding

async function send({ project }: Action, { before, after }: Change): Promise<Coding | undefined> {
  if (before && after) {
    const { start, end, quote, textVersion } = after.anchor
    const moved = before.anchor !== after.anchor
    return answer(
      api.PATCH('/api/v1/projects/{project}/codings/{coding}', {
        params: {
          path: { project, coding: before.id },
          header: { 'If-Match': `"${latest(project, before).version}"`, 'Idempotency-Key': newID() },
        },
        body: moved ? { anchor: { start, end, quote, textVersion } } : { codeId: after.codeId },
      }),
    )
  }
  if (after) {
    const { start, end, quote, textVersion } = after.anchor
    const { id, noteId, codeId, layer } = after
    const body = { id, noteId, codeId, layer, anchor: { start, end, quote, textVersion } }
    return deliver<Coding>({ method: 'POST', project, path: '/codings', body, label: quote.slice(0, 80) })
  }
  if (before) {
    await deliver({ method: 'DELETE', project, path: `/codings/${before.id}`, label: before.anchor.quote.slice(0, 80) })
  }
  return undefined
}

/** Undoes the last event of the coding that a change is about, and gives the coding as it then is. */
async function takeBack({ project, layer }: Action, { before, after }: Change): Promise<Coding | undefined> {
  const record = (after ?? before)?.id as string
  // What waits for the network hasn't happened yet.
  if (!(before && after) && (await withdraw(record))) return undefined
  const [last] = (
    await answer(
      api.GET('/api/v1/projects/{project}/events', { params: { path: { project }, query: { record, layer, limit: 1 } } }),
    )
  ).items
  if (last) {
    await answer(
      api.POST('/api/v1/projects/{project}/events/{event}/undo', {
        params: { path: { project, event: last.id }, header: { 'Idempotency-Key': newID() } },
        body: {},
      }),
    )
  }
  if (!after) return undefined
  return answer(api.GET('/api/v1/projects/{project}/codings/{coding}', { params: { path: { project, coding: record } } }))
}
