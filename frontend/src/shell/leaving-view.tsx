import { Button, Group } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { leave } from '../state/leave'
import { useUnsent } from '../state/queue'
import { Dialog } from '../ui/dialog'
import { ask } from './leaving'

/** Warns whoever signs out of what would be lost. */
export function Leaving() {
  const { t } = useTranslation()
  const count = useUnsent()
  const [busy, setBusy] = useState(false)

  async function go() {
    setBusy(true)
    await leave()
    ask(false)
    setBusy(false)
  }

  return (
    <Dialog onClose={() => ask(false)} title={t('kept.leaving', { count })}>
      <p>{t('kept.leavingWhy')}</p>
      <Group mt="md" justify="flex-end">
        <Button variant="default" onClick={go} loading={busy}>
          {t('kept.leave')}
        </Button>
        <Button onClick={() => ask(false)} data-autofocus>
          {t('kept.stay')}
        </Button>
      </Group>
    </Dialog>
  )
}
