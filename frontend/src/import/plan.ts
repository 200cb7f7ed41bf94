// What a file becomes: what was understood of it, and what somebody wants otherwise. Pure rules.

import type { CommitItem, Upload, UploadedTable } from '../api/uploads'
import type { Note, Site } from '../state/queries'
import { beside, type Choice, type Choices, made, type NoteWishes } from '../state/wishes'

/** What would become of a file that has been read. */
export type Plan = Required<NoteWishes> & {
  upload: Upload
  /** Whether it can be imported as it stands. */
  isReady: boolean
  isIn: boolean
  /** How many questions have to be answered first. */
  questions: number
  as: 'note' | 'version' | 'attachment' | 'table'
  /** The note or the file that it belongs to, as in a choice; empty if to none. */
  belongsTo: string
  speakers: Record<string, string>
  comments: 'memos' | 'none'
  draft: boolean
}

/** What is there that files may belong to. */
export type Surroundings = { uploads: readonly Upload[]; notes: readonly Note[]; sites: readonly Site[]; mayMakeSites: boolean }

/** A name without its ending. */
export const baseName = (name: string): string => name.replace(/\.[^.]{1,5}$/, '')

const same = (a: string, b: string) => a.localeCompare(b, undefined, { sensitivity: 'accent' }) === 0

/** Whether a file becomes a note of its own, or beside one, once it has been read. */
const isNote = ({ document, media }: Upload) => document !== null || media !== null

/** Plans what becomes of a file that is ready. */
export function plan(upload: Upload, { files, common }: Choices, around: Surroundings): Plan {
  const choice = files[upload.id] ?? {}
  const { document, media, table } = upload
  const questions = table ? openQuestions(table, choice).length : 0
  const isReady = upload.state === 'ready' && (isNote(upload) || (table !== null && questions === 0))
  const belongsTo = media ? owner(upload, choice, common.note, around) : ''
  const isOfMany = around.uploads.filter((u) => u.state === 'ready' && !u.archive).length > 1
  const all = isOfMany ? common : {}
  return {
    upload,
    isReady,
    questions,
    isIn: isReady && (choice.isIn ?? !document?.duplicateOf),
    as: table ? 'table' : belongsTo ? 'attachment' : choice.as === 'version' && document?.versionOf ? 'version' : 'note',
    belongsTo,
    title: choice.title ?? (document?.title || baseName(upload.name)),
    kind: choice.kind ?? all.kind ?? kindOf(upload),
    site: choice.site ?? siteOf(upload, all, around),
    observedOn: choice.observedOn ?? document?.observedOn ?? '',
    language: choice.language ?? all.language ?? document?.language ?? '',
    phase: choice.phase ?? all.phase ?? '',
    participantIds: choice.participantIds ?? [],
    speakers: Object.fromEntries(
      (document?.speakers ?? []).map((s) => [s.name, choice.speakers?.[s.name] ?? s.participantId ?? '']),
    ),
    comments: choice.comments ?? 'memos',
    draft: common.draft ?? false,
  }
}

/** The kind that a file has if nobody says so. */
function kindOf({ document, format }: Upload): Note['kind'] {
  if (document?.transcript || format === 'audio' || format === 'video') return 'interview'
  return ['pdf', 'slides', 'image'].includes(format) ? 'document' : 'fieldNote'
}

function siteOf(upload: Upload, common: Choices['common'], { uploads, sites, mayMakeSites }: Surroundings): string {
  const name = common.folders ? siteNames(uploads).get(upload.id) : undefined
  const known = name && sites.find((s) => same(s.name, name))
  if (known) return known.id
  return name && mayMakeSites ? made + name : (common.site ?? '')
}

/** The note or file that a recording or picture belongs to: the note it was brought to, else the one of the same name, if nobody says otherwise. */
function owner(upload: Upload, { belongsTo }: Choice, brought: string | undefined, { uploads, notes }: Surroundings): string {
  const isThere =
    belongsTo?.startsWith(beside) !== true ||
    uploads.some((u) => beside + u.id === belongsTo && u.document && u.state === 'ready')
  if (belongsTo !== undefined && isThere) return belongsTo
  if (brought && notes.some((n) => n.id === brought)) return brought
  const name = baseName(upload.name)
  const file = uploads.find((u) => u.state === 'ready' && u.document && same(baseName(u.name), name))
  if (file) return beside + file.id
  const note = notes.find((n) => same(n.title, name) || (n.file && same(baseName(n.file.name), name)))
  return note?.id ?? ''
}

/** The folders of a file, from the outermost in. */
const folders = ({ path }: Upload) => path.split('/').filter(Boolean)

/** By file, the folder that tells its site: the first in which the files differ, or the one that all lie in. */
export function siteNames(uploads: readonly Upload[]): Map<string, string> {
  const placed = uploads.filter((u) => folders(u).length > 0 && !u.archive)
  const [first, ...rest] = placed.map(folders)
  if (!first) return new Map()
  let shared = 0
  while (shared < first.length && rest.every((path) => path[shared] === first[shared])) shared++
  return new Map(
    placed.flatMap((u) => {
      const path = folders(u)
      const name = path[shared] ?? path.at(-1)
      return name ? [[u.id, name]] : []
    }),
  )
}

/** What has to be answered before a table can be imported. */
export function openQuestions(table: UploadedTable, { table: wishes = {} }: Choice): UploadedTable['questions'] {
  const now = mapping(table, { table: wishes })
  const answered: Record<string, boolean> = {
    date_order: Boolean(wishes.dateOrder),
    decimal: Boolean(wishes.decimal),
    of: Boolean(wishes.of),
    text: now.of !== 'notes' || now.columns.some((c) => c.field === 'text'),
  }
  return table.questions.filter(({ code }) => answered[code] === false)
}

/** What is asked of the server for the files that are to be imported. */
export function items(plans: readonly Plan[], choices: Choices): CommitItem[] {
  const going = new Set(plans.filter((p) => p.isIn).map((p) => beside + p.upload.id))
  return plans
    .filter((p) => p.isIn)
    .map((p) => {
      // What it belongs to stays behind: then it is a note of its own.
      const isAlone = p.belongsTo.startsWith(beside) && !going.has(p.belongsTo)
      return item(isAlone ? { ...p, as: 'note' } : p, choices.files[p.upload.id] ?? {})
    })
}

function item(p: Plan, choice: Choice): CommitItem {
  const uploadId = p.upload.id
  switch (p.as) {
    case 'table':
      return { uploadId, as: 'table', table: mapping(p.upload.table as UploadedTable, choice), ...ofRows(p, choice) }
    case 'attachment':
      return p.belongsTo.startsWith(beside)
        ? { uploadId, as: 'attachment', attachTo: p.belongsTo.slice(beside.length) }
        : { uploadId, as: 'attachment', noteId: p.belongsTo }
    case 'version':
      return { uploadId, as: 'version', noteId: p.upload.document?.versionOf?.noteId, ...ofSpeakers(p) }
    case 'note':
      return {
        uploadId,
        as: 'note',
        fields: fields(p),
        ...ofSite(p),
        ...ofSpeakers(p),
        ...(p.upload.document?.comments && { comments: p.comments }),
      }
  }
}

/** What the notes of a table get where their rows say nothing else. */
function ofRows(p: Plan, choice: Choice): Pick<CommitItem, 'fields' | 'siteName'> {
  if (mapping(p.upload.table as UploadedTable, choice).of !== 'notes') return {}
  const { title: _, ...all } = fields(p) ?? {}
  return { fields: all, ...ofSite(p) }
}

function fields({ title, kind, site, observedOn, language, phase, participantIds, draft }: Plan): CommitItem['fields'] {
  return {
    title: title.trim(),
    kind,
    ...(site && !site.startsWith(made) && { siteId: site }),
    ...(observedOn && { observedOn }),
    ...(language && { language }),
    ...(phase && { phase }),
    ...(participantIds.length > 0 && { participantIds }),
    ...(draft && { draft }),
  }
}

const ofSite = ({ site }: Plan) => (site.startsWith(made) ? { siteName: site.slice(made.length) } : {})

function ofSpeakers({ speakers }: Plan): Pick<CommitItem, 'speakers'> {
  const named = Object.entries(speakers)
  if (named.length === 0) return {}
  return {
    speakers: Object.fromEntries(
      named.map(([label, who]) => [
        label,
        who === '' ? {} : who.startsWith(made) ? { pseudonym: who.slice(made.length) } : { participantId: who },
      ]),
    ),
  }
}

/** A table as it is to be imported. */
export function mapping(table: UploadedTable, { table: wishes = {} }: Choice): NonNullable<CommitItem['table']> {
  const of = wishes.of ?? table.of
  return {
    of,
    dateOrder: wishes.dateOrder ?? table.dateOrder,
    decimal: wishes.decimal ?? table.decimal,
    columns: table.columns.map(({ name, field, type }, i) => {
      const { field: wanted, type: kind } = wishes.columns?.[i] ?? { field, type }
      const fits = isAttribute(wanted) ? of === 'notes' : columnFields[of].includes(wanted)
      return { name, field: fits ? wanted : '', ...(wanted === 'attribute' && fits && { type: kind || 'text' }) }
    }),
  }
}

const isAttribute = (field: string) => field === 'attribute' || field.startsWith('attribute:')

/** What the columns of a table can be. */
export const columnFields: Record<UploadedTable['of'], readonly string[]> = {
  notes: [
    '',
    'title',
    'kind',
    'site',
    'observedOn',
    'startsAt',
    'endsAt',
    'text',
    'participants',
    'language',
    'phase',
    'purpose',
  ],
  sites: ['', 'name', 'kind', 'parent', 'description'],
  participants: ['', 'pseudonym', 'actorRole', 'site', 'description'],
}
