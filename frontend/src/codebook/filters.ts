import { noteKinds } from '../note/kinds'
import type { Filters } from '../state/excerpts'

/** Reads which excerpts an address asks for; what it doesn't understand it leaves out. */
export function readFilters(search: Record<string, unknown>): Filters {
  const id = (value: unknown) => (typeof value === 'string' && /^[0-9a-f-]{36}$/.test(value) ? value : undefined)
  const day = (value: unknown) => (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : undefined)
  const filters = {
    alone: search.alone === true ? (true as const) : undefined,
    site: id(search.site),
    coder: id(search.coder),
    kind: noteKinds.find((kind) => kind === search.kind),
    from: day(search.from),
    to: day(search.to),
  }
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined))
}
