// What was written and not yet saved. It outlives the view and a reload, and is gone with the tab: what
// people write about a study shouldn't stay behind on a shared machine.

import { useCallback, useEffect, useSyncExternalStore } from 'react'
import { useUser } from '../shell/user'

const kept = new Map<string, unknown>()
const listeners = new Set<() => void>()
const begin = 'feltbog draft '

for (const [key, value] of Object.entries(sessionStorage)) {
  if (key.startsWith(begin)) kept.set(key, JSON.parse(String(value)))
}

function keep(key: string, draft: unknown) {
  if (draft === undefined) {
    kept.delete(key)
    sessionStorage.removeItem(key)
  } else {
    kept.set(key, draft)
    sessionStorage.setItem(key, JSON.stringify(draft))
  }
  for (const listen of listeners) listen()
}

function listen(changed: () => void) {
  listeners.add(changed)
  return () => listeners.delete(changed)
}

/** A draft by its name; undefined while nothing is unsaved. Closing the tab with one asks first. */
export function useDraft<T>(name: string): [T | undefined, (draft: T | undefined) => void] {
  const key = `${begin}${useUser().id} ${name}`
  const draft = useSyncExternalStore(listen, () => kept.get(key)) as T | undefined
  const unsaved = draft !== undefined
  useEffect(() => {
    if (!unsaved) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [unsaved])
  return [draft, useCallback((next: T | undefined) => keep(key, next), [key])]
}

/** Says of a name whether there is a draft. */
export function useIsDraft(): (name: string) => boolean {
  const user = useUser().id
  const names = useSyncExternalStore(listen, () => [...kept.keys()].join('\n'))
  return (name) => names.split('\n').includes(`${begin}${user} ${name}`)
}
