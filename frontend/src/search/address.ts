// A search as it stands in the address, so that a link, the back button and a saved search all find it
// again. Lists are written with commas; what is usual is left out.

import type { Schemas } from '../api/client'
import { noteKinds } from '../note/kinds'

export type HitType = Schemas['HitType']
export type NoteKind = Schemas['NoteKind']
export type Order = 'relevance' | '-observedOn' | 'observedOn'
export type SavedQuery = Schemas['SearchQuery']

/** The search box, which the slash key goes to from anywhere. */
export const field = 'search-field'

/** Everything that makes a search what it is. Codes are asked for in one of three ways. */
export type Asked = {
  q: string
  type: HitType
  site: string[]
  kind: NoteKind[]
  code: string[]
  codeAny: string[]
  codeNone: string[]
  coder: string[]
  participant: string[]
  /** Values of attributes: each an id, a colon and a value. */
  attribute: string[]
  phase: string
  language: string
  from: string
  to: string
  order: Order
}

/** A search in the address. */
export type Address = Partial<Record<keyof Asked, string>> & { page?: number }

/** The filters with several choices. */
export const lists = ['site', 'kind', 'code', 'codeAny', 'codeNone', 'coder', 'participant', 'attribute'] as const
export type List = (typeof lists)[number]
const words = ['phase', 'language', 'from', 'to'] as const
export type Single = (typeof words)[number]

export const types = ['passage', 'memo', 'comment', 'code'] as const
export const orders = ['relevance', '-observedOn', 'observedOn'] as const

export const nothing: Asked = {
  q: '',
  type: 'passage',
  site: [],
  kind: [],
  code: [],
  codeAny: [],
  codeNone: [],
  coder: [],
  participant: [],
  attribute: [],
  phase: '',
  language: '',
  from: '',
  to: '',
  order: 'relevance',
}

const id = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/
const value = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}:./
const day = /^\d{4}-\d\d-\d\d$/

/** Takes from an address what a search understands, as it may have been written by hand. */
export function check(raw: Record<string, unknown>): Address {
  const asked = read(raw)
  const page = pageOf(raw)
  return page > 1 ? { ...write(asked), page } : write(asked)
}

/** How many pages of hits an address shows. */
export function pageOf(raw: Record<string, unknown>): number {
  const page = Number(raw.page)
  return Number.isInteger(page) && page > 0 && page <= 1000 ? page : 1
}

/** Reads a search from an address. */
export function read(raw: Record<string, unknown>): Asked {
  const one = (name: string) => {
    const value = raw[name]
    return typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
  }
  const many = (name: string) => [...new Set(one(name).split(','))].filter((v) => id.test(v)).slice(0, 200)
  const type = types.find((t) => t === one('type'))
  const order = orders.find((o) => o === one('order'))
  const date = (name: string) => (day.test(one(name)) && !Number.isNaN(Date.parse(one(name))) ? one(name) : '')
  return {
    q: one('q').slice(0, 500),
    type: type ?? 'passage',
    site: many('site'),
    kind: one('kind')
      .split(',')
      .filter((k): k is NoteKind => noteKinds.some((kind) => kind === k)),
    code: many('code'),
    codeAny: many('codeAny'),
    codeNone: many('codeNone'),
    coder: many('coder'),
    participant: many('participant'),
    attribute: one('attribute')
      .split(',')
      .map(decoded)
      .filter((v) => value.test(v))
      .slice(0, 200),
    phase: one('phase').slice(0, 200),
    language: one('language').slice(0, 200),
    from: date('from'),
    to: date('to'),
    order: order ?? 'relevance',
  }
}

/** Writes a search into an address. */
export function write(asked: Asked): Omit<Address, 'page'> {
  const out: Omit<Address, 'page'> = {}
  if (asked.q !== '') out.q = asked.q
  if (asked.type !== 'passage') out.type = asked.type
  for (const name of lists) if (asked[name].length > 0) out[name] = written(name, asked).join(',')
  for (const name of words) if (asked[name] !== '') out[name] = asked[name]
  if (asked.order !== 'relevance') out.order = asked.order
  return out
}

/** The values of a list. Those of attributes may have commas of their own. */
const written = (name: List, asked: Asked): string[] =>
  name === 'attribute' ? asked.attribute.map(encodeURIComponent) : asked[name]

function decoded(word: string): string {
  try {
    return decodeURIComponent(word)
  } catch {
    return '' // written by hand
  }
}

/** A search by the names of the API's parameters, without what is empty. */
export function parameters(asked: Asked): SavedQuery {
  const out: SavedQuery = {}
  if (asked.q.trim() !== '') out.q = asked.q
  if (asked.site.length > 0) out.site = asked.site
  if (asked.kind.length > 0) out.kind = asked.kind
  if (asked.code.length > 0) out.code = asked.code
  if (asked.codeAny.length > 0) out.codeAny = asked.codeAny
  if (asked.codeNone.length > 0) out.codeNone = asked.codeNone
  if (asked.coder.length > 0) out.coder = asked.coder
  if (asked.participant.length > 0) out.participant = asked.participant
  if (asked.attribute.length > 0) out.attribute = asked.attribute
  if (asked.phase !== '') out.phase = asked.phase
  if (asked.language !== '') out.language = asked.language
  if (asked.from !== '') out.from = asked.from
  if (asked.to !== '') out.to = asked.to
  if (asked.order !== 'relevance') out.order = asked.order
  return out
}

/** The search that was saved. */
export function fromSaved(query: SavedQuery): Asked {
  return { ...nothing, ...query, type: query.type?.[0] ?? 'passage' }
}

/** A search as it is saved: without a type it would find other things than it shows. */
export const toSaved = (asked: Asked): SavedQuery => ({ ...parameters(asked), type: [asked.type] })

/** Whether two searches are the same. */
export const same = (a: Asked, b: Asked) => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))

const sorted = (asked: Asked) =>
  Object.entries(write(asked))
    .map(([name, value]) => [name, value.split(',').toSorted().join(',')])
    .toSorted(([a = ''], [b = '']) => a.localeCompare(b))

/** Whether anything but words narrows the search down. */
export const filtered = (asked: Asked) => lists.some((name) => asked[name].length > 0) || words.some((name) => asked[name] !== '')

/** What the search box was understood to ask: one entry for a word or a phrase. */
export type Reading = { words: string; phrase: boolean; not: boolean }

/** Reads the search box as the server does: words, “phrases” in any quotation marks, and -what is left out. */
export function reading(q: string): Reading[] {
  const out: Reading[] = []
  for (const [, minus, phrase, word] of q.matchAll(/(-(?=[^\s-]))?(?:["“”„‟«»＂]([^"“”„‟«»＂]*)["“”„‟«»＂]|(\S+))/g)) {
    const found = (phrase ?? word ?? '').replaceAll(/["“”„‟«»＂]/g, '').trim()
    if (/[\p{L}\p{N}\p{So}]/u.test(found)) out.push({ words: found, phrase: phrase !== undefined, not: minus !== undefined })
  }
  return out
}
