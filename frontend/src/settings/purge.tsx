import { Button, Modal, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { say } from '../ui/toast'
import { danger, useSending } from './form'

type Props = {
  /** What is to be deleted for good; nothing is asked while it is undefined. */
  name: string | undefined
  words: string
  /** Whether the name has to be typed. */
  typed?: boolean
  onClose: () => void
  onPurge: () => Promise<void>
}

/** Asks before something is deleted for good, which is the one thing that can't be undone. */
export function Purge({ name, ...rest }: Props) {
  const { t } = useTranslation()
  return (
    <Modal.Root opened={name !== undefined} onClose={rest.onClose} transitionProps={{ duration: 0 }}>
      <Modal.Overlay />
      <Modal.Content aria-label={t('bin.purge')}>
        <Modal.Body>{name !== undefined && <Question name={name} {...rest} />}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}

function Question({ name, words, typed, onClose, onPurge }: Props & { name: string }) {
  const { t } = useTranslation()
  const { busy, fault, send } = useSending()
  const [given, setGiven] = useState('')

  async function submit(event: FormEvent) {
    event.preventDefault()
    await send(async () => {
      await onPurge()
      onClose()
      say(t('bin.purged', { name }))
    })
  }

  return (
    <form className="purge" onSubmit={submit}>
      <h2>{t('bin.purgeTitle', { name })}</h2>
      <p>{words}</p>
      {typed && (
        <TextInput
          data-autofocus
          label={t('bin.typeName', { name })}
          value={given}
          onChange={(event) => setGiven(event.target.value)}
          autoComplete="off"
        />
      )}
      {fault}
      <div className="row">
        <Button type="submit" style={danger} loading={busy} disabled={typed && given.trim() !== name}>
          {t('bin.purge')}
        </Button>
        <Button variant="default" onClick={onClose} data-autofocus={!typed || undefined}>
          {t('settings.cancel')}
        </Button>
      </div>
    </form>
  )
}
