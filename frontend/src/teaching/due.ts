// When an exercise is due: a local time in a time zone, and the moment that the two mean. Pure.

/** A moment; skipped or twice where summer time begins or ends at the local time it was made from. */
export type Moment = { at: Date; clocks: 'plain' | 'skipped' | 'twice' }

const day = 24 * 60 * 60_000

/** How far a zone's clocks are ahead of UTC at a moment, in milliseconds. */
function ahead(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at)
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value)
  const shown = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'))
  return shown - Math.floor(at / 1000) * 1000
}

/**
 * The moment of a local time, YYYY-MM-DDTHH:MM. One that the clocks skip means the first after the gap; one
 * that they show twice means the second. Undefined for what is no time or no zone.
 */
export function momentOf(local: string, zone: string): Moment | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(local)) return undefined
  const shown = Date.parse(`${local}:00Z`)
  if (Number.isNaN(shown) || new Date(shown).toISOString().slice(0, 16) !== local || !isZone(zone)) return undefined
  const [before, after] = [ahead(shown - day, zone), ahead(shown + day, zone)]
  const meant = [...new Set([shown - before, shown - after])].filter((at) => at + ahead(at, zone) === shown)
  if (meant.length === 0) return { at: new Date(turn(shown - after, shown - before, zone)), clocks: 'skipped' }
  return { at: new Date(Math.max(...meant)), clocks: meant.length > 1 ? 'twice' : 'plain' }
}

/** When the clocks of a zone change between two moments. */
function turn(from: number, to: number, zone: string): number {
  if (to - from <= 1000) return to
  const middle = from + Math.floor((to - from) / 2000) * 1000
  return ahead(middle, zone) === ahead(to, zone) ? turn(from, middle, zone) : turn(middle, to, zone)
}

/** The local time of a moment in a zone, as momentOf reads it. */
export const localTime = (at: Date, zone: string) => new Date(at.getTime() + ahead(at.getTime(), zone)).toISOString().slice(0, 16)

export function isZone(zone: string): boolean {
  try {
    return zone !== '' && new Intl.DateTimeFormat('en', { timeZone: zone }) !== undefined
  } catch {
    return false
  }
}

/** The time zone of this device. */
export const ownZone = () => new Intl.DateTimeFormat().resolvedOptions().timeZone

/** The time zones that this device knows, and one that an exercise has already. */
export function zones(chosen: string): string[] {
  return [...new Set([...Intl.supportedValuesOf('timeZone'), 'UTC', ...(chosen ? [chosen] : [])])].sort()
}

/** How a time zone is called, for people. */
export const zoneName = (zone: string) => zone.replaceAll('_', ' ')

/** A moment in words, with its day and its time in a zone. */
export function inWords(at: Date, zone: string, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'short', timeZone: zone }).format(at)
}

/** A moment as inWords says it, where there is little room. */
export function inShort(at: Date, zone: string, language: string): string {
  const parts = { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' } as const
  return new Intl.DateTimeFormat(language, { ...parts, timeZone: zone, timeZoneName: 'short' }).format(at)
}

/** How a zone's time is called at a moment, such as Central European Summer Time. */
export function timeName(at: Date, zone: string, language: string): string {
  const parts = new Intl.DateTimeFormat(language, { timeZone: zone, timeZoneName: 'long' }).formatToParts(at)
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? zone
}
