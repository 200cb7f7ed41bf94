import { useLayoutEffect, useRef } from 'react'
import { useLetterKeys } from '../settings/preferences'

/** What a key does. Keys are written as events have them, with Mod for Ctrl or ⌘ and Shift or Alt before names of keys. */
export type Keymap = Record<string, ((event: KeyboardEvent) => void) | undefined>

/** Listens to keys wherever no field, dialog or menu has them. Those of a single character can be switched off. */
export function useKeys(map: Keymap): void {
  const current = useRef(map)
  const letters = useRef(true)
  current.current = map
  letters.current = useLetterKeys()
  // Before it is painted what the keys are for, so that none is lost.
  useLayoutEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const target = event.target
      if (event.defaultPrevented || !(target instanceof Element)) return
      if (target.closest('input, textarea, select, [contenteditable], [role=dialog], [role=menu], [role=listbox]')) return
      const key = pressed(event)
      if (!letters.current && event.key.length === 1 && !key.startsWith('Mod')) return
      // A button answers to these itself.
      if ((key === 'Enter' || key === ' ') && target.closest('button, a, summary')) return
      const run = current.current[key]
      if (!run) return
      event.preventDefault()
      run(event)
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [])
}

/** The name of what was pressed. AltGr types characters, and is no Alt then. */
export function pressed(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'> & Partial<KeyboardEvent>,
): string {
  const character = event.key.length === 1
  if (character && event.getModifierState?.('AltGraph')) return event.key
  const mod = event.ctrlKey || event.metaKey
  return [
    mod && 'Mod',
    event.altKey && 'Alt',
    event.shiftKey && (mod || !character) && 'Shift',
    mod && character ? event.key.toLowerCase() : event.key,
  ]
    .filter(Boolean)
    .join(' ')
}
