import { expect, test } from 'vitest'
import { asFilter, ofFilter } from './values'

test('a filter finds its value again, whatever stands in it', () => {
  for (const value of ['Register', '>=3', '=1', 'a:b', 'line\nend'])
    expect(ofFilter(asFilter('id', value))).toEqual({ id: 'id', operator: '=', value })
  expect(ofFilter('id:<=2.5')).toEqual({ id: 'id', operator: '<=', value: '2.5' })
  expect(asFilter('id', true)).toBe('id:true')
  expect(ofFilter('nothing')).toEqual({ id: '', operator: '=', value: '' })
})
