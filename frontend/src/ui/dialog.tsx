import { Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

type Props = { title: string; shown?: boolean; size?: string; onClose?: () => void; children: ReactNode }

/** Something to read or decide before going on. Without onClose it is left by what stands in it alone. */
export function Dialog({ title, shown = true, size = 'md', onClose, children }: Props) {
  const { t } = useTranslation()
  return (
    <Modal.Root opened={shown} onClose={onClose ?? (() => undefined)} size={size} centered>
      <Modal.Overlay />
      <Modal.Content aria-label={title}>
        <Modal.Body>
          <div className="row">
            <h2 className="grow">{title}</h2>
            {onClose && <Modal.CloseButton aria-label={t('kept.close')} />}
          </div>
          {children}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}
