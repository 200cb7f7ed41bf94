import { Button, PasswordInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useUser } from '../shell/user'
import { deleteAccount, ownedAlone } from '../state/settings'
import { Lines } from '../ui/problem'
import { danger, fields, focus, Section, useSending } from './form'

/** Deletes the account, once it is said what becomes of everything. */
export function DeleteAccount() {
  const { t } = useTranslation()
  const [asked, setAsked] = useState(false)
  return (
    <Section id="delete" title={t('settings.delete')}>
      <ul className="said">
        <li>{t('settings.deleteKept')}</li>
        <li>{t('settings.deleteGone')}</li>
        <li>{t('settings.deleteForGood')}</li>
      </ul>
      {asked ? (
        <Sure onCancel={() => setAsked(false)} />
      ) : (
        <Button variant="default" onClick={() => setAsked(true)}>
          {t('settings.deleteAsk')}
        </Button>
      )}
    </Section>
  )
}

function Sure({ onCancel }: { onCancel: () => void }) {
  const { t } = useTranslation()
  const user = useUser()
  const alone = useQuery({ queryKey: ['me', 'owned alone', user.id], queryFn: () => ownedAlone(user.id), staleTime: 0 })
  const { busy, fault, send } = useSending()

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const { password } = fields(event.currentTarget, 'password')
    await send(() => deleteAccount(password))
  }

  if (alone.isPending) return <Lines count={3} />
  if (alone.data && alone.data.length > 0) {
    return (
      <>
        <p>{t('settings.deleteFirst', { count: alone.data.length })}</p>
        <ul className="said">
          {alone.data.map((p) => (
            <li key={p.id}>
              {p.deletedAt ? (
                t('settings.inBin', { name: p.name })
              ) : (
                <Link to="/projects/$project/members" params={{ project: p.id }}>
                  {p.name}
                </Link>
              )}
            </li>
          ))}
        </ul>
        <Button variant="default" onClick={onCancel}>
          {t('settings.cancel')}
        </Button>
      </>
    )
  }
  return (
    <form onSubmit={submit}>
      <PasswordInput name="password" label={t('settings.deletePassword')} required autoComplete="current-password" ref={focus} />
      {fault}
      <div className="row">
        <Button type="submit" style={danger} loading={busy}>
          {t('settings.deleteNow')}
        </Button>
        <Button variant="default" onClick={onCancel}>
          {t('settings.cancel')}
        </Button>
      </div>
    </form>
  )
}
