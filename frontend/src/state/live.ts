// What others do appears here while it happens. One tab of a browser reads a project's stream and tells
// the others; when it is closed, another takes over from where it stood.

import { useEffect, useSyncExternalStore } from 'react'
import { follow, type News, type PresenceNews, type StreamMessage, type StreamState, type UploadNews } from '../api/stream'
import type { Upload } from '../api/uploads'
import { isInHand } from './actions'
import { isBookInHand } from './codebook'
import { type Code, type Coding, cache, codes, codings, notes, open } from './queries'

type Change = Extract<StreamMessage, { kind: 'change' }>['change']
type Event = Change['events'][number]
type Told = { message: StreamMessage } | { state: StreamState } | { asks: true }

let state: StreamState = 'open'
const listeners = new Set<() => void>()
const followers = new Set<(change: Change) => void>()

/** Whether what others do comes in; without a network it doesn't. */
export function useStreamState(): StreamState {
  return useSyncExternalStore(
    (changed) => {
      listeners.add(changed)
      return () => listeners.delete(changed)
    },
    () => state,
  )
}

/** Calls back with every change in the project that is open, for views that keep more than records. */
export function useChanges(changed: (change: Change) => void): void {
  useEffect(() => {
    followers.add(changed)
    return () => {
      followers.delete(changed)
    }
  }, [changed])
}

const greeters = new Set<() => void>()

/** Calls back whenever a stream begins, anew or for the first time; gives what ends that. */
export function onHello(greeted: () => void): () => void {
  greeters.add(greeted)
  return () => {
    greeters.delete(greeted)
  }
}

/** Keeps the records of a project up to date for as long as the view is shown. */
export function useLive(project: string): void {
  useEffect(() => {
    const end = new AbortController()
    const channel = new BroadcastChannel(`feltbog ${project}`)
    let position: string | undefined
    let reading = false
    const take = (told: Told) => {
      if ('asks' in told) {
        if (reading) channel.postMessage({ state } satisfies Told)
      } else if ('state' in told) {
        enter(project, told.state)
      } else if (!('id' in told.message)) {
        takeNews(project, told.message)
      } else {
        // Whatever was fetched before the stream stood may lack what happened in between.
        if (told.message.kind === 'reset' || (told.message.kind === 'hello' && position === undefined)) refetch(project)
        if (told.message.kind === 'hello') for (const greeted of greeters) greeted()
        position = told.message.id
        if (told.message.kind === 'change') apply(project, told.message.change)
      }
    }
    channel.onmessage = (event: MessageEvent<Told>) => take(event.data)
    channel.postMessage({ asks: true } satisfies Told)
    const tell = (told: Told) => {
      take(told)
      channel.postMessage(told)
    }
    navigator.locks
      .request(`feltbog stream ${project}`, { signal: end.signal }, () => {
        reading = true
        return follow(project, position, end.signal, {
          message: (message) => tell({ message }),
          state: (now) => tell({ state: now }),
        })
      })
      .catch(() => undefined) // it was closed while it waited
    return () => {
      end.abort()
      channel.close()
      enter(project, 'open')
    }
  }, [project])
}

function enter(project: string, now: StreamState) {
  if (state === now) return
  if (state === 'lost' && now === 'open') void cache.invalidateQueries({ queryKey: ['project', project], refetchType: 'none' })
  // Whoever was taken out is told so by the project's own answer.
  if (now === 'ended') refetchProject(project)
  state = now
  for (const listen of listeners) listen()
}

/** Fetches again what is shown of a project; a text never changes under its version. */
function refetch(project: string) {
  void cache.invalidateQueries({
    predicate: ({ queryKey }) => queryKey[0] === 'project' && queryKey[1] === project && queryKey[2] !== 'text',
  })
}

const refetchProject = (project: string) => void cache.invalidateQueries({ queryKey: ['project', project], exact: true })

/** Where the records of each noun are kept, for those that are fetched again as a list. */
const lists: Partial<Record<Event['noun'], string[]>> = {
  site: ['sites'],
  participant: ['participants'],
  member: ['members'],
  project: ['members'], // it says what those who left are called
  memo: ['memos'],
  link: ['links'],
  comment: ['comments'],
  note: ['notes', 'note'],
}

/** Brings a change into what is kept. */
export function apply(project: string, change: Change): void {
  const stale = new Set<string>()
  const byNote = new Map<string, Event[]>()
  let moved = false
  for (const event of change.events) {
    // The project tells one's own role.
    if (event.noun === 'project' || event.noun === 'member') refetchProject(project)
    if (event.noun === 'coding' && event.noteId) {
      const key = `${event.noteId} ${event.layer ?? open}`
      byNote.set(key, [...(byNote.get(key) ?? []), event])
    } else if (event.noun === 'round') {
      stale.add('rounds')
      // With a move of a round others may see, and write, other things on its notes.
      if (event.verb === 'updated' && event.before?.round?.state !== event.after?.round?.state) moved = true
    } else if (event.noun === 'code') takeCode(project, event)
    else for (const list of lists[event.noun] ?? []) stale.add(list)
    if (event.noun === 'project') void cache.invalidateQueries({ queryKey: ['project', project], exact: true })
    if (event.noun === 'note' && event.after?.note) takeNote(project, event)
  }
  for (const [key, events] of byNote) takeCodings(project, key, events)
  for (const list of stale) refetchList(project, list)
  if (moved) refetch(project)
  if (byNote.size > 0)
    for (const list of ['usage', 'progress', 'review', 'tasks'])
      void cache.invalidateQueries({ queryKey: ['project', project, list] })
  for (const follower of followers) follower(change)
}

const waiting = new Map<string, { again: boolean }>()

function takeNews(project: string, news: News) {
  if (news.kind === 'upload') takeUpload(project, news.upload)
  else if (news.kind === 'presence') takePlace(project, news.presence)
  else void cache.invalidateQueries({ queryKey: ['me', 'inbox'] })
}

/** Shows where somebody reads now. */
function takePlace(project: string, place: PresenceNews) {
  cache.setQueryData<PresenceNews[]>(['project', project, 'presence'], (all) => {
    const others = all?.filter(({ userId }) => userId !== place.userId)
    return place.noteId ? others?.concat(place) : others
  })
}

/** Shows how far an upload has come; what was understood of one that has been read is fetched. */
function takeUpload(project: string, { id, state, received }: UploadNews) {
  const key = ['project', project, 'uploads']
  const known = cache.getQueryData<Upload[]>(key)?.find((u) => u.id === id)
  if (known?.state === state && state === 'receiving') {
    cache.setQueryData<Upload[]>(key, (all) => all?.map((u) => (u.id === id ? { ...u, received } : u)))
  } else if (known?.state !== state) refetchUploads(project)
}

/** Fetches the uploads again. A few files are shown as soon as they have been read; of many, the list is long. */
export function refetchUploads(project: string): void {
  const many = (cache.getQueryData<Upload[]>(['project', project, 'uploads'])?.length ?? 0) > 50
  refetchList(project, 'uploads', many ? 1000 : 200)
}

/** Fetches a list again: at once, and after that once a second while changes keep coming, as in an upload of many files. */
export function refetchList(project: string, list: string, pause = 1000) {
  const key = `${project} ${list}`
  const known = waiting.get(key)
  if (known) {
    known.again = true
    return
  }
  const wait = { again: false }
  waiting.set(key, wait)
  void cache.invalidateQueries({ queryKey: ['project', project, list] })
  setTimeout(() => {
    waiting.delete(key)
    if (wait.again) refetchList(project, list, pause)
  }, pause)
}

function takeCodings(project: string, key: string, events: readonly Event[]) {
  const [note = '', layer] = key.split(' ')
  cache.setQueryData(codings(project, note, layer).queryKey, (all: Coding[] | undefined) => {
    if (!all) return all
    const known = new Map(all.map((c) => [c.id as string, c]))
    let changed = false
    for (const event of events) {
      if (isInHand(event.recordId)) continue
      const after = event.after?.coding
      const old = known.get(event.recordId)
      const gone = event.verb === 'deleted' || event.verb === 'purged'
      if (gone && old) changed = known.delete(event.recordId)
      else if (!gone && after && (!old || old.version < after.version)) {
        known.set(after.id, after)
        changed = true
      }
    }
    return changed ? [...known.values()] : all
  })
}

function takeCode(project: string, event: Event) {
  if (isBookInHand(project)) return // it is asked for anew when that is through
  const after: Code | undefined = event.after?.code
  cache.setQueryData(codes(project).queryKey, (all: Code[] | undefined) => {
    if (!all || !after || event.verb === 'deleted') return all
    return all.some((c) => c.id === after.id)
      ? all.map((c) => (c.id === after.id && c.version < after.version ? after : c))
      : [...all, after]
  })
  // Places in the tree and counts come with the list.
  for (const list of ['codes', 'codeEvents']) void cache.invalidateQueries({ queryKey: ['project', project, list] })
}

function takeNote(project: string, event: Event) {
  const after = event.after?.note
  if (!after) return
  cache.setQueryData(notes(project).queryKey, (all) => all?.map((n) => (n.id === after.id ? { ...n, ...after } : n)))
}
