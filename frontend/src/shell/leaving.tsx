import { useSyncExternalStore } from 'react'
import { leave } from '../state/leave'
import { unsent } from '../state/queue'

let asked = false
const listeners = new Set<() => void>()

/** Asks before one leaves, or takes the question away. */
export function ask(now: boolean) {
  asked = now
  for (const listen of listeners) listen()
}

/** Signs out; whoever would lose what lies on this device alone is asked first. */
export async function signOut(): Promise<void> {
  if ((await unsent().catch(() => 0)) > 0) ask(true)
  else await leave()
}

/** Whether somebody is asked before they leave. */
export function useLeaving(): boolean {
  return useSyncExternalStore(
    (changed) => {
      listeners.add(changed)
      return () => listeners.delete(changed)
    },
    () => asked,
  )
}
