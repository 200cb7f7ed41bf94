// What somebody prefers on this device.

import { useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { type Language, speak } from '../i18n'
import { useUser } from '../shell/user'
import { changeProfile } from '../state/settings'

const key = 'keys'
const listeners = new Set<() => void>()
window.addEventListener('storage', () => told())

function told() {
  for (const listen of listeners) listen()
}

function listen(changed: () => void) {
  listeners.add(changed)
  return () => {
    listeners.delete(changed)
  }
}

/** Whether keys of a single letter, digit or sign do something (WCAG 2.1.4). Keys with Ctrl, and Enter, Esc and arrows, always do. */
export function useLetterKeys(): boolean {
  return useSyncExternalStore(listen, () => localStorage.getItem(key) !== 'off')
}

/** Switches keys of a single letter on or off, in all tabs of this browser. */
export function setLetterKeys(on: boolean): void {
  localStorage.setItem(key, on ? 'on' : 'off')
  told()
}

/** The language of the app, and what chooses another: for this device at once, and for the account. */
export function useLanguage(): [string, (language: Language) => void] {
  const { i18n } = useTranslation()
  const user = useUser()
  return [
    i18n.language,
    (language) => {
      void speak(language)
      if (language !== user.language) changeProfile(user, { language }).catch(() => undefined) // this device has it all the same
    },
  ]
}
