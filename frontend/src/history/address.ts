import type { Asked, Kind } from '../state/history'

/** The kinds of records that a history can be filtered by. */
export const kinds = [
  'note',
  'coding',
  'code',
  'memo',
  'comment',
  'link',
  'round',
  'site',
  'participant',
  'member',
  'project',
] as const satisfies readonly Kind[]

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const day = /^\d{4}-\d\d-\d\d$/

/** Reads what a history is filtered by out of its address; what makes no sense is left out. */
export function asked(search: Record<string, unknown>): Asked {
  const text = (name: string, form: RegExp) => {
    const value = search[name]
    return typeof value === 'string' && form.test(value) ? { [name]: value } : {}
  }
  const kind = kinds.find((k) => k === search.kind)
  return { ...text('person', uuid), ...text('note', uuid), ...text('from', day), ...text('to', day), ...(kind && { kind }) }
}

/** Which version of a text is looked at, and which it is compared with. */
export type Versions = { version?: number; against?: number }

/** Reads them out of an address. */
export function compared(search: Record<string, unknown>): Versions {
  const number = (name: 'version' | 'against') => {
    const value = Number(search[name])
    return Number.isInteger(value) && value > 0 ? { [name]: value } : {}
  }
  return { ...number('version'), ...number('against') }
}
