import { Button, Group } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { leave } from '../state/leave'
import { useUnsent } from '../state/queue'
import { Dialog } from '../ui/dialog'

/** Warns whoever signs out of what would be lost, since it lies on this device alone. */
export function Leaving({ shown, onStay }: { shown: boolean; onStay: () => void }) {
  const { t } = useTranslation()
  const count = useUnsent()
  const [busy, setBusy] = useState(false)

  async function signOut() {
    setBusy(true)
    await leave()
  }

  return (
    <Dialog shown={shown} onClose={onStay} title={t('kept.leaving', { count })}>
      <p>{t('kept.leavingWhy')}</p>
      <Group mt="md" justify="flex-end">
        <Button variant="default" onClick={signOut} loading={busy}>
          {t('kept.leave')}
        </Button>
        <Button onClick={onStay} data-autofocus>
          {t('kept.stay')}
        </Button>
      </Group>
    </Dialog>
  )
}
