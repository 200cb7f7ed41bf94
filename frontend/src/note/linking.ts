import { useSyncExternalStore } from 'react'
import { type Link, putLink } from '../state/links'
import type { Coding } from '../state/queries'

/** A link that was begun at one coding and waits for the other, here or in another note. */
export type Begun = { project: string; from: Coding; kind: Link['kind'] }

let begun: Begun | undefined
const listeners = new Set<() => void>()

/** Begins a link, changes its kind, or gives it up. */
export function setBegun(next: Begun | undefined): void {
  begun = next
  for (const listen of listeners) listen()
}

export function useBegun(project: string): Begun | undefined {
  return useSyncExternalStore(
    (changed) => {
      listeners.add(changed)
      return () => listeners.delete(changed)
    },
    () => (begun?.project === project ? begun : undefined),
  )
}

/** Ends the link that was begun at another coding. */
export async function endLink({ project, from, kind }: Begun, to: Coding): Promise<void> {
  await putLink(project, from.id, to.id, kind)
  setBegun(undefined)
}
