import { ActionIcon, Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../ui/icons'

/** A dialog with its title and a way out. It gives focus back to where it was. */
export function Dialog({
  title,
  wide,
  onClose,
  children,
}: {
  title: string
  wide?: boolean
  onClose: () => void
  children: ReactNode
}) {
  const { t } = useTranslation()
  return (
    // Put together from its parts: the whole one has a header, which would be a second banner of the page.
    <Modal.Root opened onClose={onClose} size={wide ? 860 : 560}>
      <Modal.Overlay />
      <Modal.Content aria-label={title}>
        <Modal.Body className="dialog">
          <div className="row">
            <h2 className="grow">{title}</h2>
            <ActionIcon variant="subtle" size="lg" aria-label={t('codebook.close')} onClick={onClose}>
              <Icon name="close" />
            </ActionIcon>
          </div>
          {children}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}
