// What somebody does to codings: shown at once, sent with an id of our own, and taken back with the
// reason if the server refuses. The actions of this session can be undone and redone.

import { v7 as newID } from 'uuid'
import { answer, api } from '../api/client'
import { type Coding, cache, codings } from './queries'

/** Where a coding is to be put: code points of a text version. */
export type Place = { project: string; note: string; textVersion: number; start: number; end: number; quote: string }

type Done = { project: string; note: string; coding: Coding; put: boolean }

const done: Done[] = []
const undone: Done[] = []
const sending = new Map<string, Promise<unknown>>()

/** Puts a code on words and gives the coding as it is shown until the server has answered. */
export function putCoding(place: Place, codeId: string, coderId: string): { coding: Coding; sent: Promise<void> } {
  const now = new Date().toISOString()
  const coding: Coding = {
    id: newID(),
    spaceId: place.project,
    version: 1,
    createdAt: now,
    updatedAt: now,
    layer: 'open',
    noteId: place.note,
    codeId,
    coderId,
    anchor: { start: place.start, end: place.end, quote: place.quote, prefix: '', suffix: '', textVersion: place.textVersion },
    review: false,
  }
  return { coding, sent: act({ project: place.project, note: place.note, coding, put: true }) }
}

/** Takes a coding away. */
export function removeCoding(project: string, coding: Coding): Promise<void> {
  return act({ project, note: coding.noteId, coding, put: false })
}

/** Takes back the last action of this session in a note; gives it, or undefined if there is none. */
export function undo(project: string, note: string): { done: Done; sent: Promise<void> } | undefined {
  return again(done, undone, project, note, true)
}

/** Does again what was undone last. */
export function redo(project: string, note: string): { done: Done; sent: Promise<void> } | undefined {
  return again(undone, done, project, note, false)
}

function act(action: Done): Promise<void> {
  done.push(action)
  undone.length = 0
  return send(action).catch((error) => {
    done.splice(done.indexOf(action), 1)
    throw error
  })
}

function again(from: Done[], to: Done[], project: string, note: string, inverse: boolean) {
  const at = from.findLastIndex((d) => d.project === project && d.note === note)
  const action = from[at]
  if (!action) return undefined
  from.splice(at, 1)
  // A removed coding's id never makes another: putting it again needs a new one, and what else names it must follow.
  const put = action.put !== inverse
  if (put) {
    const old = action.coding
    action.coding = { ...old, id: newID(), version: 1 }
    for (const other of [...done, ...undone]) if (other.coding.id === old.id) other.coding = action.coding
  }
  to.push(action)
  const sent = send({ ...action, put }, action).catch((error) => {
    to.splice(to.indexOf(action), 1)
    throw error
  })
  return { done: { ...action, put }, sent }
}

/** Shows an action, sends it when what was sent before about the same note is through, and takes it back on refusal. */
async function send(action: Done, remembered: Done = action): Promise<void> {
  const { project, note, coding } = action
  const key = codings(project, note).queryKey
  const change = (by: (all: Coding[]) => Coding[]) => cache.setQueryData(key, (all: Coding[] | undefined) => all && by(all))
  await cache.cancelQueries({ queryKey: key })
  const show = (c: Coding) => change((all) => [...all.filter((other) => other.id !== c.id && other.id !== coding.id), c])
  const hide = () => change((all) => all.filter((other) => other.id !== coding.id))
  if (action.put) show(coding)
  else hide()
  const line = `${project}/${note}`
  const before = sending.get(line)
  const request = (async () => {
    await before?.catch(() => undefined)
    if (action.put) {
      const { start, end, quote, textVersion } = coding.anchor
      const stored = await answer(
        api.POST('/api/v1/projects/{project}/codings', {
          params: { path: { project }, header: {} },
          body: { id: coding.id, noteId: note, codeId: coding.codeId, anchor: { start, end, quote, textVersion } },
        }),
      )
      // The same words with the same code are the same coding: the answer may be one that stood already.
      remembered.coding = stored
      if (cache.getQueryData(key)?.some((c) => c.id === coding.id)) show(stored)
    } else {
      await answer(
        api.DELETE('/api/v1/projects/{project}/codings/{coding}', {
          params: { path: { project, coding: coding.id }, header: {} },
        }),
      )
    }
  })()
  sending.set(line, request)
  try {
    await request
  } catch (error) {
    if (action.put) hide()
    else show(coding)
    throw error
  } finally {
    if (sending.get(line) === request) sending.delete(line)
  }
}
