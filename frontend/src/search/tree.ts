// Sites and codes stand within each other. Choosing one finds what has it or one within it, so that is
// what is counted.

type Node = { id: string; parentId?: string | null; name: string }

/** A record with how far in it stands, and at least and at most how many hits have it or one within it. */
type Branch<R> = { record: R; depth: number; least: number; most: number }

/**
 * Records in the order of their tree, those without hits left out unless they are chosen or hold some. A
 * hit is of one site (`apart`), but may carry several codes: then only bounds are known.
 */
export function tree<R extends Node>(
  records: readonly R[],
  counts: Record<string, number>,
  chosen: readonly string[],
  apart: boolean,
): Branch<R>[] {
  const known = new Set(records.map((r) => r.id))
  const within = new Map<string, R[]>()
  for (const r of records) {
    const parent = r.parentId && known.has(r.parentId) ? r.parentId : ''
    within.set(parent, [...(within.get(parent) ?? []), r])
  }
  const walk = (parent: string, depth: number): Branch<R>[] =>
    (within.get(parent) ?? [])
      .map((record) => {
        const inner = walk(record.id, depth + 1)
        const children = inner.filter((b) => b.depth === depth + 1)
        const own = counts[record.id] ?? 0
        const most = children.reduce((sum, b) => sum + b.most, own)
        const least = apart ? most : Math.max(own, ...children.map((b) => b.least))
        return [{ record, depth, least, most }, ...inner]
      })
      .filter(([first, ...inner]) => first && (first.most > 0 || inner.length > 0 || chosen.includes(first.record.id)))
      .toSorted(([a], [b]) => (b?.least ?? 0) - (a?.least ?? 0) || (a?.record.name ?? '').localeCompare(b?.record.name ?? ''))
      .flat()
  return walk('', 0)
}
