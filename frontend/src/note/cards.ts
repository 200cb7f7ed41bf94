// What stands beside each block of a note: a card for each coding that begins there, and a lane for each
// coder with the stretches that they coded. What didn't change keeps its identity, so that a coding more
// among thousands draws one block and not all.

import type { Talk } from '../state/comments'
import type { Code, Coding, NoteText } from '../state/queries'

/** A coding with what its card says. */
export type Card = {
  coding: Coding
  code: Code
  coder: string
  mine: boolean
  memos: number
  links: number
  comments: number
  resolved: boolean
}

/** The part of a coding that lies in a block, in the lane of its coder. */
export type Bar = { id: string; from: number; to: number; lane: number; colour: number }

export type Margin = { cards: readonly Card[]; bars: readonly Bar[] }

/** A coder whose codings have a lane of their own. */
export type Lane = { coder: string; name: string }

const lanesAtMost = 3
/** The margin of a block without codings. */
export const bare: Margin = { cards: [], bars: [] }

type Sources = {
  codes: Map<string, Code>
  names: Map<string, string>
  memos: Map<string, number>
  links: Map<string, number>
  talk: Map<string, Talk>
  me: string
}

/** Who has a lane: whoever may code here first, so that the first coding moves nothing, then those with the most codings. */
export function lanes(all: readonly Coding[], names: Map<string, string>, me: string, mayCode: boolean): Lane[] {
  const counts = new Map<string, number>(mayCode ? [[me, 0]] : [])
  for (const { coderId } of all) counts.set(coderId, (counts.get(coderId) ?? 0) + 1)
  return [...counts]
    .sort(([a, n], [b, m]) => Number(b === me) - Number(a === me) || m - n || a.localeCompare(b))
    .slice(0, lanesAtMost)
    .map(([coder]) => ({ coder, name: names.get(coder) ?? '' }))
}

/** Works out the margins of a note, again and again. */
export class Margins {
  private before: Margin[] = []
  private readonly known = new Map<string, Card>()

  constructor(private readonly words: NoteText) {}

  of(all: readonly Coding[], order: readonly Lane[], from: Sources): readonly Margin[] {
    const { blocks } = this.words
    const cards: Card[][] = blocks.map(() => [])
    const bars: Bar[][] = blocks.map(() => [])
    const lane = new Map(order.map(({ coder }, i) => [coder, i]))
    const sorted = all.toSorted(
      (a, b) => a.anchor.start - b.anchor.start || b.anchor.end - a.anchor.end || a.id.localeCompare(b.id),
    )
    let first = 0
    for (const coding of sorted) {
      const { start, end } = coding.anchor
      while (first + 1 < blocks.length && (blocks[first + 1]?.start ?? 0) <= start) first++
      const card = this.card(coding, from)
      if (!card) continue
      cards[first]?.push(card)
      for (let i = first; i < blocks.length && (blocks[i]?.start ?? 0) < end; i++) {
        const block = blocks[i]
        if (!block || block.end <= start) continue
        const [a, b] = [Math.max(start, block.start), Math.min(end, block.end)]
        bars[i]?.push({ id: coding.id, from: a, to: b, lane: lane.get(coding.coderId) ?? -1, colour: card.code.colour })
      }
    }
    this.before = blocks.map((_, i) => {
      const [c, b, old] = [cards[i] ?? [], bars[i] ?? [], this.before[i] ?? bare]
      if (c.length === 0 && b.length === 0) return bare
      return same(c, old.cards, (x, y) => x === y) && same(b, old.bars, alike) ? old : { cards: c, bars: b }
    })
    return this.before
  }

  private card(coding: Coding, { codes, names, memos, links, talk, me }: Sources): Card | undefined {
    const code = codes.get(coding.codeId)
    if (!code) return undefined
    const card: Card = {
      coding,
      code,
      coder: names.get(coding.coderId) ?? '',
      mine: coding.coderId === me,
      memos: memos.get(coding.id) ?? 0,
      links: links.get(coding.id) ?? 0,
      comments: talk.get(coding.id)?.count ?? 0,
      resolved: talk.get(coding.id)?.resolved ?? false,
    }
    const old = this.known.get(coding.id)
    if (old && alike(old, card)) return old
    this.known.set(coding.id, card)
    return card
  }
}

const alike = <T extends object>(a: T, b: T) => (Object.keys(a) as (keyof T)[]).every((key) => a[key] === b[key])

const same = <T>(a: readonly T[], b: readonly T[], equal: (x: T, y: T) => boolean) =>
  a.length === b.length && a.every((x, i) => equal(x, b[i] as T))
