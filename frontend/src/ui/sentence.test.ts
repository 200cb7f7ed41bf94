import i18next from 'i18next'
import { beforeAll, describe, expect, test } from 'vitest'
import da from '../locales/da/problems.json'
import { placesOf, sentenceIn } from './sentence'

beforeAll(() => i18next.init({ lng: 'en', fallbackLng: 'en', showSupportNotice: false, resources: { da: { translation: da } } }))

const wrong = { code: 'credentials_wrong', sentence: 'These do not belong together.' }
const rows = { code: 'rows_short', sentence: 'Row 3.', values: ['3, 4'] }

describe('what the server says', () => {
  test('is its own sentence in English, which has no others', async () => {
    await i18next.changeLanguage('en')
    expect(sentenceIn(i18next, wrong, 'problem')).toBe(wrong.sentence)
    expect(sentenceIn(i18next, rows, 'warning')).toBe(rows.sentence)
  })

  describe('in Danish', () => {
    beforeAll(() => i18next.changeLanguage('da'))

    test('is the sentence of the code', () => expect(sentenceIn(i18next, wrong, 'problem')).toBe(da.problem.credentials_wrong))

    test('is its own where the code is new', () => {
      expect(sentenceIn(i18next, { ...wrong, code: 'brand_new' }, 'problem')).toBe(wrong.sentence)
      expect(sentenceIn(i18next, { ...wrong, code: '' }, 'problem')).toBe(wrong.sentence)
      expect(sentenceIn(i18next, wrong, 'warning')).toBe(wrong.sentence)
    })

    test('holds what is inserted, as it is', () => {
      const values = ['Dato $t(problem.internal) {{1}} $&', '<b>3/4</b>']
      const said = sentenceIn(i18next, { code: 'date_order', sentence: '', values }, 'question')
      expect(said).toContain('“Dato $t(problem.internal) {{1}} $&”')
      expect(said).toContain('<b>3/4</b>')
    })

    test('is its own where what belongs into the sentence is missing', () => {
      expect(sentenceIn(i18next, { ...rows, values: undefined }, 'warning')).toBe(rows.sentence)
      expect(sentenceIn(i18next, { ...rows, values: [''] }, 'warning')).toBe(rows.sentence)
    })

    test('is the first that one of several sections has', () => {
      const faulty = { code: 'text_too_long', sentence: '' }
      expect(sentenceIn(i18next, faulty, 'cell', 'problem')).toBe(da.problem.text_too_long)
    })
  })
})

test('places are named once each, and no more than can be read', () => {
  expect(placesOf([{ pointer: '/rows/3' }, { pointer: '/rows/3' }, { pointer: '/rows/12' }])).toBe('3, 12')
  expect(placesOf([{ pointer: '/' }])).toBe('')
  expect(placesOf(undefined)).toBe('')
  expect(placesOf(Array.from({ length: 23 }, (_, i) => ({ pointer: `/rows/${i}` })))).toMatch(/, 19, \+3$/)
})
