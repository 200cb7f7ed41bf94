import { useTranslation } from 'react-i18next'
import type { User } from '../api/session'
import { withWords } from '../i18n'
import { Forgot } from '../people/forgot'
import { Invited } from '../people/invited'
import { Reset } from '../people/reset'
import { Icon } from '../ui/icons'
import { lazily } from '../ui/lazily'
import { SignForm } from './sign-form'

const JoinOut = lazily(() => withWords('teaching', import('../teaching/join-out')), 'JoinOut')

/**
 * What is there for whoever isn't signed in; whoever is sees the app in its place. Again is who was signed
 * in until the session ended: their view waits beneath.
 */
export function Sign({ again }: { again: User | undefined }) {
  const { t } = useTranslation()
  const [, page, token = '', last = ''] = again ? [] : location.pathname.split('/')
  if (page === 'forgot-password') return <Forgot />
  if (page === 'reset-password' && token) return <Reset token={token} />
  if (page === 'invitations' && token) return <Invited token={token} />
  if (page === 'join' || (page === 'courses' && token === 'join')) return <JoinOut secret={last} />
  return (
    <main className={again ? 'sign sign--over' : 'sign'}>
      <h1 className="brand">
        <Icon name="book" />
        Feltbog
      </h1>
      <p className="muted">{t(again ? 'sign.again' : 'sign.lead')}</p>
      <SignForm again={again} />
    </main>
  )
}
