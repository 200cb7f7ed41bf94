import type { Event } from '../state/history'
import { unnamed } from '../text/mentions'
import type { Line } from './lines'

/** A sentence of the history: which one, what stands in it, and what it is said about. */
export type Phrase = {
  key: string
  count?: number
  parts: Partial<Record<'what' | 'was' | 'code' | 'note' | 'role' | 'person' | 'noun', Part>>
  fields?: string[]
}

/** What a sentence names: a record by its id, with its name at that time if the event holds it, or a word. */
export type Part =
  | { note: string; name?: string | undefined; coding?: string }
  | { code: string; name?: string | undefined }
  | { site: string }
  | { round: string; name: string }
  | { person: string }
  | { role: string }
  | { noun: Event['noun'] }
  | { word: 'coding' | 'project' }
  | { name: string }

/** How many words somebody put a code on; undefined where the event keeps only the ends of a long quote. */
const wordsOf = (event: Event) => {
  const anchor = (event.after ?? event.before)?.coding?.anchor
  return anchor && !anchor.quoteHash ? anchor.quote.split(/\s+/).filter(Boolean).length : undefined
}

/** Says what one event was. */
export function phraseOf(event: Event): Phrase {
  if (event.verb === 'purged') return { key: 'purged', parts: { noun: { noun: event.noun } } }
  if (!event.after) return { key: `gone_${event.verb}`, parts: { noun: { noun: event.noun } } }
  const { after, before } = event
  if (after.coding) return codingPhrase(event)
  if (after.note) return notePhrase(event)
  if (after.code) return codePhrase(event)
  if (after.memo) {
    const { noun, id } = after.memo.target
    const what: Part =
      noun === 'note' ? { note: id } : noun === 'code' ? { code: id } : noun === 'site' ? { site: id } : { word: noun }
    const shared = before?.memo?.private === true && !after.memo.private
    return { key: shared ? 'memo_shared' : `memo_${event.verb}`, parts: { what } }
  }
  if (after.comment) {
    const { kind, noteId, codingId } = after.comment
    const mark = kind !== 'comment' && event.verb === 'created'
    return { key: `comment_${mark ? kind : event.verb}`, parts: { note: { note: noteId, coding: codingId } } }
  }
  if (after.round) return roundPhrase(event)
  if (after.link) return { key: `link_${event.verb}`, parts: {} }
  if (after.member) {
    const { userId, role, invitedBy } = after.member
    const own = userId === event.actorId
    if (own && event.verb === 'created' && invitedBy)
      return { key: 'member_joined', parts: { person: { person: invitedBy }, role: { role } } }
    const left = event.verb === 'deleted' && own
    return {
      key: left ? 'member_left' : `member_${event.verb}`,
      parts: { person: { person: userId }, role: { role } },
    }
  }
  if (after.project) return projectPhrase(event)
  const name = after.site?.name ?? after.participant?.pseudonym ?? ''
  const was = before?.site?.name ?? before?.participant?.pseudonym ?? name
  if (event.verb === 'updated' && was !== name) return { key: 'renamed', parts: { was: { name: was }, what: { name } } }
  return { key: `${event.noun}_${event.verb}`, parts: { what: { name } } }
}

function roundPhrase(event: Event): Phrase {
  const round = event.after?.round
  const was = event.before?.round
  if (!round) return { key: 'changed', parts: {} }
  const what: Part = { round: round.id, name: round.name }
  if (event.verb !== 'updated' || !was || was.state === round.state) return { key: `round_${event.verb}`, parts: { what } }
  const again = was.state === 'locked' && round.state === 'blind'
  return { key: again ? 'round_reopened' : `round_${round.state}`, parts: { what } }
}

function codingPhrase(event: Event): Phrase {
  const { coding } = event.after ?? {}
  const was = event.before?.coding
  if (!coding) return { key: 'changed', parts: {} }
  const code: Part = { code: coding.codeId }
  const note: Part = { note: coding.noteId, ...(event.verb !== 'deleted' && { coding: coding.id }) }
  const count = wordsOf(event)
  if (event.verb === 'updated' && was && was.codeId !== coding.codeId)
    return { key: 'coding_recoded', parts: { was: { code: was.codeId }, code, note } }
  if (event.verb === 'updated') {
    const carried = was && was.anchor.textVersion !== coding.anchor.textVersion
    if (carried && coding.review && !was.review) return { key: 'coding_lost', parts: { code, note } }
    if (carried) return { key: 'coding_carried', parts: { code, note } }
    return { key: 'coding_moved', parts: { code, note } }
  }
  return count === undefined
    ? { key: `coding_${event.verb}_long`, parts: { code, note } }
    : { key: `coding_${event.verb}`, count, parts: { code, note } }
}

/** The fields of a note, code or project that can be named, in the order in which they are. */
const named = {
  note: [
    'kind',
    'siteId',
    'observedOn',
    'startsAt',
    'endsAt',
    'observerId',
    'participantIds',
    'language',
    'phase',
    'meeting',
    'attributes',
  ],
  code: ['colour', 'letter', 'shortcut', 'definition', 'whenToUse', 'whenNot', 'examples', 'key'],
  project: ['name', 'description', 'attributes', 'departedCoders'],
} as const

function changed(noun: keyof typeof named, before: object | undefined, after: object): string[] {
  const of = (record: object | undefined, field: string) =>
    JSON.stringify((record as Record<string, unknown> | undefined)?.[field])
  return named[noun].filter((field) => of(before, field) !== of(after, field))
}

function notePhrase(event: Event): Phrase {
  const note = event.after?.note
  const was = event.before?.note
  if (!note) return { key: 'changed', parts: {} }
  const what: Part = { note: note.id, name: note.title }
  if (event.verb === 'updated' && was) {
    if (was.textVersion !== note.textVersion) return { key: 'note_edited', parts: { what } }
    if (was.draft && !note.draft) return { key: 'note_shared', parts: { what } }
    if (was.title !== note.title) return { key: 'renamed', parts: { was: { name: was.title }, what } }
    return { key: 'fields', parts: { what }, fields: changed('note', was, note) }
  }
  return { key: `note_${event.verb}`, parts: { what } }
}

function codePhrase(event: Event): Phrase {
  const code = event.after?.code
  const was = event.before?.code
  if (!code) return { key: 'changed', parts: {} }
  const what: Part = { code: code.id, name: code.name }
  if (event.verb === 'updated' && was) {
    if (was.mergedInto !== code.mergedInto && code.mergedInto !== '')
      return { key: 'code_merged', parts: { was: what, code: { code: code.mergedInto } } }
    if (was.archived !== code.archived) return { key: code.archived ? 'code_archived' : 'code_unarchived', parts: { what } }
    if (was.name !== code.name) return { key: 'renamed', parts: { was: { name: was.name }, what } }
    const fields = changed('code', was, code)
    if (fields.length === 0) return { key: 'code_moved', parts: { what } }
    return { key: 'fields', parts: { what }, fields }
  }
  return { key: `code_${event.verb}`, parts: { what } }
}

function projectPhrase(event: Event): Phrase {
  const project = event.after?.project
  const was = event.before?.project
  if (event.verb === 'updated' && project && was) {
    if (!was.archivedAt !== !project.archivedAt)
      return { key: project.archivedAt ? 'project_archived' : 'project_unarchived', parts: {} }
    const fields = changed('project', was, project)
    return fields.length === 0
      ? { key: 'project_updated', parts: {} }
      : { key: 'fields', parts: { what: { word: 'project' } }, fields }
  }
  return { key: `project_${event.verb}`, parts: {} }
}

/** Says what a whole line was. */
export function phraseOfLine({ events }: Line): Phrase {
  const oldest = events.at(-1) as Event
  if (events.length === 1) return phraseOf(oldest)
  const deed = events.find((e) => e.noun === 'note' && e.verb === 'updated') ?? events.find((e) => e.after?.code?.mergedInto)
  if (deed) return phraseOf(deed)
  const invivo = events.find((e) => e.verb === 'created' && e.after?.code?.inVivo)
  if (invivo && events.length === 2) return phraseOf(invivo)
  const same = (noun: Event['noun'], verb: Event['verb']) => events.every((e) => e.noun === noun && e.verb === verb)
  const count = events.length
  if (same('note', 'created')) return { key: 'many_notes', count, parts: {} }
  if (same('code', 'created')) return { key: 'many_codes', count, parts: {} }
  for (const verb of ['created', 'deleted', 'restored'] as const) {
    if (!same('coding', verb)) continue
    const codes = new Set(events.map((e) => e.after?.coding?.codeId))
    const [code] = codes
    if (codes.size === 1 && code) return { key: `many_${verb}`, count, parts: { code: { code } } }
    return { key: `many_codings_${verb}`, count, parts: {} }
  }
  // One coding that was led to where its twin lay, with what hung on it.
  if (
    oldest.noun === 'coding' &&
    oldest.verb === 'deleted' &&
    events.every((e) => e.noun !== 'coding' || e === oldest) &&
    oldest.after?.coding
  )
    return {
      key: 'coding_joined',
      parts: { code: { code: oldest.after.coding.codeId }, note: { note: oldest.after.coding.noteId } },
    }
  const codes = events.filter((e) => e.noun === 'code').length
  return codes > 0 ? { key: 'many_codebook', count, parts: {} } : { key: 'many', count, parts: {} }
}

/** What a deed did to codings beside itself: how many moved with their words, and how many lost theirs. */
export function aside({ events }: Line): { moved: number; lost: number } | undefined {
  if (!events.some((e) => e.noun === 'note' && e.verb === 'updated')) return undefined
  const codings = events.filter((e) => e.after?.coding)
  const lost = codings.filter((e) => e.after?.coding?.review && !e.before?.coding?.review).length
  return { moved: codings.length - lost, lost }
}

/** The words that a line shows of its record: a quote, or the beginning of a memo. */
export function quoteOf({ events }: Line): string | undefined {
  if (events.length > 1) return undefined
  const image = events[0]?.after
  const words = image?.memo?.text ?? (image?.comment?.text ? unnamed(image.comment.text) : undefined)
  const isMove = image?.round && image.round.state !== events[0]?.before?.round?.state
  if (isMove) return image.round?.moves.at(-1)?.why || undefined
  return image?.coding?.anchor.quote ?? words?.slice(0, 300) ?? (image?.link?.text || undefined)
}
