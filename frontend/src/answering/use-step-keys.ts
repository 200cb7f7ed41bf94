import { useEffect, useRef } from 'react'

/** Alt with Page Down and Page Up goes to the next and the previous prompt, also while one types. */
export function useStepKeys(steps: { next: () => void; previous: () => void }): void {
  const latest = useRef(steps)
  latest.current = steps
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || !event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
      if (event.target instanceof Element && event.target.closest('[role=dialog], [role=menu], [role=listbox]')) return
      if (event.key !== 'PageDown' && event.key !== 'PageUp') return
      event.preventDefault()
      if (event.key === 'PageDown') latest.current.next()
      else latest.current.previous()
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [])
}
