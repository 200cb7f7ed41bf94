import { expect, test } from 'vitest'
import { readFilters } from './filters'

test('an address says which excerpts are shown', () => {
  const site = '01a20248-11e6-7a6b-b9da-15bcbb1a4915'
  expect(readFilters({ alone: true, site, kind: 'interview', from: '2024-01-01' })).toEqual({
    alone: true,
    site,
    kind: 'interview',
    from: '2024-01-01',
  })
  expect(readFilters({ alone: 'yes', site: '../x', kind: 'poem', from: 'soon', other: 1 })).toEqual({})
})
