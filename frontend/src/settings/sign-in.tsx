import { Button, Checkbox, PasswordInput, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useUser } from '../shell/user'
import { changeEmail, changePassword } from '../state/settings'
import { tokens } from '../state/tokens'
import { say } from '../ui/toast'
import { fields, Section, useSending } from './form'

/** Changes the address that one signs in with. */
export function Email() {
  const { t } = useTranslation()
  const user = useUser()
  const { busy, fault, send } = useSending()

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = event.currentTarget
    const { email, password } = fields(form, 'email', 'password')
    await send(async () => {
      await changeEmail(user, email, password)
      form.reset()
      say(t('settings.emailSaved', { email }))
    })
  }

  return (
    <Section id="email" title={t('sign.email')} lead={t('settings.emailLead', { email: user.email })}>
      <form onSubmit={submit}>
        <TextInput name="email" type="email" label={t('settings.newEmail')} required maxLength={254} autoComplete="off" />
        <PasswordInput name="password" label={t('settings.present')} required autoComplete="current-password" />
        {fault}
        <Button type="submit" variant="default" loading={busy}>
          {t('settings.changeEmail')}
        </Button>
      </form>
    </Section>
  )
}

/** Changes the password; whoever is signed in elsewhere is signed out there. */
export function Password() {
  const { t } = useTranslation()
  const user = useUser()
  const hasTokens = (useQuery(tokens()).data?.length ?? 0) > 0
  const { busy, fault, send } = useSending()

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = event.currentTarget
    const { current, next, tokens: ends } = fields(form, 'current', 'next', 'tokens')
    await send(async () => {
      await changePassword(current, next, !hasTokens || ends === 'on')
      form.reset()
      say(t('settings.passwordSaved'))
    })
  }

  return (
    <Section id="password" title={t('sign.password')} lead={t('settings.passwordLead')}>
      <form onSubmit={submit}>
        <input type="hidden" name="username" autoComplete="username" value={user.email} readOnly />
        <PasswordInput name="current" label={t('settings.present')} required autoComplete="current-password" />
        <PasswordInput
          name="next"
          label={t('settings.newPassword')}
          description={t('sign.passwordHint')}
          required
          autoComplete="new-password"
        />
        {hasTokens && <Checkbox name="tokens" defaultChecked label={t('settings.endTokens')} />}
        {fault}
        <Button type="submit" variant="default" loading={busy}>
          {t('settings.changePassword')}
        </Button>
      </form>
    </Section>
  )
}
