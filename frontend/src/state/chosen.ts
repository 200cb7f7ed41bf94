// Which sources are chosen, so that what was uploaded can be chosen from elsewhere.

import { useSyncExternalStore } from 'react'

const none: ReadonlySet<string> = new Set()
let chosen = { project: '', notes: none }
const listeners = new Set<() => void>()

/** The notes of a project that are chosen. */
export function useChosen(project: string): ReadonlySet<string> {
  return useSyncExternalStore(
    (changed) => {
      listeners.add(changed)
      return () => listeners.delete(changed)
    },
    () => (chosen.project === project ? chosen.notes : none),
  )
}

/** Chooses these notes and no others. */
export function choose(project: string, notes: ReadonlySet<string>): void {
  chosen = { project, notes }
  for (const listener of listeners) listener()
}
