import { Button, PasswordInput, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../api/client'
import { begin, type User } from '../api/session'
import { focus } from '../settings/form'
import { Icon } from '../ui/icons'
import { useSentence } from '../ui/problem'

/**
 * Where somebody signs in or makes an account; whoever is signed in sees the app in its place. Again is
 * who was signed in until the session ended: their view waits beneath.
 */
export function Sign({ again }: { again: User | undefined }) {
  const { t, i18n } = useTranslation()
  const sentence = useSentence()
  const [making, setMaking] = useState(false)
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<string>()

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const [email, password, name] = ['email', 'password', 'name'].map((key) => String(form.get(key) ?? '')) as [
      string,
      string,
      string,
    ]
    setBusy(true)
    setFault(undefined)
    try {
      const signedIn = making
        ? await answer(
            api.POST('/api/v1/auth/sign-up', { body: { email, password, name, language: i18n.language === 'da' ? 'da' : 'en' } }),
          )
        : await answer(api.POST('/api/v1/auth/sign-in', { body: { email, password } }))
      begin(signedIn)
    } catch (error) {
      setFault(sentence(error))
      setBusy(false)
    }
  }

  return (
    <main className={again ? 'sign sign--over' : 'sign'}>
      <h1 className="brand">
        <Icon name="book" />
        Feltbog
      </h1>
      <p className="muted">{t(again ? 'sign.again' : 'sign.lead')}</p>
      <form className="card" onSubmit={submit}>
        <h2>{t(making ? 'sign.up' : 'sign.in')}</h2>
        {making && <TextInput name="name" label={t('sign.name')} required maxLength={200} autoComplete="name" />}
        <TextInput
          name="email"
          type="email"
          label={t('sign.email')}
          required
          autoComplete="username"
          defaultValue={again?.email}
        />
        <PasswordInput
          name="password"
          label={t('sign.password')}
          description={making ? t('sign.passwordHint') : undefined}
          required
          ref={again && focus}
          autoComplete={making ? 'new-password' : 'current-password'}
        />
        {fault && (
          <p className="problem" role="alert">
            {fault}
          </p>
        )}
        <Button type="submit" loading={busy}>
          {t(making ? 'sign.up' : 'sign.in')}
        </Button>
        <Button variant="subtle" onClick={() => setMaking(!making)}>
          {t(making ? 'sign.toIn' : 'sign.toUp')} {t(making ? 'sign.in' : 'sign.up')}
        </Button>
      </form>
    </main>
  )
}
