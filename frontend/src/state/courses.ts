// The courses somebody is in.

import { queryOptions } from '@tanstack/react-query'
import { answer, api, type Schemas } from '../api/client'
import { known } from './known'

export type Course = Schemas['Course']
export type CourseRole = Schemas['CourseRole']
export type CourseAction = Schemas['CourseAction']

export const courses = () =>
  queryOptions({
    queryKey: ['courses'],
    queryFn: async () => (await answer(api.GET('/api/v1/courses'))).items,
  })

/** A course, with the reader's own role and rights. What else is kept of one lies under the same key. */
export const course = (id: string) =>
  queryOptions({
    queryKey: ['course', id],
    queryFn: () => known(`course ${id}`, () => answer(api.GET('/api/v1/courses/{course}', { params: { path: { course: id } } }))),
  })
