// What the list of a course's people shows of them.

import type { Classmate, Group } from '../state/classmates'
import type { CourseAction, CourseRole } from '../state/courses'

export const courseRoles: readonly CourseRole[] = ['instructor', 'assistant', 'student']

/** What instructors may let an assistant do. */
export const givenRights = [
  'managePeople',
  'manageExercises',
  'readWork',
  'giveFeedback',
  'returnWork',
  'exportWork',
] as const satisfies readonly CourseAction[]
export type GivenRight = (typeof givenRights)[number]

// Nobody can comment on, return or take out what they may not read.
const onWork: readonly CourseAction[] = ['giveFeedback', 'returnWork', 'exportWork']

/** Gives or takes a right, with those that it needs or that need it. */
export function withRight(rights: readonly CourseAction[], right: GivenRight, given: boolean): GivenRight[] {
  const wanted = new Set<CourseAction>(rights)
  if (given) {
    wanted.add(right)
    if (onWork.includes(right)) wanted.add('readWork')
  } else {
    wanted.delete(right)
    if (right === 'readWork') for (const one of onWork) wanted.delete(one)
  }
  return givenRights.filter((one) => wanted.has(one))
}

/** How far people have come, as the list is narrowed by it. */
export const comings = ['joined', 'waiting', 'erased'] as const
export type Coming = (typeof comings)[number]

export type Narrowing = { words: string; role: string | null; group: string | null; coming: string | null }

/** The value of a group for those who are in none. */
export const noGroup = 'none'

/** The people that a narrowed list shows: who teaches first, then by name. */
export function shownPeople(all: readonly Classmate[], { words, role, group, coming }: Narrowing, language: string): Classmate[] {
  const order = new Intl.Collator(language, { sensitivity: 'base', numeric: true })
  const sought = plain(words)
  return all
    .filter(
      (one) =>
        (!role || one.role === role) &&
        (!coming || comingOf(one) === coming) &&
        (!group || (group === noGroup ? one.role === 'student' && !one.groupId : one.groupId === group)) &&
        (sought === '' || [one.name, one.email ?? '', one.pseudonym].some((part) => plain(part).includes(sought))),
    )
    .toSorted(
      (a, b) => courseRoles.indexOf(a.role) - courseRoles.indexOf(b.role) || order.compare(a.name, b.name) || a.number - b.number,
    )
}

/** Words without case and accents, so that they are found however they are typed. */
const plain = (words: string) => words.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim()

/** How far somebody has come. */
export function comingOf({ state }: Pick<Classmate, 'state'>): Coming {
  if (state === 'listed' || state === 'invited') return 'waiting'
  return state
}

/** The students of each group by its id, and under '' those in none, each by name. */
export function byGroup(all: readonly Classmate[], groups: readonly Group[], language: string): Map<string, Classmate[]> {
  const students = shownPeople(all, { words: '', role: 'student', group: null, coming: null }, language)
  const found = new Map<string, Classmate[]>([['', []], ...groups.map((one): [string, Classmate[]] => [one.id, []])])
  for (const one of students) if (one.state !== 'erased') (found.get(one.groupId) ?? found.get(''))?.push(one)
  return found
}

/** How many groups students are drawn into, so that none has more than size, and how many are in the smallest and largest. */
export function drawn(students: number, size: number): { groups: number; least: number; most: number } {
  if (students < 1 || size < 1) return { groups: 0, least: 0, most: 0 }
  const groups = Math.ceil(students / size)
  return { groups, least: Math.floor(students / groups), most: Math.ceil(students / groups) }
}

/** What the server calls somebody by their number, in English, of whom it knows no name. */
const numbered = { student: 'Student', assistant: 'Assistant', instructor: 'Instructor' } as const

/** Whether somebody has a number for a name: without any of their own, or since their personal data was deleted. */
export function isNumbered({ name, number, role, state }: Pick<Classmate, 'name' | 'number' | 'role' | 'state'>): boolean {
  return state === 'erased' || name === `${numbered[role]} ${number}`
}
