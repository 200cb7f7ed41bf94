// What somebody writes in an exercise as this device keeps it, and the rules of what becomes of it. Pure.

import type { Problem } from '../api/client'

/** What is written: the answer to a prompt, why a passage matters, or which organisation it is about. */
export type About = 'answer' | 'why' | 'organisation'

/** What one window writes in one place, with how far the server has it. */
export type Kept = {
  user: string
  exercise: string
  submission: string
  about: About
  /** The prompt or the passage; of the organisation, the submission. */
  record: string
  /** Names the window. What it writes never overwrites what another writes at the same time. */
  writer: string
  /** The words; of the organisation its fields, as JSON. */
  text: string
  /** Rises with each change on this device; `sent` is the one that the server has. */
  rev: number
  sent: number
  /** The server's version that the words go on from; 0 where it had none. */
  version: number
  /** What stood there then, of an organisation: others may have changed something else of the submission. */
  base?: string
  /** What was sent and isn't answered: it goes again as it was before anything newer goes. */
  tried?: Try
  /** The server keeps the words beside another version, until somebody has chosen. */
  beside: boolean
  /** Why the server didn't take it. It waits for a person then, or for the next change. */
  refused?: Pick<Problem, 'status' | 'code' | 'detail'>
  updatedAt: string
}

/** One sending of words, by a name that tells the server whether it has them already. */
export type Try = {
  revision: string
  rev: number
  text: string
  version: number
  /** The versions that this one was chosen over, by their revisions. */
  settles?: string[]
}

/** An answer as the server has it. */
export type There = {
  version: number
  revision: string
  text: string
  others: readonly { writer: string; revision: string; text: string }[]
}

/** Something that nobody has written in here yet. */
export function newKept(
  where: Pick<Kept, 'user' | 'exercise' | 'submission' | 'about' | 'record' | 'writer'>,
  from: Start,
): Kept {
  return {
    ...where,
    text: from.text,
    version: from.version,
    ...(where.about === 'organisation' && { base: from.text }),
    rev: 0,
    sent: 0,
    beside: false,
    updatedAt: '',
  }
}

/** What the words go on from. */
export type Start = { text: string; version: number }

/** Whether the server lacks something. */
export const isUnsent = (kept: Pick<Kept, 'rev' | 'sent'>) => kept.rev > kept.sent

/** The words after a change. What the server refused is tried anew with it. */
export function written({ refused: _, ...kept }: Kept, text: string, at: string): Kept {
  return { ...kept, text, rev: kept.rev + 1, updatedAt: at }
}

/** Words without the control characters that come with what is copied from elsewhere, such as a PDF. */
export const cleaned = (text: string) => text.replace(/[^\P{Cc}\n\t]/gu, '')

/** How many code points an answer may have: the server's limit. */
export const mostPoints = 50_000

/** How many code points some words have. */
export function pointsIn(text: string): number {
  let points = text.length
  for (let i = 0; i < text.length; i++) if (isLow(text.charCodeAt(i)) && isHigh(text.charCodeAt(i - 1))) points--
  return points
}

const isHigh = (unit: number) => unit >= 0xd800 && unit < 0xdc00
const isLow = (unit: number) => unit >= 0xdc00 && unit < 0xe000

/** Why the server won't take words, where that is known before they are sent. */
export function refusalOf({ about, text }: Pick<Kept, 'about' | 'text'>): Kept['refused'] {
  const isTooLong = about === 'answer' && text.length > mostPoints && pointsIn(text) > mostPoints
  return isTooLong ? { status: 422, code: 'answer_too_long', detail: '' } : undefined
}

/** What is to be sent now: what isn't answered yet, or else the words as they are. */
export function toSend(kept: Kept, revision: string): Try {
  return kept.tried ?? { revision, rev: kept.rev, text: kept.text, version: kept.version }
}

/** The words that were chosen of several versions, over all others. */
export function chosen(kept: Kept, there: There, text: string, revision: string, at: string): Kept {
  const next = written(kept, text, at)
  const settles = there.others.map((other) => other.revision)
  return { ...next, tried: { revision, rev: next.rev, text, version: there.version, settles } }
}

/** What the server's answer to a sending of words changes. */
export function arrived(kept: Kept, sent: Try, there: There): Partial<Kept> {
  const beside = there.others.some((other) => other.writer === kept.writer)
  const stands = there.revision === sent.revision || there.text === sent.text
  return {
    sent: Math.max(kept.sent, sent.rev),
    tried: undefined,
    refused: undefined,
    beside,
    // Where other words stand by now, what is written later goes on from the old ones: it must come beside
    // those, and not over them.
    version: stands && !beside ? there.version : kept.version,
  }
}

/** What the window has of the words, when the server tells how they are there. */
export function taken(kept: Kept, there: There): Kept {
  if (isUnsent(kept) || kept.tried || there.version < kept.version) return kept
  const mine = there.others.find((other) => other.writer === kept.writer)
  if (mine) return kept.beside && kept.text === mine.text ? kept : { ...kept, beside: true, text: mine.text }
  if (!kept.beside && kept.version === there.version && kept.text === there.text) return kept
  return { ...kept, beside: false, version: there.version, text: there.text }
}

/** What becomes of words about an organisation that the server has in another version than was seen. */
export function onStale(kept: Kept, current: Start): Partial<Kept> {
  if (current.text === kept.text) return { version: current.version, base: current.text, sent: kept.rev, tried: undefined }
  const same = current.text === kept.base
  return { version: current.version, tried: undefined, ...(!same && { beside: true }) }
}

/** The row that a new window goes on with, of those whose windows are gone: the last that the server lacks, or else the last. */
export function latest(rows: readonly Kept[]): Kept | undefined {
  return rows.toSorted((a, b) => Number(isUnsent(b)) - Number(isUnsent(a)) || b.updatedAt.localeCompare(a.updatedAt))[0]
}

/** Where a caret goes when the text around it becomes another: it stays at its words. */
export function caretIn(before: string, after: string, caret: number): number {
  if (before.slice(0, caret) === after.slice(0, caret)) return caret
  const fromEnd = before.length - caret
  if (fromEnd <= after.length && before.slice(caret) === after.slice(after.length - fromEnd)) return after.length - fromEnd
  for (const near of [40, 20, 8, 3]) {
    const around = before.slice(Math.max(0, caret - near), caret + near)
    const at = after.indexOf(around)
    if (at >= 0) return at + Math.min(near, caret)
  }
  let same = 0
  while (same < caret && before[same] === after[same]) same++
  return same
}
