import { describe, expect, test } from 'vitest'
import { inShort, inWords, localTime, momentOf, timeName, zones } from './due'

const at = (local: string, zone: string) => momentOf(local, zone)?.at.toISOString()

describe('the moment of a local time', () => {
  test('is that of its zone, in winter and in summer', () => {
    expect(at('2027-01-15T16:00', 'Europe/Copenhagen')).toBe('2027-01-15T15:00:00.000Z')
    expect(at('2027-07-15T16:00', 'Europe/Copenhagen')).toBe('2027-07-15T14:00:00.000Z')
    expect(at('2027-07-15T16:00', 'America/New_York')).toBe('2027-07-15T20:00:00.000Z')
    expect(at('2027-07-15T23:59', 'Pacific/Kiritimati')).toBe('2027-07-15T09:59:00.000Z')
    expect(at('2027-07-15T16:00', 'Asia/Kathmandu')).toBe('2027-07-15T10:15:00.000Z')
    expect(at('2027-07-15T16:00', 'UTC')).toBe('2027-07-15T16:00:00.000Z')
  })

  test('comes after the gap where the clocks skip it', () => {
    expect(momentOf('2027-03-28T02:30', 'Europe/Copenhagen')).toEqual({
      at: new Date('2027-03-28T01:00:00Z'),
      clocks: 'skipped',
    })
    expect(momentOf('2027-03-14T02:30', 'America/New_York')).toEqual({
      at: new Date('2027-03-14T07:00:00Z'),
      clocks: 'skipped',
    })
  })

  test('is the second where they show it twice', () => {
    expect(momentOf('2027-10-31T02:30', 'Europe/Copenhagen')).toEqual({ at: new Date('2027-10-31T01:30:00Z'), clocks: 'twice' })
    expect(momentOf('2027-11-07T01:30', 'America/New_York')).toEqual({ at: new Date('2027-11-07T06:30:00Z'), clocks: 'twice' })
    expect(momentOf('2027-10-31T03:00', 'Europe/Copenhagen')?.clocks).toBe('plain')
  })

  test('is none of what is no time or no zone', () => {
    for (const local of ['', '2027-02-30T12:00', '2027-13-01T12:00', '2027-01-01', 'soon', '2027-01-01T25:00'])
      expect(momentOf(local, 'UTC')).toBeUndefined()
    expect(momentOf('2027-01-01T12:00', '')).toBeUndefined()
    expect(momentOf('2027-01-01T12:00', 'Europe/Atlantis')).toBeUndefined()
  })

  test('is what its zone shows at it, but where the clocks skip it', () => {
    for (const zone of ['Europe/Copenhagen', 'America/St_Johns', 'Australia/Lord_Howe', 'Africa/Casablanca'])
      for (let day = 0; day < 365; day += 3) {
        const local = new Date(Date.UTC(2027, 0, 1 + day, (day * 7) % 24, 30)).toISOString().slice(0, 16)
        const moment = momentOf(local, zone)
        if (moment?.clocks !== 'skipped') expect(moment && localTime(moment.at, zone)).toBe(local)
      }
  })
})

test('a moment is said in words, by the clocks of its zone', () => {
  const summer = new Date('2027-05-03T14:00:00Z')
  expect(inWords(summer, 'Europe/Copenhagen', 'en-GB')).toMatch(/Monday,? 3 May 2027 at 16:00/)
  expect(inWords(summer, 'Europe/Copenhagen', 'da')).toContain('mandag')
  expect(inShort(summer, 'Europe/Copenhagen', 'en-GB')).toMatch(/^Mon,? 3 May 2027,? 16:00 (CEST|GMT\+2)$/)
  expect(timeName(summer, 'Europe/Copenhagen', 'en-GB')).toBe('Central European Summer Time')
})

test('every zone of the device can be chosen, and one that it doesn’t know stays', () => {
  expect(zones('')).toContain('Europe/Copenhagen')
  expect(zones('')).toContain('UTC')
  expect(zones('Europe/Kyiv')).toContain('Europe/Kyiv')
  expect(zones('UTC').filter((zone) => zone === 'UTC')).toHaveLength(1)
})
