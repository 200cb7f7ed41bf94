// What the palette can do: each view adds its actions while it is shown.

import { useEffect, useRef } from 'react'

/** Something to do, by name. Keys are how its key is written, for those who want to learn it. */
export type Action = { id: string; name: string; keys?: string; group?: string; run: () => void }

const sources = new Set<() => readonly Action[]>()

/** Offers actions in the palette for as long as the view is shown. They may be made anew each time. */
export function useActions(actions: readonly Action[]): void {
  const latest = useRef(actions)
  latest.current = actions
  useEffect(() => {
    const source = () => latest.current
    sources.add(source)
    return () => {
      sources.delete(source)
    }
  }, [])
}

/** All actions that are offered now, the innermost view's first. */
export function actions(): Action[] {
  return [...sources].reverse().flatMap((source) => source())
}

const openers = new Set<() => void>()

/** Opens the palette, from a button. */
export function openPalette(): void {
  for (const open of openers) open()
}

/** Calls back when the palette is to be opened. */
export function onPalette(open: () => void): () => void {
  openers.add(open)
  return () => {
    openers.delete(open)
  }
}
