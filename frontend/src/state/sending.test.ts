import { describe, expect, it } from 'vitest'
import { kindOf, next, outcome, pause, recordOf, type Waiting } from './sending'

const write = (order: number, refused = false): Waiting => ({
  order,
  id: String(order),
  user: 'u',
  project: 'p',
  method: 'POST',
  path: '/notes',
  key: 'k',
  label: 'A note',
  createdAt: '',
  ...(refused && { refused: { status: 422, code: 'name_missing', detail: 'A name is needed here.' } }),
})

describe('what an answer means for a write', () => {
  it.each([
    ['POST', 201, undefined, 'sent'],
    ['POST', 200, undefined, 'sent'],
    ['DELETE', 204, undefined, 'sent'],
    ['DELETE', 404, 'coding_not_found', 'sent'],
    ['DELETE', 404, 'project_not_found', 'refused'],
    ['POST', 404, 'project_not_found', 'refused'],
    ['POST', 403, 'role_insufficient', 'refused'],
    ['POST', 409, 'project_archived', 'refused'],
    ['POST', 409, 'request_under_way', 'later'],
    ['PATCH', 412, 'version_stale', 'refused'],
    ['POST', 413, 'text_too_long', 'refused'],
    ['POST', 422, 'name_missing', 'refused'],
    ['POST', 401, 'session_ended', 'later'],
    ['POST', 429, 'attempts_too_many', 'later'],
    ['POST', 502, undefined, 'later'],
    ['POST', 503, 'store_unavailable', 'later'],
  ] as const)('%s answered with %i %s is %s', (method, status, code, meant) => {
    expect(outcome(method, status, code)).toBe(meant)
  })
})

describe('what is sent next', () => {
  it('is the oldest, whatever the order in which they are read', () => {
    expect(next([write(3), write(1), write(2)])?.order).toBe(1)
  })
  it('is never what was refused, which doesn’t hold up the others', () => {
    expect(next([write(1, true), write(2)])?.order).toBe(2)
    expect(next([write(1, true)])).toBeUndefined()
  })
})

describe('how long to wait', () => {
  it('grows with each try in vain, up to half a minute and its share of chance', () => {
    expect(pause(1, undefined, 0.5)).toBe(1000)
    expect(pause(4, undefined, 0.5)).toBe(8000)
    expect(pause(50, undefined, 1)).toBe(37_500)
    expect(pause(0, undefined, 0)).toBe(750)
  })
  it('is as long as the server asks for, within five minutes', () => {
    expect(pause(1, 20, 0)).toBe(20_000)
    expect(pause(1, 100_000, 0)).toBe(300_000)
  })
})

describe('what a write is about', () => {
  it.each([
    ['POST', '/notes', { id: 'n' }, 'note', 'n'],
    ['POST', '/sites', { id: 's' }, 'site', 's'],
    ['POST', '/participants', { id: 'p' }, 'participant', 'p'],
    ['POST', '/codings', { id: 'c' }, 'coding', 'c'],
    ['DELETE', '/codings/c', undefined, 'removal', 'c'],
    ['DELETE', '/drafts/d', undefined, 'change', 'd'],
    ['PATCH', '/codings/c', { codeId: 'x' }, 'change', ''],
  ] as const)('%s %s', (method, path, body, kind, record) => {
    expect(kindOf({ method, path })).toBe(kind)
    expect(recordOf({ method, path, ...(body && { body }) })).toBe(record)
  })
})
