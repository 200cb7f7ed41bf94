import { Button, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { fields, focus, useSending } from '../settings/form'
import { forgotPassword, signInOptions } from '../state/people'
import { Lines, Problem } from '../ui/problem'
import { Door } from './door'

/** Where somebody asks for a link to choose a new password. */
export function Forgot() {
  const { t } = useTranslation()
  const options = useQuery(signInOptions())
  const [sent, setSent] = useState<string>()
  return (
    <Door>
      <div className="card door">
        <h1>{t('reset.title')}</h1>
        {options.isPending && <Lines count={3} />}
        {options.error && <Problem error={options.error} again={() => void options.refetch()} />}
        {options.data?.mail === false && <p>{t('reset.noMail')}</p>}
        {options.data?.mail && !sent && <Ask onSent={setSent} />}
        {sent && (
          <p ref={focus} tabIndex={-1}>
            {t('reset.sent', { email: sent })}
          </p>
        )}
        <a className="sm" href="/">
          {t('reset.back')}
        </a>
      </div>
    </Door>
  )
}

function Ask({ onSent }: { onSent: (email: string) => void }) {
  const { t } = useTranslation()
  const { busy, fault, send } = useSending()

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const email = fields(event.currentTarget, 'email').email.trim()
    const isSent = await send(() => forgotPassword(email))
    if (isSent) onSent(email)
  }

  return (
    <form onSubmit={submit}>
      <p>{t('reset.lead')}</p>
      <TextInput name="email" type="email" label={t('sign.email')} required maxLength={254} autoComplete="username" />
      {fault}
      <Button type="submit" loading={busy}>
        {t('reset.send')}
      </Button>
    </form>
  )
}
