// Where the coders of a note differ. Coders are alike in a block if each code that one of them put there was
// put there by all, on words that overlap: every coding has, of every other coder, a coding with the same code
// that shares at least one character of the block with it. Pure.

import type { Block, Coding } from '../state/queries'

/** A coding as far as it lies in a block. */
export type Part = { coding: Coding; start: number; end: number }

/** In what coders differ: in codes, or with the same codes in the words that they put them on. */
export type Kind = 'codes' | 'words'

/** A block with what each coder put in it, in the order of the coders. */
export type Compared = {
  /** Counted from one. */
  n: number
  block: Block
  lanes: readonly (readonly Part[])[]
  /** Left out where the coders are alike. */
  kind?: Kind
}

/** A stretch of blocks: one that is shown, or several alike that can be folded. */
export type Stretch = { from: number; to: number; fold: boolean }

/** Compares coders, block by block. */
export function compare(blocks: readonly Block[], codings: readonly Coding[], coders: readonly string[]): Compared[] {
  const byCoder = coders.map((coder) => codings.filter((c) => c.coderId === coder))
  return blocks.map((block, i) => {
    const lanes = byCoder.map((all) => parts(all, block))
    const kind = differ(lanes)
    return { n: i + 1, block, lanes, ...(kind && { kind }) }
  })
}

/** What of some codings lies in a block, in the order of the words. */
function parts(codings: readonly Coding[], block: Block): Part[] {
  return codings
    .flatMap((coding) => {
      const [start, end] = [Math.max(coding.anchor.start, block.start), Math.min(coding.anchor.end, block.end)]
      return start < end ? [{ coding, start, end }] : []
    })
    .toSorted((a, b) => a.start - b.start || b.end - a.end || a.coding.id.localeCompare(b.coding.id))
}

/** In what lanes differ; undefined if they are alike. */
export function differ(lanes: readonly (readonly Part[])[]): Kind | undefined {
  const codes = lanes.map((lane) => new Set<string>(lane.map(({ coding }) => coding.codeId)))
  const all = new Set(codes.flatMap((some) => [...some]))
  if (codes.some((some) => some.size < all.size)) return 'codes'
  const isMet = (part: Part, lane: readonly Part[]) =>
    lane.some((p) => p.coding.codeId === part.coding.codeId && p.start < part.end && part.start < p.end)
  const overlap = lanes.every((lane) => lane.every((part) => lanes.every((other) => isMet(part, other))))
  return overlap ? undefined : 'words'
}

/** The numbers of the blocks in which coders differ. */
export const differences = (all: readonly Compared[]): number[] => all.filter(({ kind }) => kind).map(({ n }) => n)

/** Folds blocks that are alike, but for those that somebody unfolded. */
export function folded(all: readonly Compared[], unfolded: ReadonlySet<number>, only: boolean): Stretch[] {
  const stretches: Stretch[] = []
  for (const { n, kind } of all) {
    const fold = only && !kind && !unfolded.has(n)
    const last = stretches.at(-1)
    if (fold && last?.fold) last.to = n
    else stretches.push({ from: n, to: n, fold })
  }
  return stretches
}

/** The difference after or before a block, round the corner at either end; undefined if there is none. */
export function step(numbers: readonly number[], from: number, by: 1 | -1): number | undefined {
  const next = by > 0 ? numbers.find((n) => n > from) : numbers.findLast((n) => n < from)
  return next ?? (by > 0 ? numbers[0] : numbers.at(-1))
}
