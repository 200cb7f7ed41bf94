// Rounds: sets of notes, codes and coders that are coded independently, from the draft to the reveal.

import { queryOptions } from '@tanstack/react-query'
import { v7 as newID } from 'uuid'
import { answer, api, type Schemas } from '../api/client'
import { cache, type Round, rounds } from './queries'
import { deliver } from './queue'

export type RoundFields = Schemas['RoundChange']
export type RoundState = Round['state']
export type Assignment = Round['assignment'][number]
export type Task = Schemas['RoundTask']
export type OpenTask = Schemas['OpenTask']
export type CoderProgress = Schemas['CoderTask']

/** Lists change without an event that everybody hears: whoever looks at one asks again now and then. */
const now = { staleTime: 0, refetchInterval: 30_000 }

/** My notes of a round, and how far I am with each. */
export const tasks = (project: string, round: string) =>
  queryOptions({
    queryKey: ['project', project, 'tasks', round],
    queryFn: async () =>
      (await answer(api.GET('/api/v1/projects/{project}/rounds/{round}/tasks', { params: { path: { project, round } } }))).items,
    staleTime: 0,
  })

/** What I have left to do in all blind rounds of a project. */
export const openTasks = (project: string) =>
  queryOptions({
    queryKey: ['project', project, 'tasks'],
    queryFn: async () =>
      (await answer(api.GET('/api/v1/projects/{project}/rounds/tasks', { params: { path: { project } } }))).items,
    staleTime: 0,
  })

/** How far every coder of a round is with each note. */
export const roundProgress = (project: string, round: string) =>
  queryOptions({
    queryKey: ['project', project, 'roundProgress', round],
    queryFn: async () =>
      (await answer(api.GET('/api/v1/projects/{project}/rounds/{round}/progress', { params: { path: { project, round } } })))
        .items,
    ...now,
  })

const again = (project: string, ...lists: string[]) =>
  Promise.all(lists.map((list) => cache.invalidateQueries({ queryKey: ['project', project, list] })))

function show(project: string, round: Round) {
  cache.setQueryData(rounds(project).queryKey, (all: Round[] | undefined) => {
    if (!all) return all
    return all.some((r) => r.id === round.id) ? all.map((r) => (r.id === round.id ? round : r)) : [round, ...all]
  })
  return round
}

const seen = ({ version }: Round) => ({ 'If-Match': `"${version}"`, 'Idempotency-Key': newID() })
const place = ({ spaceId, id }: Round) => ({ project: spaceId, round: id })

/** Begins the draft of a round. */
export async function createRound(project: string, name: string): Promise<Round> {
  const made = await answer(
    api.POST('/api/v1/projects/{project}/rounds', {
      params: { path: { project }, header: { 'Idempotency-Key': newID() } },
      body: { id: newID(), name, noteIds: [], codeIds: [], coderIds: [], codersPerNote: 2 },
    }),
  )
  return show(project, made)
}

/** Changes a round as it was seen. */
export async function changeRound(round: Round, fields: RoundFields): Promise<Round> {
  const changed = await answer(
    api.PATCH('/api/v1/projects/{project}/rounds/{round}', {
      params: { path: place(round), header: seen(round) },
      body: fields,
    }),
  )
  return show(round.spaceId, changed)
}

/** Puts a draft into the bin. */
export async function deleteRound(round: Round): Promise<void> {
  await answer(api.DELETE('/api/v1/projects/{project}/rounds/{round}', { params: { path: place(round), header: seen(round) } }))
  cache.setQueryData(rounds(round.spaceId).queryKey, (all: Round[] | undefined) => all?.filter((r) => r.id !== round.id))
}

/** Takes a draft out of the bin. */
export async function restoreRound({ spaceId: project, id }: Round): Promise<void> {
  await answer(
    api.POST('/api/v1/projects/{project}/bin/{noun}/{record}/restore', {
      params: { path: { project, noun: 'round', record: id }, header: { 'Idempotency-Key': newID() } },
    }),
  )
  await again(project, 'rounds', 'bin')
}

/** Draws who codes which note, from a seed or from a new one. */
export async function drawRound(round: Round, seed?: string): Promise<Round> {
  const drawn = await answer(
    api.POST('/api/v1/projects/{project}/rounds/{round}/draw', {
      params: { path: place(round), header: seen(round) },
      body: seed ? { seed } : {},
    }),
  )
  return show(round.spaceId, drawn)
}

/** Moves a round to a state; what may be seen and written changes with it. */
export async function moveRound(round: Round, to: Exclude<RoundState, 'draft'>, why: string): Promise<Round> {
  const moved = await answer(
    api.POST('/api/v1/projects/{project}/rounds/{round}/move', {
      params: { path: place(round), header: seen(round) },
      body: { to, why },
    }),
  )
  show(round.spaceId, moved)
  await cache.invalidateQueries({ queryKey: ['project', round.spaceId] })
  return moved
}

/** Says that one is done with a note, or isn't after all. Without a network it waits behind the codings that were put before. */
export async function markDone(round: Round, note: string, isDone: boolean, label: string): Promise<void> {
  const project = round.spaceId
  const state = isDone ? 'done' : 'begun'
  const mark = <T extends { noteId: string; state: Task['state'] }>(all: T[] | undefined) =>
    all?.map((task) => (task.noteId === note ? { ...task, state } : task))
  const lists = [tasks(project, round.id).queryKey, openTasks(project).queryKey] as const
  for (const queryKey of lists) await cache.cancelQueries({ queryKey, exact: true })
  cache.setQueryData(lists[0], mark)
  cache.setQueryData(lists[1], mark)
  try {
    await deliver({ method: isDone ? 'PUT' : 'DELETE', project, path: `/rounds/${round.id}/notes/${note}/done`, label })
  } finally {
    await again(project, 'tasks', 'roundProgress')
  }
}

/** Takes in a round as the server gave it. */
export const adoptRound = (round: Round) => show(round.spaceId, round)
