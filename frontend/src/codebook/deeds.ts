import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { MovedOn } from '../state/codebook'
import { useSentence } from '../ui/problem'
import { say } from '../ui/toast'

/** Something that was done to a codebook in this session, and what takes it back. */
type Deed = { project: string; back: () => Promise<void> }

const done: Deed[] = []

/** Says what is done to a codebook, with its undo; Ctrl-Z takes back what was done last. */
export function useDeeds(project: string) {
  const { t } = useTranslation()
  const sentence = useSentence()

  function undo(deed = done.findLast((d) => d.project === project)) {
    if (!deed || !done.includes(deed)) return say(t('codebook.nothing'))
    done.splice(done.indexOf(deed), 1)
    deed.back().then(
      () => say(t('codebook.undone')),
      (error) => say(error instanceof MovedOn ? t('codebook.movedOn') : sentence(error)),
    )
  }

  /** Tells of an act that is shown already. If it is refused, the reason is told instead. */
  function tell<T>(words: string, act: Promise<T>, back: (made: T) => Promise<unknown>): void {
    const deed: Deed = { project, back: async () => void (await back(await act)) }
    done.push(deed)
    say(words, () => undo(deed))
    act.catch((error) => {
      if (done.includes(deed)) done.splice(done.indexOf(deed), 1)
      say(sentence(error))
    })
  }

  const latest = useRef(undo)
  latest.current = undo
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const target = event.target
      if (event.defaultPrevented) return // another part of the view has done it
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== 'z') return
      if (target instanceof HTMLElement && target.closest('input, textarea, select, [role=dialog]')) return
      event.preventDefault()
      latest.current()
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [])
  return { tell }
}
