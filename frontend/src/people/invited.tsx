import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Refused } from '../api/client'
import { locale } from '../i18n'
import { SignForm } from '../shell/sign-form'
import { type InvitationView, look } from '../state/people'
import { Lines, Problem } from '../ui/problem'
import { Door } from './door'

/** Where an invitation leads whoever isn't signed in: they sign in, or make an account, and are in the project. */
export function Invited({ token }: { token: string }) {
  return (
    <Looked token={token}>
      {(seen) => <SignForm invitation={{ token, email: seen.email, projectName: seen.projectName }} />}
    </Looked>
  )
}

/** Says what an invitation is to, as long as it is open, and what to do when it isn't. */
export function Looked({ token, children }: { token: string; children: (seen: InvitationView) => ReactNode }) {
  const seen = useQuery(look(token))
  if (isGone(seen.error)) return <Gone />
  return (
    <Door>
      {seen.isPending && <Lines count={4} />}
      {seen.error && <Problem error={seen.error} again={() => void seen.refetch()} />}
      {seen.data && (
        <>
          <What seen={seen.data} />
          {children(seen.data)}
        </>
      )}
    </Door>
  )
}

/** Whether an invitation is open no more, or never was. */
export const isGone = (error: unknown) => error instanceof Refused && error.problem?.code === 'invitation_gone'

function What({ seen }: { seen: InvitationView }) {
  const { t, i18n } = useTranslation()
  const day = new Intl.DateTimeFormat(locale(i18n.language), { dateStyle: 'long' })
  return (
    <div className="door__what">
      <h1>{t('invitation.to', { inviter: seen.invitedBy || t('invitation.somebody'), project: seen.projectName })}</h1>
      <p>{t(`invitation.as.${seen.role}`)}</p>
      <p className="sm muted">{t('invitation.until', { when: day.format(new Date(seen.expiresAt)) })}</p>
    </div>
  )
}

/** Stands where an invitation opens nothing. */
export function Gone() {
  const { t } = useTranslation()
  return (
    <Door>
      <div className="card door">
        <h1>{t('invitation.gone')}</h1>
        <p>{t('invitation.goneWhat')}</p>
        <a className="sm" href="/">
          {t('invitation.home')}
        </a>
      </div>
    </Door>
  )
}
