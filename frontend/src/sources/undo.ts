// What was done last to sources can be taken back from the toast, and with the keys that it names.

import { useEffect } from 'react'
import { hush, say } from '../ui/toast'

let last: (() => void) | undefined

/** Says what was done, with a way back. */
export function sayUndoable(words: string, undo: () => void): void {
  last = () => {
    last = undefined
    undo()
  }
  say(words, last)
}

/** Takes back what was done last at Ctrl-Z or Cmd-Z, where nothing is being typed. */
export function useUndoKey(): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const { target } = event
      const isTyping = target instanceof Element && target.matches('textarea, input:not([type=checkbox], [type=radio])')
      if (!last || isTyping || event.shiftKey || !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'z') return
      event.preventDefault()
      hush()
      last()
    }
    addEventListener('keydown', press)
    return () => {
      removeEventListener('keydown', press)
      last = undefined
    }
  }, [])
}
