// The files on their way into a project: what was understood of them, and what they are to become.

import { answer, api, Refused, type Schemas } from './client'

export type UploadedDocument = Schemas['UploadedDocument']
export type UploadText = Schemas['UploadText']
export type Committed = Schemas['CommittedUpload']
export type Upload = Omit<Schemas['FileUpload'], 'table'> & { table: UploadedTable | null }
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
  warnings: Schemas['ReadWarning'][]
  preview: Record<string, unknown>[]
}
export type TableMapping = Pick<UploadedTable, 'of' | 'dateOrder' | 'decimal'> & {
  columns: { name: string; field: string; type?: string }[]
}
export type CommitItem = Schemas['CommitItem'] & { table?: TableMapping }

const path = (project: string, upload: string) => ({ params: { path: { project, upload } } })

/** One's own files that aren't committed, oldest first. */
export const list = async (project: string): Promise<Upload[]> =>
  (await answer(api.GET('/api/v1/projects/{project}/uploads', { params: { path: { project } } }))).items as Upload[]

/** The words that were read from a file. */
export const text = (project: string, upload: string): Promise<UploadText> =>
  answer(api.GET('/api/v1/projects/{project}/uploads/{upload}/text', path(project, upload)))

/** Has a file read again in another way. */
export const setOptions = (project: string, upload: string, body: Upload['options']): Promise<Upload> =>
  answer(api.PUT('/api/v1/projects/{project}/uploads/{upload}/options', { ...path(project, upload), body })) as Promise<Upload>

/** Removes a file; one that is gone already is no fault. */
export async function remove(project: string, upload: string): Promise<void> {
  try {
    await answer(api.DELETE('/api/v1/projects/{project}/uploads/{upload}', path(project, upload)))
  } catch (error) {
    if (!(error instanceof Refused) || error.problem?.status !== 404) throw error
  }
}

/** Makes of files what they are to become. Each answers for itself, and again if it is asked for twice. */
export const commit = async (project: string, items: CommitItem[]): Promise<Committed[]> =>
  (await answer(api.POST('/api/v1/projects/{project}/uploads/commit', { params: { path: { project } }, body: { items } }))).items
