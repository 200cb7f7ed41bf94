import { expect, test } from 'vitest'
import { shortNames } from './names'

test('names lose the words they all begin with', () => {
  expect(shortNames(['Data as foundation', 'Data as old news', 'Data as having agency'])).toEqual([
    'Foundation',
    'Old news',
    'Having agency',
  ])
})
test('names that share nothing stay', () =>
  expect(shortNames(['Trust', 'Data work', 'øre for detaljen'])).toEqual(['Trust', 'Data work', 'Øre for detaljen']))
test('no name is used up', () =>
  expect(shortNames(['Data', 'Data as future', 'Data as news'])).toEqual(['Data', 'Data as future', 'Data as news']))
test('one or two codes share by chance', () => expect(shortNames(['Data as future'])).toEqual(['Data as future']))
