import { Modal } from '@mantine/core'
import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'

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
    ['keys.comment', 'C'],
    ['keys.link', 'L'],
    ['keys.remove', 'Del'],
  ],
  ['roundKeys.title', ['roundKeys.done', 'D'], ['roundKeys.next', 'G']],
  ['keys.else', ['keys.play', 'P'], ['keys.filter', 'F'], ['keys.undo', 'Ctrl Z', 'Ctrl Shift Z'], ['keys.close', 'Esc']],
] as const

/** All keys of a note. */
export function Keys({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  return (
    // Put together from its parts: the whole one has a header, which would be a second banner of the page.
    <Modal.Root opened onClose={onClose} size="lg">
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
