import { describe, expect, test } from 'vitest'
import type { Exercise } from '../state/exercises'
import { inLanguage, languageOf } from './bilingual'
import { change, clashes, lacks, moved, onTop } from './exercise-form'

const words = (en: string, da = '') => ({ en, da })
const prompt = (id: string, title = 'Future', codeId = 'c') => ({ id, title: words(title), question: words(''), codeId })
const exercise = (fields: Partial<Exercise> = {}) =>
  ({
    version: 1,
    title: words('Data', 'Data'),
    instructions: words(''),
    prompts: [prompt('p')],
    work: 'individual',
    minWords: 100,
    maxWords: 250,
    passages: 2,
    reasons: true,
    released: true,
    ownNotes: true,
    web: true,
    dueAt: '',
    timeZone: 'Europe/Copenhagen',
    lateAllowed: false,
    shownToClass: false,
    namesShown: false,
    ...fields,
  }) as Exercise

describe('what was written', () => {
  test('is nothing once it is as it was', () => {
    const draft = change(undefined, exercise(), { minWords: 50 })
    expect(draft?.mine).toEqual({ minWords: 50 })
    expect(change(draft, exercise(), { minWords: 100 })).toBeUndefined()
  })

  const draft = { base: exercise(), mine: { title: words('Facts'), minWords: 50 } }

  test('meets what others wrote elsewhere without a clash', () => {
    const theirs = exercise({ version: 2, maxWords: 300 })
    expect(clashes(draft, theirs)).toEqual([])
    expect(onTop(draft, theirs)).toEqual({ base: theirs, mine: draft.mine })
  })

  test('clashes with what others wrote in the same place', () => {
    const theirs = exercise({ version: 2, minWords: 75, title: words('Facts') })
    expect(clashes(draft, theirs)).toEqual(['minWords'])
    expect(onTop(draft, theirs, ['minWords'])).toBeUndefined()
    expect(onTop(draft, theirs)?.mine).toEqual({ minWords: 50 })
  })
})

describe('what an exercise lacks', () => {
  test('is nothing of one that is whole', () => expect(lacks(exercise())).toEqual([]))
  test('is words in one of the languages', () => {
    expect(lacks(exercise({ title: words('', 'Data') }))).toEqual([])
    expect(lacks(exercise({ title: words(' ', '') }))).toEqual(['title'])
  })
  test('is titles and codes of its prompts', () => {
    expect(lacks(exercise({ prompts: [] }))).toEqual([])
    expect(lacks(exercise({ prompts: [prompt('p', ' '), prompt('q', 'Silos', '')] }))).toEqual(['promptTitles', 'codes'])
  })
  test('is room for words, a source for evidence, and a time that there is', () => {
    expect(lacks(exercise({ maxWords: 0 }))).toEqual([])
    expect(lacks(exercise({ maxWords: 99 }))).toEqual(['words'])
    const closed = { released: false, ownNotes: false, web: false }
    expect(lacks(exercise(closed))).toEqual(['sources'])
    expect(lacks(exercise({ ...closed, passages: 0 }))).toEqual([])
    expect(lacks(exercise({ dueAt: '2027-02-30T16:00' }))).toEqual(['due'])
  })
})

test('a prompt goes elsewhere in its list, and no further than its ends', () => {
  expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a'])
  expect(moved(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b'])
  expect(moved(['a', 'b', 'c'], 0, -1)).toEqual(['a', 'b', 'c'])
  expect(moved(['a', 'b', 'c'], 2, 3)).toEqual(['a', 'b', 'c'])
})

test('where words are missing in a language, those of the other stand', () => {
  expect(inLanguage(words('Data', ''), 'da')).toBe('Data')
  expect(languageOf(words('Data', ''), 'da')).toBe('en')
  expect(inLanguage(words('', 'Beretning'), 'en')).toBe('Beretning')
  expect(languageOf(words('Account', 'Beretning'), 'da')).toBe('da')
})
