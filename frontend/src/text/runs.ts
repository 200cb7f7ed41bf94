// What a block is made of: pieces of text between which its marks begin and end.

export type Mark = { kind: string; start: number; end: number; url?: string }
export type Run = { start: number; end: number; marks: Mark[] }

/** Cuts [start, end) where marks begin and end. Runs are in order, never empty, and cover all of it. */
export function runs(start: number, end: number, marks: readonly Mark[]): Run[] {
  const within = marks.filter((m) => m.start < end && m.end > start)
  const cuts = [...new Set([start, end, ...within.flatMap((m) => [Math.max(m.start, start), Math.min(m.end, end)])])].sort(
    (a, b) => a - b,
  )
  const out: Run[] = []
  for (let i = 0; i + 1 < cuts.length; i++) {
    const [from, to] = [cuts[i] as number, cuts[i + 1] as number]
    out.push({ start: from, end: to, marks: within.filter((m) => m.start <= from && m.end >= to) })
  }
  return out
}

/** The codings at a place, smallest first; of two of one length, the later one first. */
export function at<T extends { start: number; end: number }>(codings: readonly T[], point: number): T[] {
  return codings
    .filter((c) => c.start <= point && point < c.end)
    .sort((a, b) => a.end - a.start - (b.end - b.start) || b.start - a.start)
}

/** Leaves out the white space at both ends of [start, end); undefined if nothing else is in it. */
export function trimmed(words: string, start: number): { start: number; end: number; quote: string } | undefined {
  const quote = words.trim()
  if (quote === '') return undefined
  const before = Array.from(words.slice(0, words.indexOf(quote))).length
  return { start: start + before, end: start + before + Array.from(quote).length, quote }
}
