// Who is in a course: the list of those who are to come, their links, their groups, and how one joins.

import { queryOptions } from '@tanstack/react-query'
import { answer, api, Refused, type Schemas } from '../api/client'
import { account } from '../api/session'
import { cache } from './queries'

export type Classmate = Schemas['CourseMember']
export type Group = Schemas['ClassGroup']
export type Claim = Schemas['CourseClaim']
export type Roster = Schemas['Roster']
export type RosterRow = Roster['rows'][number]
export type Joining = Schemas['Joining']
export type Offer = Schemas['CourseDoor']
/** What opens a course: the secret of a link, or a code to type. */
export type Key = { secret: string } | { code: string }

const sees = (record: { version: number }) => ({ 'If-Match': `"${record.version}"` })
const at = (course: string) => ({ path: { course } })
const membersKey = (course: string) => ['course', course, 'members']
const groupsKey = (course: string) => ['course', course, 'groups']
const joinKey = (course: string) => ['course', course, 'join']

/** Who is in a course. They come at any time, so they are asked for whenever a view opens. */
export const classmates = (course: string) =>
  queryOptions({
    queryKey: membersKey(course),
    staleTime: 0,
    queryFn: async () => (await answer(api.GET('/api/v1/courses/{course}/members', { params: { path: { course } } }))).items,
  })

export const groups = (course: string) =>
  queryOptions({
    queryKey: groupsKey(course),
    staleTime: 0,
    queryFn: async () => (await answer(api.GET('/api/v1/courses/{course}/groups', { params: { path: { course } } }))).items,
  })

/** How one joins a course; null where nobody may without being on the list. */
export const joining = (course: string) =>
  queryOptions({
    queryKey: joinKey(course),
    queryFn: async (): Promise<Joining | null> => {
      try {
        return await answer(api.GET('/api/v1/courses/{course}/join', { params: { path: { course } } }))
      } catch (error) {
        if (error instanceof Refused && error.problem?.code === 'join_closed') return null
        throw error
      }
    },
  })

async function refetchPeople(course: string): Promise<void> {
  await Promise.all([
    cache.invalidateQueries({ queryKey: membersKey(course) }),
    cache.invalidateQueries({ queryKey: groupsKey(course) }),
  ])
}

/** Puts somebody on the list. */
export async function addClassmate(course: string, body: Schemas['NewCourseMember']): Promise<Classmate> {
  const added = await answer(api.POST('/api/v1/courses/{course}/members', { params: at(course), body }))
  await refetchPeople(course)
  return added
}

export async function changeClassmate(
  course: string,
  member: Classmate,
  fields: Schemas['CourseMemberFields'],
): Promise<Classmate> {
  const changed = await answer(
    api.PATCH('/api/v1/courses/{course}/members/{member}', {
      params: { path: { course, member: member.id }, header: sees(member) },
      body: fields,
    }),
  )
  await refetchPeople(course)
  if (member.me) await cache.invalidateQueries({ queryKey: ['course', course], exact: true })
  return changed
}

/** Takes somebody out of a course. Their work stays. */
export async function removeClassmate(course: string, member: string): Promise<void> {
  await answer(api.DELETE('/api/v1/courses/{course}/members/{member}', { params: { path: { course, member } } }))
  await refetchPeople(course)
}

export async function restoreClassmate(course: string, member: string): Promise<void> {
  await answer(api.POST('/api/v1/courses/{course}/members/{member}/restore', { params: { path: { course, member } } }))
  await refetchPeople(course)
}

/** Deletes somebody's personal data for good. */
export async function eraseClassmate(course: string, member: string): Promise<void> {
  await answer(api.POST('/api/v1/courses/{course}/members/{member}/erase', { params: { path: { course, member } } }))
  await cache.invalidateQueries({ queryKey: ['course', course] })
}

/** Makes one-time links by which people take their places: for those named, or for all who haven't come. */
export async function makeClaims(course: string, body: Schemas['NewClaims']): Promise<Claim[]> {
  const { items } = await answer(api.POST('/api/v1/courses/{course}/members/claims', { params: at(course), body }))
  await refetchPeople(course)
  return items
}

/** Reads a list of people: what each line would come to, or with add the lines that are new are added. */
export async function readRoster(course: string, file: Blob, add: boolean, encoding?: string): Promise<Roster> {
  const read = await answer(
    api.POST('/api/v1/courses/{course}/roster', {
      params: { ...at(course), query: { preview: !add, encoding } },
      body: file as never,
      bodySerializer: (body) => body,
      headers: { 'Content-Type': 'text/csv' },
    }),
  )
  if (add) await refetchPeople(course)
  return read
}

/** Says that those who joined by the link for all are the ones on the list with their addresses. */
export async function confirmMatches(course: string, memberIds: string[]): Promise<void> {
  await answer(api.POST('/api/v1/courses/{course}/roster/confirm', { params: at(course), body: { memberIds } }))
  await refetchPeople(course)
}

/** Lets people join by a new link and code; those before end. */
export async function openJoining(course: string, days: number): Promise<void> {
  const opened = await answer(api.POST('/api/v1/courses/{course}/join', { params: at(course), body: { days } }))
  cache.setQueryData(joinKey(course), opened)
}

/** Ends the link and code that everybody may join by. */
export async function closeJoining(course: string): Promise<void> {
  await answer(api.DELETE('/api/v1/courses/{course}/join', { params: at(course) }))
  cache.setQueryData(joinKey(course), null)
}

/** What somebody is offered who comes with a link or a code; whether they are in already depends on who asks. */
export const offer = (key: Key) =>
  queryOptions({
    queryKey: ['offer', key, account() ?? ''],
    queryFn: () => answer(api.POST('/api/v1/courses/look', { body: key })),
    staleTime: 0,
    retry: false,
  })

/** Makes whoever is signed in a member of what a link or code opens; gives the course. */
export async function join(key: Key): Promise<string> {
  const { courseId } = await answer(api.POST('/api/v1/courses/join', { body: key }))
  await cache.invalidateQueries({ queryKey: ['courses'] })
  await cache.invalidateQueries({ queryKey: ['course', courseId] })
  return courseId
}

export async function makeGroup(course: string, name: string): Promise<Group> {
  const made = await answer(api.POST('/api/v1/courses/{course}/groups', { params: at(course), body: { name } }))
  await refetchPeople(course)
  return made
}

export async function renameGroup(course: string, group: Group, name: string): Promise<void> {
  await answer(
    api.PATCH('/api/v1/courses/{course}/groups/{group}', {
      params: { path: { course, group: group.id }, header: sees(group) },
      body: { name },
    }),
  )
  await refetchPeople(course)
}

/** Takes a group away; its students are in none then. */
export async function removeGroup(course: string, group: string): Promise<void> {
  await answer(api.DELETE('/api/v1/courses/{course}/groups/{group}', { params: { path: { course, group } } }))
  await refetchPeople(course)
}

/** Brings a group back, with those who were in it and are in no other now. */
export async function restoreGroup(course: string, group: string): Promise<void> {
  await answer(api.POST('/api/v1/courses/{course}/groups/{group}/restore', { params: { path: { course, group } } }))
  await refetchPeople(course)
}

/** Puts whoever is signed in into a group. */
export async function joinGroup(course: string, group: string): Promise<void> {
  await answer(api.POST('/api/v1/courses/{course}/groups/{group}/join', { params: { path: { course, group } } }))
  await refetchPeople(course)
}

export async function leaveGroup(course: string): Promise<void> {
  await answer(api.POST('/api/v1/courses/{course}/groups/leave', { params: at(course) }))
  await refetchPeople(course)
}

/** Draws students into groups at random, with a number by which the same can be drawn again. */
export async function drawGroups(course: string, body: Schemas['GroupDraw']): Promise<Schemas['DrawnGroups']> {
  const drawn = await answer(api.POST('/api/v1/courses/{course}/groups/draw', { params: at(course), body }))
  await refetchPeople(course)
  return drawn
}

/** Puts students into groups, or with an empty id out of theirs: all or none. */
export async function placeClassmates(course: string, places: Schemas['GroupPlace'][]): Promise<void> {
  await answer(api.PUT('/api/v1/courses/{course}/groups/places', { params: at(course), body: { places } }))
  await refetchPeople(course)
}

// What somebody signs in with to join a course.
let expected: string | undefined

/** Remembers that somebody signs in to join a course by a link or a code. */
export function expectKey(key: string | undefined): void {
  expected = key
}

/** Says, once, whether somebody has just signed in to join a course. */
export function isExpectedKey(key: string): boolean {
  const was = expected === key
  expected = undefined
  return was
}
