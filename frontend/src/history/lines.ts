import type { Event } from '../state/history'
import type { Project } from '../state/queries'

/** One deed, as one line of the history: an event, or all those of a batch that have come. */
export type Line = {
  /** What an undo names: the batch, or the event. */
  key: string
  /** The newest event; its time and actor are the line's. */
  head: Event
  events: Event[]
  /** It took something back. */
  undo: boolean
  /** It was taken back, and that still holds. */
  undone: boolean
  /** It was taken back, whether or not that was taken back too: then there is a later event to undo. */
  passed: boolean
}

/** Joins events, the newest first, to lines. */
export function linesOf(events: readonly Event[]): Line[] {
  const lines = new Map<string, Line>()
  for (const event of events) {
    const key = event.batch ?? event.id
    const line = lines.get(key)
    if (line) line.events.push(event)
    else lines.set(key, { key, head: event, events: [event], undo: event.undoes !== undefined, undone: false, passed: false })
  }
  // The newest come first, so whether an undo holds is known before what it took back is reached.
  for (const line of lines.values()) {
    const back = line.head.undoes !== undefined && lines.get(line.head.undoes)
    if (!back) continue
    back.passed = true
    back.undone ||= !line.undone
  }
  return [...lines.values()]
}

/** The lines of each day, in this device's calendar. */
export function byDay(lines: readonly Line[]): [string, Line[]][] {
  const days = new Map<string, Line[]>()
  for (const line of lines) {
    const day = new Date(line.head.at).toDateString()
    days.set(day, [...(days.get(day) ?? []), line])
  }
  return [...days]
}

/** Whether a button to undo is of any use: the server decides, and says why not. */
export function mayUndo(line: Line, role: Project['role'] | undefined, me: string): boolean {
  if (line.passed || role === undefined || role === 'reader') return false
  if (line.events.some((e) => !e.after || e.verb === 'purged' || e.verb === 'ended')) return false
  const leads = role === 'owner' || role === 'editor'
  const nouns = new Set(line.events.map((e) => e.noun))
  const of = (noun: Event['noun']) => line.events.find((e) => e.noun === noun)
  if (nouns.has('project')) return role === 'owner' && line.head.verb === 'updated'
  const member = of('member')
  if (member) return role === 'owner' && member.after?.member?.userId !== member.actorId
  if (nouns.has('site') || nouns.has('participant')) return leads
  const round = of('round')
  // A move of a round is no change that can be taken back.
  if (round) return leads && round.before?.round?.state === round.after?.round?.state
  const note = of('note')
  if (note) return leads || note.after?.note?.authorId === me
  const code = of('code')
  if (code) return leads || (line.events.length === 2 && code.after?.code?.inVivo === true && code.actorId === me)
  const own = line.events[line.events.length - 1]?.after // the oldest: what else is in the batch came with it
  return (own?.coding?.coderId ?? own?.memo?.authorId ?? own?.link?.authorId) === me
}
