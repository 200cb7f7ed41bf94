import { useEffect, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from './icons'

type Said = { words: string; undo: (() => void) | undefined }

let said: Said | undefined
const listeners = new Set<() => void>()

/** Says what was done or went wrong, for some seconds, with a way to undo it if there is one. */
export function say(words: string, undo?: () => void): void {
  tell({ words, undo })
}

/** Takes away what was said. */
export function hush(): void {
  tell(undefined)
}

function tell(next: Said | undefined) {
  said = next
  for (const listen of listeners) listen()
}

function listen(changed: () => void) {
  listeners.add(changed)
  return () => listeners.delete(changed)
}

function take(back: Said) {
  hush()
  back.undo?.()
}

/** Stands once, beside whatever view is shown. */
export function Toast() {
  const { t } = useTranslation()
  const now = useSyncExternalStore(listen, () => said)
  useEffect(() => {
    if (!now) return
    const timer = setTimeout(hush, now.undo ? 12_000 : 8000)
    return () => clearTimeout(timer)
  }, [now])
  useEffect(() => {
    if (!now?.undo) return
    const listenToKeys = (event: KeyboardEvent) => {
      const typing = event.target instanceof Element && event.target.closest('input, textarea, [contenteditable], [role=dialog]')
      if (
        event.defaultPrevented ||
        typing ||
        !(event.ctrlKey || event.metaKey) ||
        event.shiftKey ||
        event.key.toLowerCase() !== 'z'
      )
        return
      event.preventDefault()
      take(now)
    }
    document.addEventListener('keydown', listenToKeys)
    return () => document.removeEventListener('keydown', listenToKeys)
  }, [now])
  return (
    <div className={now ? 'toast' : 'sr'} role="status">
      <span>{now?.words}</span>
      {now?.undo && (
        <button type="button" onClick={() => take(now)}>
          <Icon name="undo" />
          {t('code.undo')} <kbd>{/Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘ Z' : 'Ctrl Z'}</kbd>
        </button>
      )}
    </div>
  )
}
