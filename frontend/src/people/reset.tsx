import { Button, PasswordInput } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Refused } from '../api/client'
import { fields, focus, useSending } from '../settings/form'
import { resetPassword } from '../state/people'
import { Door } from './door'

const route = getRouteApi('/reset-password/$token')

/** The same page for whoever is signed in, perhaps as somebody else. */
export function ResetHere() {
  return <Reset token={route.useParams().token} />
}

/** Where a link leads that lets somebody choose a new password. */
export function Reset({ token }: { token: string }) {
  const { t } = useTranslation()
  const [state, setState] = useState<'open' | 'done' | 'gone'>('open')
  return (
    <Door>
      <div className="card door">
        {state === 'open' && <Choose token={token} onDone={setState} />}
        {state === 'done' && (
          <>
            <h1 ref={focus} tabIndex={-1}>
              {t('reset.saved')}
            </h1>
            <p>{t('reset.savedWhat')}</p>
            <Button component="a" href="/">
              {t('sign.in')}
            </Button>
          </>
        )}
        {state === 'gone' && (
          <>
            <h1 ref={focus} tabIndex={-1}>
              {t('reset.gone')}
            </h1>
            <p>{t('reset.goneWhat')}</p>
            <Button component="a" href="/forgot-password">
              {t('reset.again')}
            </Button>
          </>
        )}
      </div>
    </Door>
  )
}

function Choose({ token, onDone }: { token: string; onDone: (state: 'done' | 'gone') => void }) {
  const { t } = useTranslation()
  const { busy, fault, send } = useSending()

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const { password } = fields(event.currentTarget, 'password')
    await send(async () => {
      try {
        await resetPassword(token, password)
        onDone('done')
      } catch (error) {
        if (!(error instanceof Refused) || error.problem?.code !== 'reset_gone') throw error
        onDone('gone')
      }
    })
  }

  return (
    <form onSubmit={submit}>
      <h1>{t('reset.choose')}</h1>
      <PasswordInput
        name="password"
        label={t('reset.newPassword')}
        description={t('sign.passwordHint')}
        required
        autoComplete="new-password"
      />
      {fault}
      <Button type="submit" loading={busy}>
        {t('reset.save')}
      </Button>
    </form>
  )
}
