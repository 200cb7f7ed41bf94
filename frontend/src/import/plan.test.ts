import { describe, expect, test } from 'vitest'
import type { Upload, UploadedDocument, UploadedTable } from '../api/uploads'
import type { Note, Site } from '../state/queries'
import type { Choices } from '../state/wishes'
import { items, mapping, plan, type Surroundings, siteNames } from './plan'

const upload = (id: string, more: Partial<Upload> = {}): Upload => ({
  id,
  name: `${id}.txt`,
  path: '',
  size: 9,
  received: 9,
  state: 'ready',
  archiveId: null,
  createdAt: '2024-05-03T10:00:00Z',
  expiresAt: '2024-05-05T10:00:00Z',
  problem: null,
  format: 'text',
  mediaType: 'text/plain',
  encoding: 'utf-8',
  options: { encoding: '', sheet: '', transcript: '' },
  document: null,
  table: null,
  archive: null,
  media: null,
  ...more,
})
const document = (more: Partial<UploadedDocument> = {}): UploadedDocument => ({
  title: '',
  author: '',
  createdAt: null,
  changedAt: null,
  observedOn: '',
  language: 'da',
  words: 2,
  length: 9,
  pages: 0,
  blocks: { paragraph: 1 },
  transcript: false,
  speakers: [],
  comments: 0,
  noText: false,
  warnings: [],
  duplicateOf: null,
  versionOf: null,
  ...more,
})
const text = (id: string, more: Partial<UploadedDocument> = {}, of: Partial<Upload> = {}) =>
  upload(id, { document: document(more), ...of })
const sound = (id: string) => upload(id, { name: `${id}.mp3`, format: 'audio', media: { kind: 'audio' } })

const nothing: Choices = { files: {}, common: {} }
const among = (uploads: Upload[], more: Partial<Surroundings> = {}): Surroundings => ({
  uploads,
  notes: [],
  sites: [],
  mayMakeSites: true,
  ...more,
})
const planned = (uploads: Upload[], choices = nothing, more: Partial<Surroundings> = {}) =>
  uploads.map((u) => plan(u, choices, among(uploads, more)))

describe('a document', () => {
  test('is a note by what was understood of it', () => {
    const [item] = items(planned([text('ulla', { observedOn: '2024-05-03' })]), nothing)
    expect(item).toEqual({
      uploadId: 'ulla',
      as: 'note',
      fields: { title: 'ulla', kind: 'fieldNote', observedOn: '2024-05-03', language: 'da' },
    })
  })
  test('that is a transcript is an interview', () => {
    expect(planned([text('ulla', { transcript: true })])[0]?.kind).toBe('interview')
  })
  test('that is a note already stays out until it is wanted', () => {
    const known = text('ulla', { duplicateOf: 'n1' })
    expect(planned([known])[0]?.isIn).toBe(false)
    expect(planned([known], { files: { ulla: { isIn: true } }, common: {} })[0]?.isIn).toBe(true)
  })
  test('replaces the words of a note only if that is chosen', () => {
    const versionOf = { noteId: 'n1', title: 'Ulla', codings: 3, kept: 2, review: 1 }
    const newer = text('ulla', { versionOf })
    expect(planned([newer])[0]?.as).toBe('note')
    const choices: Choices = { files: { ulla: { as: 'version' } }, common: {} }
    expect(items(planned([newer], choices), choices)).toEqual([{ uploadId: 'ulla', as: 'version', noteId: 'n1' }])
  })
  test('tells who speaks', () => {
    const speakers = [
      { name: 'I', turns: 2, participantId: null },
      { name: 'Lea', turns: 2, participantId: 'p1' },
      { name: 'R', turns: 1, participantId: null },
    ]
    const choices: Choices = { files: { ulla: { speakers: { R: 'new:Birgit' } } }, common: {} }
    expect(items(planned([text('ulla', { speakers })], choices), choices)[0]?.speakers).toEqual({
      I: {},
      Lea: { participantId: 'p1' },
      R: { pseudonym: 'Birgit' },
    })
  })
  test('that was refused is never imported', () => {
    const refused = upload('tom', { state: 'refused' })
    expect(items(planned([refused], { files: { tom: { isIn: true } }, common: {} }), nothing)).toEqual([])
  })
})

describe('what is said of all files', () => {
  const common: Choices['common'] = { kind: 'workshop', site: 's1', language: 'en' }
  test('goes over what was understood, and under what is said of one', () => {
    const [a, b] = planned([text('a'), text('b')], { files: { b: { kind: 'interview', site: '' } }, common })
    expect([a?.kind, a?.site, a?.language]).toEqual(['workshop', 's1', 'en'])
    expect([b?.kind, b?.site, b?.language]).toEqual(['interview', '', 'en'])
  })
  test('says nothing of a file that is alone', () =>
    expect(planned([text('a')], { files: {}, common })[0]?.kind).toBe('fieldNote'))
})

describe('folders', () => {
  const at = (id: string, path: string) => text(id, {}, { path })
  test('differ below what all files lie in', () => {
    const names = siteNames([at('a', 'felt/Havnsø/maj'), at('b', 'felt/Sydby'), at('c', 'felt')])
    expect([...names]).toEqual([
      ['a', 'Havnsø'],
      ['b', 'Sydby'],
      ['c', 'felt'],
    ])
  })
  test('that are one give its innermost name', () => {
    expect(siteNames([at('a', 'felt/Havnsø'), at('b', 'felt/Havnsø')]).get('b')).toBe('Havnsø')
  })
  test('become sites, those that are there already first', () => {
    const uploads = [at('a', 'Havnsø'), at('b', 'Sydby')]
    const choices: Choices = { files: {}, common: { folders: true } }
    const sites = [{ id: 's1', name: 'havnsø' } as Site]
    expect(planned(uploads, choices, { sites }).map((p) => p.site)).toEqual(['s1', 'new:Sydby'])
    expect(planned(uploads, choices, { sites, mayMakeSites: false }).map((p) => p.site)).toEqual(['s1', ''])
    expect(items(planned(uploads, choices), choices).map((i) => i.siteName)).toEqual(['Havnsø', 'Sydby'])
  })
})

describe('a recording', () => {
  test('belongs to the file of its name', () => {
    const all = [text('ulla'), sound('ulla-2'), { ...sound('x'), name: 'Ulla.mp3' }]
    expect(planned(all).map((p) => p.belongsTo)).toEqual(['', '', 'file:ulla'])
    expect(items(planned(all), nothing)[2]).toEqual({ uploadId: 'x', as: 'attachment', attachTo: 'ulla' })
  })
  test('belongs to the note that it was brought to, if that is still there', () => {
    const all = [text('ulla'), sound('ulla')]
    const choices: Choices = { files: {}, common: { note: 'n1' } }
    const notes = [{ id: 'n1', title: 'Birgit' } as Note]
    expect(planned(all, choices, { notes }).map((p) => p.belongsTo)).toEqual(['', 'n1'])
    expect(planned(all, choices).map((p) => p.belongsTo)).toEqual(['', 'file:ulla'])
  })
  test('belongs to the note of its name', () => {
    const notes = [{ id: 'n1', title: 'Ulla', file: undefined } as unknown as Note]
    expect(items(planned([sound('ulla')], nothing, { notes }), nothing)).toEqual([
      { uploadId: 'ulla', as: 'attachment', noteId: 'n1' },
    ])
  })
  test('whose file stays behind is a note of its own', () => {
    const choices: Choices = { files: { ulla: { isIn: false } }, common: {} }
    const all = [text('ulla'), { ...sound('x'), name: 'ulla.mp3' }]
    expect(items(planned(all, choices), choices)).toEqual([
      { uploadId: 'x', as: 'note', fields: { title: 'ulla', kind: 'interview' } },
    ])
  })
})

describe('a table', () => {
  const table: UploadedTable = {
    of: 'notes',
    columns: [
      { name: 'Titel', field: 'title', type: '', samples: [] },
      { name: 'Dato', field: 'observedOn', type: '', samples: ['03/04/2024'] },
      { name: 'Antal', field: 'attribute', type: 'number', samples: ['3'] },
    ],
    rows: 1,
    sheet: '',
    sheets: [],
    dateOrder: '',
    decimal: ',',
    questions: [{ column: 'Dato', code: 'date_order', sentence: '', choices: ['dmy', 'mdy'] }],
    problems: [],
    warnings: [],
    preview: [],
  }
  const csv = upload('steder', { format: 'csv', table })
  test('waits until its questions are answered', () => {
    expect(planned([csv])[0]?.isIn).toBe(false)
    const choices: Choices = { files: { steder: { table: { dateOrder: 'dmy' } } }, common: {} }
    expect(items(planned([csv], choices), choices)[0]?.table).toEqual({
      of: 'notes',
      dateOrder: 'dmy',
      decimal: ',',
      columns: [
        { name: 'Titel', field: 'title' },
        { name: 'Dato', field: 'observedOn' },
        { name: 'Antal', field: 'attribute', type: 'number' },
      ],
    })
  })
  test('of something else keeps the columns that this has too', () => {
    expect(mapping(table, { table: { of: 'sites' } }).columns.map((c) => c.field)).toEqual(['', '', ''])
  })
})
