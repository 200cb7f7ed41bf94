import { Modal } from '@mantine/core'
import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import type { Code } from '../state/queries'
import { Tile } from '../ui/tile'

/** The codes at hand under a note, with how often each is on it. */
export function CodeBar(props: {
  codes: readonly Code[]
  counts: Map<string, number>
  disabled: boolean
  onPut: (code: Code) => void
  onKeys: () => void
}) {
  const { t } = useTranslation()
  return (
    <div className="codes" role="toolbar" aria-label={t('code.bar')}>
      <ul>
        {props.codes
          .filter((c) => !c.parentId)
          .map((code) => (
            <li key={code.id}>
              {/* Pressing would take the selection away before the click. */}
              <button
                type="button"
                className="pal"
                data-c={code.colour}
                disabled={props.disabled}
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => props.onPut(code)}
              >
                {code.shortcut && <kbd>{code.shortcut}</kbd>}
                <Tile code={code} />
                {code.name}
                <span className="num">{props.counts.get(code.id) ?? ''}</span>
              </button>
            </li>
          ))}
      </ul>
      <button type="button" className="codes__keys" onClick={props.onKeys}>
        {t('keys.title')} <kbd>?</kbd>
      </button>
    </div>
  )
}

const keyList = [
  ['keys.blocks', 'J', 'K'],
  ['keys.codings', 'N', 'Shift N'],
  ['keys.put', '1', '…', '6'],
  ['keys.pick', 'Enter'],
  ['keys.again', '.'],
  ['keys.remove', 'Del'],
  ['keys.undo', 'Ctrl Z', 'Ctrl Shift Z'],
  ['keys.close', 'Esc'],
] as const

/** All keys of a note. */
export function Keys({ shown, onClose }: { shown: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    // Put together from its parts: the whole one has a header, which would be a second banner of the page.
    <Modal.Root opened={shown} onClose={onClose}>
      <Modal.Overlay />
      <Modal.Content aria-label={t('keys.title')}>
        <Modal.Body>
          <h2>{t('keys.title')}</h2>
          <dl className="keys">
            {keyList.map(([what, ...keys]) => (
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
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}
