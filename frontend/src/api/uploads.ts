// The uploads of a project as the API has them.
import type { Problem, Schemas } from './client'
export type Upload = {
  id: string
  name: string
  path: string
  size: number
  received: number
  state: 'receiving' | 'reading' | 'ready' | 'refused' | 'committed'
  archiveId: string | null
  createdAt: string
  expiresAt: string
  problem: Problem | null
  format: string
  mediaType: string
  encoding: string
  options: { encoding: string; sheet: string; transcript: '' | 'yes' | 'no' }
  document: UploadedDocument | null
  table: UploadedTable | null
  archive: { files: number; folders: string[]; warnings: Warning[] } | null
  media: { kind: 'audio' | 'video' | 'image' | 'slides' } | null
}
export type Warning = { code: string; sentence: string }
export type UploadedDocument = {
  title: string
  author: string
  createdAt: string | null
  changedAt: string | null
  observedOn: string
  language: string
  words: number
  length: number
  pages: number
  blocks: Record<string, number>
  transcript: boolean
  speakers: { name: string; turns: number; participantId: string | null }[]
  comments: number
  noText: boolean
  warnings: Warning[]
  duplicateOf: string | null
  versionOf: { noteId: string; title: string; codings: number; kept: number; review: number } | null
}
export type UploadedTable = {
  of: 'notes' | 'sites' | 'participants'
  columns: { name: string; field: string; type: string; samples: string[] }[]
  rows: number
  sheet: string
  sheets: string[]
  dateOrder: '' | 'dmy' | 'mdy' | 'ymd'
  decimal: '' | ',' | '.'
  questions: { column: string; code: string; sentence: string; choices: string[] }[]
  problems: { row: number; column: string; sentence: string }[]
  preview: Record<string, unknown>[]
}
export type TableMapping = Pick<UploadedTable, 'of' | 'dateOrder' | 'decimal'> & {
  columns: { name: string; field: string; type?: string }[]
}
export type CommitItem = {
  uploadId: string
  as: 'note' | 'version' | 'attachment' | 'table'
  fields?: Schemas['FileFields']
  siteName?: string
  noteId?: string
  attachTo?: string
  speakers?: Record<string, { participantId?: string; pseudonym?: string }>
  comments?: 'memos' | 'none'
  table?: TableMapping
}
export type Committed = {
  uploadId: string
  file: string
  status: 'created' | 'duplicate' | 'versioned' | 'attached' | 'refused'
  noteId: string | null
  notes: number
  sites: number
  participants: number
  problem: Problem | null
}
export type UploadText = Pick<Schemas['Text'], 'text' | 'blocks' | 'marks'>

declare const later: never
export const list = async (_project: string): Promise<Upload[]> => later
export const text = async (_project: string, _upload: string): Promise<UploadText> => later
export const setOptions = async (_project: string, _upload: string, _options: Upload['options']): Promise<Upload> => later
export const remove = async (_project: string, _upload: string): Promise<void> => later
export const commit = async (_project: string, _items: CommitItem[]): Promise<Committed[]> => later
