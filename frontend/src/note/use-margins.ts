import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { bare, type Margin } from './cards'
import { arrange } from './margin'
import type { Pieces } from './painter'

const atOnce = 40 // blocks whose margins are drawn with the text, and then in each idle moment

/**
 * The margins that are drawn by now: those of the first blocks and around the one that is read at once, the
 * others in idle moments, so that a text with thousands of codings is there at once.
 */
export function useNear(beside: readonly Margin[], now: number): readonly Margin[] {
  const [until, setUntil] = useState(atOnce)
  const reached = Math.max(until, now > 0 ? now + atOnce : 0)
  const complete = reached >= beside.length
  useEffect(() => {
    if (complete) return
    const idle = window.requestIdleCallback ?? ((run: () => void) => window.setTimeout(run, 30))
    const cancel = window.cancelIdleCallback ?? window.clearTimeout
    const asked = idle(() => setUntil(reached + atOnce), { timeout: 1000 })
    return () => cancel(asked)
  }, [complete, reached])
  return complete ? beside : beside.map((margin, i) => (i < reached ? margin : bare))
}

type Props = {
  page: RefObject<HTMLElement | null>
  scroller: RefObject<HTMLElement | null>
  pieces: RefObject<Pieces | null>
  beside: readonly Margin[]
  width: number
}

/**
 * Keeps cards and lanes at the height of their words: those of blocks whose margin has changed, or all when the
 * width has. Blocks far from what is seen wait until they come near: to measure them would lay them out.
 */
export function useArranged({ page, scroller, pieces, beside, width }: Props): void {
  const before = useRef<{ beside: readonly Margin[]; width: number }>({ beside: [], width: 0 })
  const near = useRef(new Set<Element>())
  const waiting = useRef(new Set<Element>())

  useLayoutEffect(() => {
    const all = page.current?.querySelectorAll<HTMLElement>('.blk')
    if (!all || !pieces.current) return
    const now: HTMLElement[] = []
    all.forEach((block, i) => {
      if (width === before.current.width && beside[i] === before.current.beside[i]) return
      if (near.current.has(block)) now.push(block)
      else waiting.current.add(block)
    })
    before.current = { beside, width }
    arrange(now, pieces.current)
  }, [beside, width, page, pieces])

  const blocks = beside.length
  // biome-ignore lint/correctness/useExhaustiveDependencies: another text has other blocks
  useEffect(() => {
    const watch = new IntersectionObserver(
      (entries) => {
        const come: HTMLElement[] = []
        for (const { target, isIntersecting } of entries) {
          if (isIntersecting) near.current.add(target)
          else near.current.delete(target)
          if (isIntersecting && waiting.current.delete(target)) come.push(target as HTMLElement)
        }
        if (pieces.current) arrange(come, pieces.current)
      },
      { root: scroller.current, rootMargin: '600px' },
    )
    for (const block of page.current?.querySelectorAll('.blk') ?? []) watch.observe(block)
    return () => watch.disconnect()
  }, [blocks, page, scroller, pieces])
}
