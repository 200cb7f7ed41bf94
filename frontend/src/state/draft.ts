// A draft as this device keeps it, and the rules of what becomes of it. Pure.

import type { Problem, Schemas } from '../api/client'

/** The fields of a note while it is written. */
export type Fields = {
  title: string
  kind: Schemas['NoteKind']
  siteId: string
  observedOn: string
  startsAt: string
  endsAt: string
  participantIds: string[]
  language: string
  phase: string
  meeting: { purpose: string; agenda: string[] }
  /** Values of the project's attributes by their ids. */
  attributes: Record<string, string | number | boolean>
  draft: boolean
}

/** What somebody writes, with how far the server has it. */
export type Draft = {
  user: string
  project: string
  id: string
  /** The note that is edited; empty for a new one. */
  noteId: string
  noteVersion: number
  note: Fields
  format: 'plain' | 'markdown'
  text: string
  /** Rises with each change on this device; `sent` is the one that the server has. */
  rev: number
  sent: number
  /** The server's version; 0 while it has none. */
  version: number
  /** What was sent and not heard of again. */
  tried: string[]
  updatedAt: string
  /** Why the server didn't take it. */
  refused?: Pick<Problem, 'code' | 'detail'>
}

export const emptyFields: Fields = {
  title: '',
  kind: 'fieldNote',
  siteId: '',
  observedOn: '',
  startsAt: '',
  endsAt: '',
  participantIds: [],
  language: '',
  phase: '',
  meeting: { purpose: '', agenda: [] },
  attributes: {},
  draft: false,
}

/** Whether the server lacks something of what is kept here. */
export const isUnsent = (draft: Pick<Draft, 'rev' | 'sent'>) => draft.rev > draft.sent

/** Whether nothing was written that would be missed. */
export const isEmpty = ({ note, text, noteId }: Pick<Draft, 'note' | 'text' | 'noteId'>) =>
  noteId === '' && text.trim() === '' && note.title.trim() === '' && note.meeting.purpose.trim() === ''

/** Whether the kind of a note has a purpose and an agenda. */
export const isMeeting = (kind: Fields['kind']) => kind === 'meetingObservation' || kind === 'workshop'

/** What becomes of a draft that the server holds in another version than this device saw. */
export function onStale(draft: Draft, current: Pick<Schemas['Draft'], 'version' | 'revision'>): 'ours' | 'fork' {
  return draft.tried.includes(current.revision) ? 'ours' : 'fork'
}

/** The fields as they are sent: an agenda without its empty lines, and none where there is no meeting. */
export function meetingOf(fields: Fields): Schemas['NewNote']['meeting'] {
  if (!isMeeting(fields.kind)) return undefined
  return { purpose: fields.meeting.purpose, agenda: fields.meeting.agenda.map((item) => item.trim()).filter(Boolean) }
}

/** The fields of a note that stands. */
export function fieldsOf(note: Schemas['Note']): Fields {
  return {
    title: note.title,
    kind: note.kind,
    siteId: note.siteId,
    observedOn: note.observedOn,
    startsAt: note.startsAt,
    endsAt: note.endsAt,
    participantIds: note.participantIds,
    language: note.language,
    phase: note.phase,
    meeting: note.meeting ?? emptyFields.meeting,
    attributes: note.attributes,
    draft: note.draft,
  }
}

/** What of a note's fields an edit changes; undefined where nothing does. */
export function changesOf(note: Schemas['Note'], edited: Fields): Schemas['NoteChange'] | undefined {
  const before = fieldsOf(note)
  const change: Record<string, unknown> = {}
  for (const key of Object.keys(before) as (keyof Fields)[]) {
    if (key !== 'meeting' && key !== 'attributes' && JSON.stringify(before[key]) !== JSON.stringify(edited[key]))
      change[key] = edited[key]
  }
  const attributes = valuesChanged(before.attributes, edited.attributes ?? {})
  if (Object.keys(attributes).length > 0) change.attributes = attributes
  const meeting = meetingOf(edited)
  if (meeting && JSON.stringify(meeting) !== JSON.stringify(before.meeting)) change.meeting = meeting
  return Object.keys(change).length > 0 ? (change as Schemas['NoteChange']) : undefined
}

/** The values that differ; null for those that were taken away. */
function valuesChanged(
  before: Fields['attributes'],
  after: Fields['attributes'],
): NonNullable<Schemas['NoteChange']['attributes']> {
  const change: NonNullable<Schemas['NoteChange']['attributes']> = {}
  for (const id of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (before[id] !== after[id]) change[id] = after[id] ?? null
  }
  return change
}

/** How many words a text has. */
export const words = (text: string) => text.match(/\S+/g)?.length ?? 0
