import { expect, it } from 'vitest'
import { readCode } from './code'

it('a code is read as people type it', () => {
  for (const typed of ['K7QFM2XA', 'k7qf-m2xa', ' K7QF M2XA ', 'k7qf–m2xa', 'K7 QF.M2_XA'])
    expect(readCode(typed)).toBe('K7QFM2XA')
  expect(readCode('oil0-1234')).toBe('01101234')
})

it('what is too short, too long or has other signs is no code', () => {
  for (const typed of ['', 'K7QFM2X', 'K7QFM2XAA', 'K7QFM2XU', 'K7QFM2XÆ', 'K7QF/2XA']) expect(readCode(typed)).toBeUndefined()
})
