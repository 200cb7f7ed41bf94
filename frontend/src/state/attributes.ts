// Which attributes the notes of a project have, and what their values say.

import { v7 as newID } from 'uuid'
import { answer, api, type Schemas } from '../api/client'
import { cache, type Project } from './queries'

export type Attribute = Schemas['Attribute']

/** Says which attributes notes have, in order: those without an id are new, and what isn't named goes. */
export async function setAttributes(project: Project, items: Schemas['AttributeFields'][]): Promise<Project> {
  const changed = await answer(
    api.PUT('/api/v1/projects/{project}/attributes', {
      params: { path: { project: project.id }, header: { 'If-Match': `"${project.version}"`, 'Idempotency-Key': newID() } },
      body: { items },
    }),
  )
  cache.setQueryData(['project', project.id], changed)
  return changed
}
