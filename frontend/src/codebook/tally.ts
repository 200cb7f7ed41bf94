import type { Schemas } from '../api/client'
import { type Node, walk } from './tree'

/** How often a code was put: itself, on how many notes, where, and how often those beneath it were. */
export type Tally = { codings: number; notes: number; below: number; bySite: Map<string, number> }

export const untouched: Tally = { codings: 0, notes: 0, below: 0, bySite: new Map() }

/** Sums usages up by code. */
export function tally(nodes: readonly Node[], usages: readonly Schemas['CodeUsage'][]): Map<string, Tally> {
  const all = new Map<string, Tally>()
  for (const { codeId, siteId, count, notes } of usages) {
    const sum = all.get(codeId) ?? { codings: 0, notes: 0, below: 0, bySite: new Map() }
    sum.codings += count
    sum.notes += notes
    sum.bySite.set(siteId, (sum.bySite.get(siteId) ?? 0) + count)
    all.set(codeId, sum)
  }
  for (const node of walk(nodes)) {
    const below = walk(node.children).reduce((n, child) => n + (all.get(child.code.id)?.codings ?? 0), 0)
    if (below > 0) all.set(node.code.id, { ...(all.get(node.code.id) ?? untouched), below })
  }
  return all
}
