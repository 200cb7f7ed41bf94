import { answer, api } from '../api/client'

/** An address from which the browser saves the file that a note was read from. */
export const originalOf = async (project: string, note: string): Promise<string> =>
  (await answer(api.GET('/api/v1/projects/{project}/notes/{note}/file', { params: { path: { project, note } } }))).url
