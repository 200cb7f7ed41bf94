// The courses somebody is in: what they are called, and their end. Who is in one is in classmates.ts.

import { queryOptions } from '@tanstack/react-query'
import { v7 as newID } from 'uuid'
import { answer, api, type Schemas } from '../api/client'
import { known } from './known'
import { cache } from './queries'

export type Course = Schemas['Course']
export type CourseRole = Schemas['CourseRole']
export type CourseAction = Schemas['CourseAction']

/** The longest name a course may have, in characters. */
export const longestName = 200

export const courses = () =>
  queryOptions({
    queryKey: ['courses'],
    queryFn: async () => (await answer(api.GET('/api/v1/courses'))).items,
  })

/** The courses in the bin that somebody may take out. */
export const deletedCourses = () =>
  queryOptions({
    queryKey: ['courses', 'deleted'],
    queryFn: async () => (await answer(api.GET('/api/v1/courses', { params: { query: { bin: true } } }))).items,
  })

/** A course, with the reader's own role and rights. What else is kept of one lies under the same key. */
export const course = (id: string) =>
  queryOptions({
    queryKey: ['course', id],
    queryFn: () => known(`course ${id}`, () => answer(api.GET('/api/v1/courses/{course}', { params: { path: { course: id } } }))),
  })

const sees = (record: { version: number }) => ({ 'If-Match': `"${record.version}"` })
const at = (course: string) => ({ path: { course } })
const refetch = () => cache.invalidateQueries({ queryKey: ['courses'] })

/** Makes a course, with whoever makes it as its instructor. */
export async function createCourse(body: Schemas['NewCourse']): Promise<Course> {
  const made = await answer(api.POST('/api/v1/courses', { body: { id: newID(), ...body } }))
  await refetch()
  return made
}

/** Makes a course with the exercises of another, without its people and their work. */
export async function copyCourse(course: string, name: string, term: string): Promise<Course> {
  const made = await answer(api.POST('/api/v1/courses/{course}/copy', { params: at(course), body: { id: newID(), name, term } }))
  await refetch()
  return made
}

let changing: Promise<unknown> = Promise.resolve()
/** What a change from here made of a version of a course: whoever changes two things quickly has seen the first only before. */
const led = new Map<string, number>()

/** Changes fields of a course, one change after the other. */
export function changeCourse(course: Course, fields: Schemas['CourseFields']): Promise<Course> {
  const sent = changing.catch(() => undefined).then(() => sendChange(course, fields))
  changing = sent
  return sent
}

async function sendChange(course: Course, fields: Schemas['CourseFields']): Promise<Course> {
  let { version } = course
  for (let next: number | undefined = version; next; next = led.get(`${course.id} ${version}`)) version = next
  const changed = await answer(
    api.PATCH('/api/v1/courses/{course}', {
      params: { path: { course: course.id }, header: sees({ version }) },
      body: fields,
    }),
  )
  led.set(`${course.id} ${version}`, changed.version)
  cache.setQueryData(['course', course.id], changed)
  await refetch()
  return changed
}

export async function deleteCourse(course: string): Promise<void> {
  await answer(api.DELETE('/api/v1/courses/{course}', { params: at(course) }))
  await refetch()
}

export async function restoreCourse(course: string): Promise<void> {
  await answer(api.POST('/api/v1/courses/{course}/restore', { params: at(course) }))
  await cache.invalidateQueries({ queryKey: ['course', course] })
  await refetch()
}

/** Deletes a course in the bin for good. */
export async function purgeCourse(course: string): Promise<void> {
  await answer(api.POST('/api/v1/courses/{course}/purge', { params: at(course) }))
  cache.removeQueries({ queryKey: ['course', course] })
  await refetch()
}

/** Takes whoever is signed in out of a course. What they see of it stays until they have gone elsewhere. */
export async function leaveCourse(course: string): Promise<void> {
  await answer(api.POST('/api/v1/courses/{course}/leave', { params: at(course) }))
}

/** Forgets a course that somebody has left. */
export async function forgetCourse(course: string): Promise<void> {
  cache.removeQueries({ queryKey: ['course', course] })
  await refetch()
}
