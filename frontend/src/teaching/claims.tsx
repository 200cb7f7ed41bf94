import { Button, Checkbox, Textarea } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { LinkField } from '../people/link-field'
import { fields, focus, useSending } from '../settings/form'
import { type Claim, type Classmate, makeClaims } from '../state/classmates'
import { signInOptions } from '../state/people'
import { Dialog } from '../ui/dialog'
import { Icon } from '../ui/icons'
import { claimsTable } from './claims-table'
import './teaching.css'

type Props = { course: string; waiting: readonly Classmate[]; onClose: () => void }

/** Makes one-time links by which those who haven't come take their places, and hands them out. */
export function Claims(props: Props) {
  const { t } = useTranslation()
  const [made, setMade] = useState<Claim[]>()
  return (
    <Dialog title={t('claims.title')} size="lg" onClose={props.onClose}>
      {made ? <Made made={made} onClose={props.onClose} /> : <Ask {...props} onMade={setMade} />}
    </Dialog>
  )
}

function Ask({ course, waiting, onMade }: Props & { onMade: (made: Claim[]) => void }) {
  const { t } = useTranslation()
  const hasMail = useQuery(signInOptions()).data?.mail ?? false
  const [isSent, setSent] = useState(false)
  const { busy, fault, send } = useSending()
  const [only] = waiting
  const before = waiting.filter(({ state }) => state === 'invited').length

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const { message } = fields(event.currentTarget, 'message')
    const memberIds = waiting.map(({ id }) => id)
    await send(async () =>
      onMade(await makeClaims(course, { memberIds, send: isSent, ...(isSent && message.trim() && { message: message.trim() }) })),
    )
  }

  return (
    <form className="dialog-form" onSubmit={submit}>
      <p>{waiting.length === 1 ? t('claims.forOne', { name: only?.name ?? '' }) : t('claims.for', { count: waiting.length })}</p>
      {before > 0 && <p className="sm muted">{t('claims.before', { count: before })}</p>}
      {hasMail && (
        <Checkbox label={t('claims.send')} checked={isSent} onChange={(event) => setSent(event.currentTarget.checked)} />
      )}
      {isSent && (
        <Textarea
          name="message"
          label={t('claims.message')}
          description={t('claims.messageAbout')}
          autosize
          minRows={2}
          maxRows={8}
          maxLength={2000}
        />
      )}
      {fault}
      <Button type="submit" loading={busy} data-autofocus>
        {t(isSent ? 'claims.makeAndSend' : 'claims.make', { count: waiting.length })}
      </Button>
    </form>
  )
}

function Made({ made, onClose }: { made: readonly Claim[]; onClose: () => void }) {
  const { t } = useTranslation()
  const sent = made.filter(({ mail }) => mail === 'sent')
  const unsent = made.filter(({ mail }) => mail !== 'sent')
  const failed = made.filter(({ mail }) => mail === 'failed')

  function save() {
    const table = new Blob([claimsTable(unsent, [t('person.name'), t('person.email'), t('claims.link')])], { type: 'text/csv' })
    const address = URL.createObjectURL(table)
    const link = document.createElement('a')
    link.href = address
    link.download = t('claims.file')
    link.click()
    setTimeout(() => URL.revokeObjectURL(address), 60_000)
  }

  return (
    <div className="dialog-form">
      {sent.length > 0 && (
        <p role="status" tabIndex={-1} ref={unsent.length === 0 ? focus : undefined}>
          {t('claims.sent', { count: sent.length })}
        </p>
      )}
      {failed.length > 0 && <p className="bad">{t('claims.failed', { count: failed.length })}</p>}
      {unsent.length > 0 && <p>{t('claims.once')}</p>}
      {unsent.length > 1 && (
        <Button ref={focus} leftSection={<Icon name="download" />} onClick={save}>
          {t('claims.save', { count: unsent.length })}
        </Button>
      )}
      {unsent.length > 0 && (
        <div className="claims">
          {unsent.slice(0, shown).map(({ memberId, name, email, link }) => (
            <LinkField key={memberId} label={`${name}, ${email}`} link={link} first={unsent.length === 1} />
          ))}
        </div>
      )}
      {unsent.length > shown && <p className="sm muted">{t('claims.more', { count: unsent.length - shown })}</p>}
      <Button variant="default" onClick={onClose}>
        {t('invite.done')}
      </Button>
    </div>
  )
}

/** So many links are shown to be copied one by one; all are in the table. */
const shown = 50
