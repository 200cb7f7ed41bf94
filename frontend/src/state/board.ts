// The board of an exercise: who is how far with which prompt, and what is said of their work.

import { queryOptions } from '@tanstack/react-query'
import { v7 as newID } from 'uuid'
import { answer, api, Refused, type Schemas } from '../api/client'
import { cache } from './queries'

export type Board = Schemas['Board']
export type BoardRow = Schemas['BoardRow']
export type BoardCell = Schemas['BoardCell']
export type AnswerState = Schemas['AnswerStateName']
export type SubmissionView = Schemas['SubmissionView']
export type HandIn = Schemas['HandIn']
/** What is said of somebody's work; its version is 0 while nothing is. */
export type Said = Pick<Schemas['Feedback'], 'version' | 'mark' | 'comment' | 'number' | 'remarks' | 'markBy' | 'commentBy'>
export type Remark = Schemas['Remark']
export type ClassAnswer = Schemas['ClassAnswer']
export type ClassMap = Schemas['ClassMap']

export const board = (exercise: string) =>
  queryOptions({
    queryKey: ['exercise', exercise, 'board'],
    queryFn: () => answer(api.GET('/api/v1/exercises/{exercise}/board', { params: { path: { exercise } } })),
  })

/** Somebody's work as those who teach see it: what is written now. */
export const work = (exercise: string, submission: string) =>
  queryOptions({
    queryKey: ['exercise', exercise, 'work', submission],
    queryFn: () => answer(api.GET('/api/v1/submissions/{submission}', { params: { path: { submission } } })),
    staleTime: 0,
  })

/** Work as it was submitted; it never changes, but for words that were withdrawn. */
export const handIn = (exercise: string, submission: string, number: number) =>
  queryOptions({
    queryKey: ['exercise', exercise, 'work', submission, 'handIn', number],
    queryFn: () =>
      answer(
        api.GET('/api/v1/submissions/{submission}/hand-ins/{number}', {
          params: { path: { submission, number: String(number) } },
        }),
      ),
  })

const nothingSaid: Said = { version: 0, mark: '', comment: '', number: 0, remarks: [] }

/** What is said of somebody's work. Students hear of it when the work is returned. */
export const feedback = (exercise: string, submission: string) =>
  queryOptions({
    queryKey: ['exercise', exercise, 'work', submission, 'feedback'],
    queryFn: async () => {
      try {
        return await answer(api.GET('/api/v1/submissions/{submission}/feedback', { params: { path: { submission } } }))
      } catch (error) {
        if (error instanceof Refused && error.problem?.code === 'feedback_not_found') return nothingSaid
        throw error
      }
    },
    staleTime: 0,
  })

/** What the class answered to a prompt. */
export const classAnswers = (exercise: string, prompt: string) =>
  queryOptions({
    queryKey: ['exercise', exercise, 'class', prompt],
    queryFn: async () =>
      (await answer(api.GET('/api/v1/exercises/{exercise}/class', { params: { path: { exercise }, query: { prompt } } }))).items,
    staleTime: 0,
  })

/** In which kinds of organisations the class found each code. */
export const classMap = (exercise: string) =>
  queryOptions({
    queryKey: ['exercise', exercise, 'map'],
    queryFn: () => answer(api.GET('/api/v1/exercises/{exercise}/map', { params: { path: { exercise } } })),
    staleTime: 0,
  })

/** Takes in what is said of somebody's work, unless something newer is there. */
function adopt(exercise: string, submission: string, given: Said): Said {
  cache.setQueryData(feedback(exercise, submission).queryKey, (old: Said | undefined) =>
    old && old.version > given.version ? old : given,
  )
  cache.setQueryData(board(exercise).queryKey, (all: Board | undefined) => {
    if (!all?.rows.some((row) => row.submissionId === submission && !row.feedback)) return all
    return { ...all, rows: all.rows.map((row) => (row.submissionId === submission ? { ...row, feedback: true } : row)) }
  })
  return given
}

/** Writes mark and comment over those that were seen. */
export async function writeFeedback(
  exercise: string,
  submission: string,
  seen: number,
  said: Pick<Said, 'mark' | 'comment'>,
): Promise<Said> {
  const header = seen > 0 ? { 'If-Match': `"${seen}"` } : {}
  return adopt(
    exercise,
    submission,
    await answer(api.PUT('/api/v1/submissions/{submission}/feedback', { params: { path: { submission }, header }, body: said })),
  )
}

/** Fetches what is said of somebody's work now. */
export async function readFeedback(exercise: string, submission: string): Promise<Said> {
  return cache.fetchQuery({ ...feedback(exercise, submission), staleTime: 0 })
}

/** Says something of an answer, or of words in it. */
export async function addRemark(exercise: string, submission: string, remark: Schemas['NewRemark']): Promise<Said> {
  return adopt(
    exercise,
    submission,
    await answer(
      api.POST('/api/v1/submissions/{submission}/feedback/remarks', {
        params: { path: { submission } },
        body: { id: newID(), ...remark },
      }),
    ),
  )
}

export async function changeRemark(exercise: string, submission: string, remark: string, text: string): Promise<Said> {
  return adopt(
    exercise,
    submission,
    await answer(
      api.PATCH('/api/v1/submissions/{submission}/feedback/remarks/{remark}', {
        params: { path: { submission, remark } },
        body: { text },
      }),
    ),
  )
}

export async function deleteRemark(exercise: string, submission: string, remark: string): Promise<Said> {
  return adopt(
    exercise,
    submission,
    await answer(
      api.DELETE('/api/v1/submissions/{submission}/feedback/remarks/{remark}', {
        params: { path: { submission, remark } },
      }),
    ),
  )
}

/** Returns somebody's work: they see it with what is said of it from now on. */
export async function returnWork(exercise: string, submission: string): Promise<void> {
  await answer(api.POST('/api/v1/submissions/{submission}/return', { params: { path: { submission } } }))
  await again(exercise)
}

/** Returns all that was submitted and isn't returned; gives how many those were. */
export async function returnAll(exercise: string): Promise<number> {
  const { returned } = await answer(api.POST('/api/v1/exercises/{exercise}/return', { params: { path: { exercise } }, body: {} }))
  await again(exercise)
  return returned
}

const again = (exercise: string) =>
  Promise.all(['board', 'work'].map((list) => cache.invalidateQueries({ queryKey: ['exercise', exercise, list] })))

/** Whether somebody else wrote meanwhile. */
export const isStale = (error: unknown) => error instanceof Refused && error.problem?.status === 412
