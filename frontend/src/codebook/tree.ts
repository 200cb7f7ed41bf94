// A codebook as a forest, and where a code goes when it is moved. Places count among all codes beneath
// a parent, also those that aren't shown, as the server counts them.

import type { Code } from '../state/queries'

/** A code with those beneath it. */
export type Node = { code: Code; level: number; parent: Node | undefined; children: Node[] }

/** Where a code stands: its parent, or none, and its place among all codes there. */
export type Place = { parentId: string; index: number }

export type Step = 'up' | 'down' | 'in' | 'out'
export type Side = 'before' | 'after' | 'into'

const inOrder = (a: Code, b: Code) => a.position - b.position || (a.id < b.id ? -1 : 1)

/** The codes as a forest in their order. Those that were merged away are left out; one whose parent is gone stands at the top. */
export function forest(codes: readonly Code[]): Node[] {
  const nodes = new Map<string, Node>()
  for (const code of codes) if (!code.mergedInto) nodes.set(code.id, { code, level: 1, parent: undefined, children: [] })
  const roots: Node[] = []
  for (const node of [...nodes.values()].sort((a, b) => inOrder(a.code, b.code))) {
    node.parent = nodes.get(node.code.parentId)
    ;(node.parent?.children ?? roots).push(node)
  }
  const settle = (node: Node, level: number) => {
    node.level = level
    for (const child of node.children) settle(child, level + 1)
  }
  for (const root of roots) settle(root, 1)
  return roots
}

/** All nodes, each before those beneath it. */
export function walk(nodes: readonly Node[]): Node[] {
  return nodes.flatMap((node) => [node, ...walk(node.children)])
}

/** Leaves out what is archived, but for archived codes with others beneath them that aren't. */
export function living(nodes: readonly Node[]): Node[] {
  return nodes.flatMap((node) => {
    const children = living(node.children)
    return node.code.archived && children.length === 0 ? [] : [{ ...node, children }]
  })
}

/** The rows of a forest of which some branches are folded. */
export function rows(nodes: readonly Node[], folded: ReadonlySet<string>): Node[] {
  return nodes.flatMap((node) => [node, ...(folded.has(node.code.id) ? [] : rows(node.children, folded))])
}

/** A code and all beneath it. */
export function within(codes: readonly Code[], id: string): Set<string> {
  const found = new Set([id])
  for (let before = 0; before < found.size; ) {
    before = found.size
    for (const code of codes) if (found.has(code.parentId)) found.add(code.id)
  }
  return found
}

/** Where a code comes to stand beside or in another; undefined if that is itself or beneath it. */
export function dropped(codes: readonly Code[], id: string, target: string, side: Side): Place | undefined {
  const other = codes.find((c) => c.id === target)
  if (!other || within(codes, id).has(target)) return undefined
  if (side === 'into') return { parentId: target, index: siblings(codes, id, target).length }
  const at = siblings(codes, id, other.parentId).findIndex((c) => c.id === target)
  return { parentId: other.parentId, index: side === 'before' ? at : at + 1 }
}

/** Where a step takes a code, as far as `shown` goes; undefined at the edge. */
export function stepped(codes: readonly Code[], shown: readonly Node[], id: string, step: Step): Place | undefined {
  const node = walk(shown).find((n) => n.code.id === id)
  if (!node) return undefined
  const parent = walk(shown).find((n) => n.children.some((c) => c.code.id === id))
  const beside = parent?.children ?? shown
  const at = beside.findIndex((n) => n.code.id === id)
  const [before, after] = [beside[at - 1], beside[at + 1]]
  if (step === 'up') return before && dropped(codes, id, before.code.id, 'before')
  if (step === 'down') return after && dropped(codes, id, after.code.id, 'after')
  if (step === 'in') return before && dropped(codes, id, before.code.id, 'into')
  return parent && dropped(codes, id, parent.code.id, 'after')
}

/** The position that the server gives a code at a place. */
export function positionAt(codes: readonly Code[], id: string, place: Place): number {
  const beside = siblings(codes, id, place.parentId)
  const [before, after] = [beside[place.index - 1], beside[place.index]]
  if (before && after) return (before.position + after.position) / 2
  if (before) return before.position + 1
  return after ? after.position - 1 : 1
}

/** The codes beneath a parent in their order, without one. */
function siblings(codes: readonly Code[], without: string, parentId: string): Code[] {
  return codes.filter((c) => c.parentId === parentId && c.id !== without).sort(inOrder)
}
