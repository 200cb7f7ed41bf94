import { Button, Group } from '@mantine/core'
import { useState, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { leave } from '../state/leave'
import { unsent, useUnsent } from '../state/queue'
import { Dialog } from '../ui/dialog'

let asked = false
const listeners = new Set<() => void>()

function ask(now: boolean) {
  asked = now
  for (const listen of listeners) listen()
}

/** Signs out; whoever would lose what lies on this device alone is asked first. */
export async function signOut(): Promise<void> {
  if ((await unsent().catch(() => 0)) > 0) ask(true)
  else await leave()
}

/** Warns whoever signs out of what would be lost. Stands once, beside every view. */
export function Leaving() {
  const { t } = useTranslation()
  const count = useUnsent()
  const [busy, setBusy] = useState(false)
  const shown = useSyncExternalStore(
    (changed) => {
      listeners.add(changed)
      return () => listeners.delete(changed)
    },
    () => asked,
  )

  async function go() {
    setBusy(true)
    await leave()
    ask(false)
    setBusy(false)
  }

  return (
    <Dialog shown={shown} onClose={() => ask(false)} title={t('kept.leaving', { count })}>
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
