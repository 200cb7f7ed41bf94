import { Button } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSending } from '../settings/form'
import { Dialog } from '../ui/dialog'

type Props = {
  title: string
  /** What the button says that sends it. */
  action: string
  /** A sentence if it can't be sent as it stands. */
  missing: string | undefined
  work: () => Promise<void>
  onClose: () => void
  children: ReactNode
}

/** A form in a dialog that closes once the server has taken it. */
export function DialogForm({ title, action, missing, work, onClose, children }: Props) {
  const { t } = useTranslation()
  const { busy, fault, send } = useSending()
  const [isTried, setTried] = useState(false)

  async function submit(event: FormEvent) {
    event.preventDefault()
    setTried(true)
    if (!missing && (await send(work))) onClose()
  }

  return (
    <Dialog title={title} onClose={onClose}>
      <form className="moving" noValidate onSubmit={(event) => void submit(event)}>
        {children}
        {isTried && missing ? (
          <p className="problem" role="alert">
            {missing}
          </p>
        ) : (
          fault
        )}
        <div className="row moving__foot">
          <span className="grow" />
          <Button variant="subtle" onClick={onClose}>
            {t('move.cancel')}
          </Button>
          <Button type="submit" loading={busy}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
