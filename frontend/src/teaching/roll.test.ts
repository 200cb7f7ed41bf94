import { describe, expect, it } from 'vitest'
import type { Classmate, Group } from '../state/classmates'
import { byGroup, drawn, noGroup, shownPeople, withRight } from './roll'

const person = (name: string, more: Partial<Classmate> = {}): Classmate => ({
  id: name,
  version: 1,
  role: 'student',
  name,
  groupId: '',
  number: 1,
  pseudonym: '',
  rights: [],
  me: false,
  state: 'joined',
  ...more,
})
const all = [
  person('Åse Holm', { email: 'ase@example.org', groupId: 'g1' }),
  person('Émile Roux', { state: 'listed' }),
  person('Bo Friis', { state: 'invited', groupId: 'g2', pseudonym: 'Heron' }),
  person('Zoe Lund', { role: 'instructor' }),
  person('', { id: 'gone', state: 'erased', number: 4 }),
]
const anybody = { words: '', role: null, group: null, coming: null }
const ids = (people: readonly Classmate[]) => people.map(({ id }) => id)

describe('the list of people', () => {
  it('has who teaches first, and then goes by name in the order of the language', () => {
    expect(ids(shownPeople(all, anybody, 'da'))).toEqual(['Zoe Lund', 'gone', 'Bo Friis', 'Émile Roux', 'Åse Holm'])
  })

  it('finds people by name, address and pseudonym, without accents and case', () => {
    const found = (words: string) => ids(shownPeople(all, { ...anybody, words }, 'en'))
    expect(found('emile')).toEqual(['Émile Roux'])
    expect(found(' ASE@ ')).toEqual(['Åse Holm'])
    expect(found('heron')).toEqual(['Bo Friis'])
  })

  it('is narrowed by role, group and how far people have come', () => {
    expect(ids(shownPeople(all, { ...anybody, role: 'instructor' }, 'en'))).toEqual(['Zoe Lund'])
    expect(ids(shownPeople(all, { ...anybody, group: 'g2' }, 'en'))).toEqual(['Bo Friis'])
    expect(ids(shownPeople(all, { ...anybody, group: noGroup }, 'en'))).toEqual(['gone', 'Émile Roux'])
    expect(ids(shownPeople(all, { ...anybody, coming: 'waiting' }, 'en'))).toEqual(['Bo Friis', 'Émile Roux'])
    expect(ids(shownPeople(all, { ...anybody, coming: 'erased' }, 'en'))).toEqual(['gone'])
  })
})

describe('groups', () => {
  const group = (id: string): Group => ({ id, version: 1, name: id, memberIds: [], count: 0, mine: false, full: false })

  it('hold the students that are in them; whose group is gone is in none', () => {
    const found = byGroup([...all, person('Ida', { groupId: 'lost' })], [group('g1'), group('g2'), group('g3')], 'en')
    expect([...found].map(([id, some]) => [id, ids(some)])).toEqual([
      ['', ['Émile Roux', 'Ida']],
      ['g1', ['Åse Holm']],
      ['g2', ['Bo Friis']],
      ['g3', []],
    ])
  })

  it('are drawn as few as there can be, and differ by one at most', () => {
    expect(drawn(12, 4)).toEqual({ groups: 3, least: 4, most: 4 })
    expect(drawn(13, 4)).toEqual({ groups: 4, least: 3, most: 4 })
    expect(drawn(1, 4)).toEqual({ groups: 1, least: 1, most: 1 })
    expect(drawn(0, 4).groups).toBe(0)
    expect(drawn(5, 0).groups).toBe(0)
  })
})

describe('the rights of an assistant', () => {
  it('come with the right to read the work that they are about, and go with it', () => {
    expect(withRight([], 'giveFeedback', true)).toEqual(['readWork', 'giveFeedback'])
    expect(withRight(['readWork', 'giveFeedback', 'managePeople'], 'readWork', false)).toEqual(['managePeople'])
    expect(withRight(['readCourse', 'managePeople'], 'managePeople', false)).toEqual([])
  })
})
