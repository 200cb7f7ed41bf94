import { describe, expect, it } from 'vitest'
import { addressesIn } from './addresses'

describe('addresses that are pasted', () => {
  it('are found in lines, lists and tables, with names around them', () => {
    const pasted =
      'lea@example.org\nMaja Lund <maja@example.org>; "Per" per@example.org,\n(ida@sub.example.org)\tÅse\tåse@example.dk'
    const found = addressesIn(pasted)
    expect(found.addresses).toEqual([
      'lea@example.org',
      'maja@example.org',
      'per@example.org',
      'ida@sub.example.org',
      'åse@example.dk',
    ])
    expect(found.others).toEqual([])
  })

  it('count once, however they are written', () => {
    expect(addressesIn('Lea@example.org lea@EXAMPLE.org').addresses).toEqual(['Lea@example.org'])
  })

  it('are told from what is none', () => {
    expect(addressesIn('lea@example\nnobody\nper@example.org maja@')).toEqual({
      addresses: ['per@example.org'],
      others: ['lea@example', 'nobody', 'maja@'],
    })
  })
})
