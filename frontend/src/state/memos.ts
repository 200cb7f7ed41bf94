// Memos: analytic texts on a project, site, note, code or coding.

import { queryOptions } from '@tanstack/react-query'
import { v7 as newID } from 'uuid'
import { all, answer, api, type Schemas } from '../api/client'
import { cache, open } from './queries'

export type Memo = Schemas['Memo']
export type Target = Memo['target']

/** The memos of a note and of all that hangs on it, in a layer. */
export const noteMemos = (project: string, note: string, layer = open) =>
  queryOptions({
    queryKey: ['project', project, 'memos', 'note', note, layer],
    queryFn: () => listed(project, { note, layer }),
  })

/** The memos on one record itself. */
export const memosOn = (project: string, target: string) =>
  queryOptions({
    queryKey: ['project', project, 'memos', 'target', target],
    queryFn: () => listed(project, { target }),
  })

function listed(project: string, query: { note?: string; target?: string; layer?: string }): Promise<Memo[]> {
  return all((cursor) =>
    answer(
      api.GET('/api/v1/projects/{project}/memos', { params: { path: { project }, query: { ...query, limit: 1000, cursor } } }),
    ),
  )
}

/** Writes a memo. */
export function writeMemo(project: string, target: Target, text: string, isPrivate: boolean): Promise<Memo> {
  return afterwards(
    project,
    answer(
      api.POST('/api/v1/projects/{project}/memos', {
        params: { path: { project }, header: { 'Idempotency-Key': newID() } },
        body: { id: newID(), target, text, private: isPrivate },
      }),
    ),
  )
}

/** Changes the words of a memo, or who may read it. */
export function changeMemo(project: string, memo: Memo, change: { text?: string; private?: boolean }): Promise<Memo> {
  return afterwards(
    project,
    answer(
      api.PATCH('/api/v1/projects/{project}/memos/{memo}', {
        params: {
          path: { project, memo: memo.id },
          header: { 'If-Match': `"${memo.version}"`, 'Idempotency-Key': newID() },
        },
        body: change,
      }),
    ),
  )
}

/** Puts a memo into the bin. */
export function deleteMemo(project: string, memo: Memo): Promise<unknown> {
  return afterwards(
    project,
    answer(
      api.DELETE('/api/v1/projects/{project}/memos/{memo}', {
        params: { path: { project, memo: memo.id }, header: { 'Idempotency-Key': newID() } },
      }),
    ),
  )
}

/** Takes a memo out of the bin. */
export function restoreMemo(project: string, memo: Memo): Promise<unknown> {
  return afterwards(
    project,
    answer(
      api.POST('/api/v1/projects/{project}/bin/{noun}/{record}/restore', {
        params: { path: { project, noun: 'memo', record: memo.id }, header: { 'Idempotency-Key': newID() } },
      }),
    ),
  )
}

async function afterwards<T>(project: string, sent: Promise<T>): Promise<T> {
  const result = await sent
  await cache.invalidateQueries({ queryKey: ['project', project, 'memos'] })
  return result
}
