import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../api/client'
import { begin, type User } from '../api/session'
import { router } from '../routes'
import { fields, focus, useSending } from '../settings/form'
import { expect, signInOptions } from '../state/people'
import { say } from '../ui/toast'

/** What somebody comes with: a session that ended, or an invitation, with the address it was sent to. */
type Props = { again?: User | undefined; invitation?: { token: string; email: string; projectName: string } }

/** Signs somebody in, or makes their account. Whoever comes with an invitation is in the project after either. */
export function SignForm({ again, invitation }: Props) {
  const { t, i18n } = useTranslation()
  const options = useQuery(signInOptions()).data
  const [making, setMaking] = useState(invitation !== undefined)
  const { busy, fault, send } = useSending()
  const mayMake = invitation !== undefined || options?.signUp !== false
  const verb = making ? 'up' : 'in'

  async function signUp(form: HTMLFormElement) {
    const { setupCode, ...typed } = fields(form, 'email', 'password', 'name', 'setupCode')
    const made = await answer(
      api.POST('/api/v1/auth/sign-up', {
        body: {
          ...typed,
          language: i18n.language === 'da' ? 'da' : 'en',
          ...(setupCode && { setupCode }),
          ...(invitation && { invitation: invitation.token }),
        },
      }),
    )
    if (invitation && made.projectId) {
      router.history.replace(`/projects/${made.projectId}`)
      say(t('invitation.joined', { project: invitation.projectName }))
    }
    begin(made)
  }

  async function signIn(form: HTMLFormElement) {
    const signedIn = await answer(api.POST('/api/v1/auth/sign-in', { body: fields(form, 'email', 'password') }))
    expect(invitation?.token)
    begin(signedIn)
  }

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = event.currentTarget
    void send(() => (making ? signUp(form) : signIn(form)))
  }

  return (
    <form className="card" onSubmit={submit}>
      <h2>{t(`sign.${verb}`)}</h2>
      {making && <TextInput name="name" label={t('sign.name')} required maxLength={200} autoComplete="name" />}
      <TextInput
        name="email"
        type="email"
        label={t('sign.email')}
        required
        autoComplete="username"
        defaultValue={again?.email ?? invitation?.email}
      />
      <PasswordInput
        name="password"
        label={t('sign.password')}
        description={making ? t('sign.passwordHint') : undefined}
        required
        ref={again && focus}
        autoComplete={making ? 'new-password' : 'current-password'}
      />
      {making && options?.setupCode && (
        <TextInput
          name="setupCode"
          label={t('enter.setupCode')}
          description={t('enter.setupCodeAbout')}
          required
          autoComplete="off"
        />
      )}
      {fault}
      <Button type="submit" loading={busy}>
        {invitation ? t(`enter.${verb}`) : t(`sign.${verb}`)}
      </Button>
      {!making && (
        // What waits beneath an ended session stays where it is.
        <a className="sm" href="/forgot-password" target={again && '_blank'}>
          {t('reset.forgot')}
        </a>
      )}
      {mayMake && (
        <Button variant="subtle" onClick={() => setMaking(!making)}>
          {t(making ? 'sign.toIn' : 'sign.toUp')} {t(making ? 'sign.in' : 'sign.up')}
        </Button>
      )}
    </form>
  )
}
