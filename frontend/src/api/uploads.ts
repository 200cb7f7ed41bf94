// The files on their way into a project: what was understood of them, and what they are to become.

import { answer, api, Refused, type Schemas } from './client'

export type UploadedDocument = Schemas['UploadedDocument']
export type UploadText = Schemas['UploadText']
export type Committed = Schemas['CommittedUpload']
export type Upload = Schemas['FileUpload']
export type UploadedTable = Schemas['UploadedTable']
export type TableMapping = Schemas['TableMapping']
/** What the values of a column are, where it becomes an attribute. */
export type ColumnType = UploadedTable['columns'][number]['type']
export type CommitItem = Schemas['CommitItem']

const path = (project: string, upload: string) => ({ params: { path: { project, upload } } })

/** One's own files that aren't committed, oldest first. */
export const list = async (project: string): Promise<Upload[]> =>
  (await answer(api.GET('/api/v1/projects/{project}/uploads', { params: { path: { project } } }))).items

/** The words that were read from a file. */
export const text = (project: string, upload: string): Promise<UploadText> =>
  answer(api.GET('/api/v1/projects/{project}/uploads/{upload}/text', path(project, upload)))

/** Has a file read again in another way. */
export const setOptions = (project: string, upload: string, body: Upload['options']): Promise<Upload> =>
  answer(api.PUT('/api/v1/projects/{project}/uploads/{upload}/options', { ...path(project, upload), body }))

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
