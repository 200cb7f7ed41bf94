import { Modal } from '@mantine/core'
import { Fragment, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useLetterKeys } from '../settings/preferences'

/** What a key does. Keys are written as events have them, with Mod for Ctrl or ⌘ and Shift or Alt before names of keys. */
export type Keymap = Record<string, ((event: KeyboardEvent) => void) | undefined>

/** Listens to keys wherever no field, dialog or menu has them. Those of a single character can be switched off. */
export function useKeys(map: Keymap): void {
  const current = useRef(map)
  const letters = useRef(true)
  current.current = map
  letters.current = useLetterKeys()
  useEffect(() => {
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

const groups = [
  [
    'keys.moving',
    ['keys.blocks', 'J', 'K'],
    ['keys.codings', 'N', 'Shift N'],
    ['keys.uncoded', 'U'],
    ['keys.marks', 'H', 'Shift H'],
    ['keys.search', '/'],
  ],
  [
    'keys.selecting',
    ['keys.select', 'V'],
    ['keys.word', '→', '←'],
    ['keys.sentence', '↓', '↑'],
    ['keys.character', 'Shift →', 'Shift ←'],
    ['keys.otherEnd', 'O'],
    ['keys.cite', 'Y'],
  ],
  ['keys.coding', ['keys.put', '1', '…', '6'], ['keys.pick', 'Enter'], ['keys.again', '.'], ['keys.inVivo', 'V V']],
  [
    'keys.chosen',
    ['keys.more', 'X'],
    ['keys.recode', 'R'],
    ['keys.edges', 'Shift →', 'Shift ←'],
    ['keys.starts', '[', ']'],
    ['keys.memo', 'M'],
    ['keys.link', 'L'],
    ['keys.remove', 'Del'],
  ],
  ['keys.else', ['keys.filter', 'F'], ['keys.undo', 'Ctrl Z', 'Ctrl Shift Z'], ['keys.close', 'Esc']],
] as const

/** All keys of a note. */
export function Keys({ shown, onClose }: { shown: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    // Put together from its parts: the whole one has a header, which would be a second banner of the page.
    <Modal.Root opened={shown} onClose={onClose} size="lg">
      <Modal.Overlay />
      <Modal.Content aria-label={t('keys.title')}>
        <Modal.Body>
          <div className="row">
            <h2 className="grow">{t('keys.title')}</h2>
            <Modal.CloseButton aria-label={t('keys.close')} />
          </div>
          <div className="keys">
            {groups.map(([title, ...rows]) => (
              <section key={title}>
                <h3>{t(title)}</h3>
                <dl>
                  {rows.map(([what, ...keys]) => (
                    <Fragment key={what}>
                      <dt>
                        {keys.map((key) => (
                          <kbd key={key}>{key}</kbd>
                        ))}
                      </dt>
                      <dd>{t(what)}</dd>
                    </Fragment>
                  ))}
                </dl>
              </section>
            ))}
          </div>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}
