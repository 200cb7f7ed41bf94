// What the list of sources shows, as the address says it: which notes, in which order, in which groups.

import { noteKinds } from '../note/kinds'
import { ofFilter } from '../note/values'
import type { Note, Site } from '../state/queries'
import type { Progress } from '../state/sources'

export const columns = [
  'title',
  'kind',
  'site',
  'date',
  'participants',
  'observer',
  'length',
  'codings',
  'progress',
  'updated',
] as const
export const groupings = ['site', 'kind', 'year', 'none'] as const
export const shares = ['none', 'begun', 'half', 'done'] as const

export type Column = (typeof columns)[number]
export type Grouping = (typeof groupings)[number]
export type Share = (typeof shares)[number]

/** The list as its address says it; what is left out is as it is at first. */
export type SourcesSearch = {
  q?: string
  site?: string
  kind?: Note['kind']
  participant?: string
  from?: string
  to?: string
  coded?: Share
  /** A value of an attribute: its id, a colon and the value. */
  attribute?: string
  drafts?: true
  group?: Grouping
  sort?: Column
  down?: true
}

/** Reads an address and leaves out what it doesn't know. */
export function readSearch(raw: Record<string, unknown>): SourcesSearch {
  const text = (v: unknown) => (typeof v === 'string' || typeof v === 'number' ? String(v).slice(0, 200) : undefined)
  const one = <T extends string>(v: unknown, all: readonly T[]) => all.find((word) => word === v)
  const date = (v: unknown) => (typeof v === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(v) ? v : undefined)
  const search: SourcesSearch = {
    q: text(raw.q) || undefined,
    site: text(raw.site),
    kind: one(raw.kind, noteKinds),
    participant: text(raw.participant),
    from: date(raw.from),
    to: date(raw.to),
    coded: one(raw.coded, shares),
    attribute: text(raw.attribute),
    drafts: raw.drafts === true ? true : undefined,
    group: one(raw.group, groupings),
    sort: one(raw.sort, columns),
    down: raw.down === true ? true : undefined,
  }
  return Object.fromEntries(Object.entries(search).filter(([, v]) => v !== undefined))
}

/** A note as the list shows it. */
export type Source = {
  note: Note
  site: string
  participants: string[]
  observer: string
  progress: Progress | undefined
}

/** What stands for notes without a site, in filters. */
export const nowhere = 'none'

/** How much of a note is coded, from 0 to 1; of a text without blocks, nothing. */
export const share = (p: Progress | undefined): number => (p && p.blocks > 0 ? p.codedBlocks / p.blocks : 0)

/** How much of a note is coded in whole per cent: 0 and 100 only where it is nothing and everything. */
export function percent(p: Progress | undefined): number {
  const part = share(p)
  return part === 0 || part === 1 ? 100 * part : Math.min(99, Math.max(1, Math.round(100 * part)))
}

/** Whether a note has got so far. */
function hasGot(p: Progress | undefined, wanted: Share): boolean {
  const codings = p?.codings ?? 0
  switch (wanted) {
    case 'none':
      return codings === 0
    case 'begun':
      return codings > 0 && share(p) < 1
    case 'half':
      return share(p) >= 0.5
    case 'done':
      return share(p) === 1
  }
}

/** A site and all that lie within it. */
export function within(sites: readonly Site[], id: string): Set<string> {
  const found = new Set([id])
  for (let before = 0; before < found.size; ) {
    before = found.size
    for (const site of sites) if (found.has(site.parentId)) found.add(site.id)
  }
  return found
}

/** The name of each site behind the names of those it lies in. */
export function sitePaths(sites: readonly Site[]): Map<string, string> {
  const byID = new Map(sites.map((s) => [s.id as string, s]))
  const paths = new Map<string, string>()
  for (const site of sites) {
    const names: string[] = []
    for (let at: Site | undefined = site; at && names.length < sites.length; at = byID.get(at.parentId)) names.unshift(at.name)
    paths.set(site.id, names.join(' / '))
  }
  return paths
}

/** The sources that a search selects. */
export function select(all: readonly Source[], search: SourcesSearch, sites: readonly Site[]): Source[] {
  const words = (search.q ?? '').toLocaleLowerCase().split(/\s+/).filter(Boolean)
  const wanted = search.attribute ? ofFilter(search.attribute) : undefined
  const here = search.site && search.site !== nowhere ? within(sites, search.site) : undefined
  return all.filter(({ note, progress }) => {
    const title = note.title.toLocaleLowerCase()
    return (
      words.every((word) => title.includes(word)) &&
      (!here || here.has(note.siteId)) &&
      (search.site !== nowhere || note.siteId === '') &&
      (!search.kind || note.kind === search.kind) &&
      (!search.participant || note.participantIds.includes(search.participant)) &&
      (!search.from || note.observedOn >= search.from) &&
      (!search.to || (note.observedOn !== '' && note.observedOn <= search.to)) &&
      (!wanted || String(note.attributes[wanted.id] ?? '') === wanted.value) &&
      (!search.coded || hasGot(progress, search.coded)) &&
      (!search.drafts || note.draft)
    )
  })
}

/** Puts sources in the order of a column; what has nothing there comes last either way. */
export function sort(all: readonly Source[], column: Column, down: boolean, collator: Intl.Collator): Source[] {
  const key: Record<Column, (s: Source) => string | number> = {
    title: (s) => s.note.title,
    kind: (s) => noteKinds.indexOf(s.note.kind),
    site: (s) => s.site,
    date: (s) => s.note.observedOn,
    participants: (s) => s.participants.join(', '),
    observer: (s) => s.observer,
    length: (s) => s.note.length,
    codings: (s) => s.progress?.codings ?? 0,
    progress: (s) => share(s.progress),
    updated: (s) => s.note.updatedAt,
  }
  const of = key[column]
  return all.toSorted((a, b) => {
    const [x, y] = [of(a), of(b)]
    if (x === '' || y === '') return Number(x === '') - Number(y === '') || collator.compare(a.note.title, b.note.title)
    const order = typeof x === 'number' && typeof y === 'number' ? x - y : collator.compare(String(x), String(y))
    return (
      (down ? -order : order) ||
      a.note.observedOn.localeCompare(b.note.observedOn) ||
      collator.compare(a.note.title, b.note.title)
    )
  })
}

/** Puts sorted sources into groups; the group without a name, of what has no site or date, comes last. */
export function group(sorted: readonly Source[], by: Grouping, collator: Intl.Collator): [string, Source[]][] {
  if (by === 'none') return sorted.length > 0 ? [['', [...sorted]]] : []
  const groups = new Map<string, Source[]>()
  for (const source of sorted) {
    const name = { site: source.site, kind: source.note.kind, year: source.note.observedOn.slice(0, 4) }[by]
    const known = groups.get(name)
    if (known) known.push(source)
    else groups.set(name, [source])
  }
  const places: readonly string[] = noteKinds
  return [...groups].sort(([a], [b]) => {
    if (a === '' || b === '') return Number(a === '') - Number(b === '')
    if (by === 'kind') return places.indexOf(a) - places.indexOf(b)
    return by === 'year' ? b.localeCompare(a) : collator.compare(a, b)
  })
}
