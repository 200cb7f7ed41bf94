import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { User } from '../api/session'
import { locale } from '../i18n'
import { resetLink } from '../state/people'
import { Dialog } from '../ui/dialog'
import { Lines, Problem } from '../ui/problem'
import { LinkField } from './link-field'

/** A button that makes a link with which somebody who has forgotten their password chooses a new one. */
export function ResetLink({ user }: { user: User }) {
  const { t } = useTranslation()
  const [shown, setShown] = useState(false)
  return (
    <>
      <Button variant="default" size="xs" aria-label={t('users.resetLinkOf', { name: user.name })} onClick={() => setShown(true)}>
        {t('users.resetLink')}
      </Button>
      <Dialog title={t('users.resetTitle', { name: user.name })} size="lg" shown={shown} onClose={() => setShown(false)}>
        <Made user={user.id} />
      </Dialog>
    </>
  )
}

/** The link, which is made as this appears. */
function Made({ user }: { user: string }) {
  const { t, i18n } = useTranslation()
  const made = useQuery(resetLink(user))
  const time = new Intl.DateTimeFormat(locale(i18n.language), { dateStyle: 'long', timeStyle: 'short' })
  return (
    <div className="invite">
      {made.isPending && <Lines count={2} />}
      {made.error && <Problem error={made.error} again={() => void made.refetch()} />}
      {made.data && (
        <>
          <p>{t('users.resetAbout', { when: time.format(new Date(made.data.expiresAt)) })}</p>
          <LinkField label={t('invite.link')} link={made.data.link} first />
        </>
      )}
    </div>
  )
}
