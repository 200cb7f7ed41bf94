// Where cards and lanes stand beside a text: at the height of the words they belong to. They are put there
// without taking part in the layout, so that nothing in a margin ever moves the text.

import type { Pieces } from './painter'

const row = 32 // height of a card with the space below it, in pixels

/** Puts the cards and lanes of blocks at the height of their words. Everything is read first and written then. */
export function arrange(blocks: Iterable<HTMLElement>, pieces: Pieces): void {
  const writes: (() => void)[] = []
  for (const block of blocks) {
    const box = block.getBoundingClientRect()
    const tops = new Map<string, number>()
    for (const bar of block.querySelectorAll<HTMLElement>('.lanes > [data-of]')) {
      const words = pieces.box(Number(bar.dataset.from), Number(bar.dataset.to))
      if (!words) continue
      tops.set(bar.dataset.of as string, words.top - box.top)
      writes.push(() => {
        bar.style.top = `${words.top - box.top}px`
        bar.style.height = `${words.height}px`
      })
    }
    const cards = [...block.querySelectorAll<HTMLElement>('.cards > [data-card]')]
    const places = stacked(
      cards.map((card) => tops.get(card.dataset.card as string) ?? 0),
      box.height,
    )
    const more = block.querySelector<HTMLElement>('.cards__more')
    const folded = cards.length - places.length
    writes.push(() => {
      cards.forEach((card, i) => {
        const place = places[i]
        if (place === undefined) card.dataset.folded = ''
        else {
          delete card.dataset.folded
          card.dataset.placed = ''
          card.style.top = `${place}px`
        }
      })
      if (!more) return
      more.hidden = folded === 0
      more.dataset.n = String(folded)
      more.style.top = `${places.at(-1) ?? 0}px`
    })
  }
  for (const write of writes) write()
}

/**
 * Finds a place for each card: at the height it wants, below the one before, and all within the block. Gives the
 * tops in pixels of those that find one; the rest are to be folded.
 */
export function stacked(wanted: readonly number[], height: number): number[] {
  const room = Math.max(1, Math.floor((height + 4) / row))
  const tops = wanted.slice(0, room)
  for (let i = 0; i < tops.length; i++) tops[i] = Math.max(tops[i] as number, i === 0 ? 0 : (tops[i - 1] as number) + row)
  let limit = Math.max(height - row + 4, 0)
  for (let i = tops.length - 1; i >= 0; i--) {
    tops[i] = Math.max(0, Math.min(tops[i] as number, limit))
    limit = (tops[i] as number) - row
  }
  return tops
}
