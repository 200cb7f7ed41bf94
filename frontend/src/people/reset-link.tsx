import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { User } from '../api/session'
import { locale } from '../i18n'
import { resetLink } from '../state/people'
import { Dialog } from '../ui/dialog'
import { Lines, Problem } from '../ui/problem'
import { LinkField } from './link-field'

/** A link with which somebody who has forgotten their password chooses a new one. It is made as this opens. */
export function ResetLink({ user, onClose }: { user: User; onClose: () => void }) {
  const { t, i18n } = useTranslation()
  const made = useQuery(resetLink(user.id))
  const time = new Intl.DateTimeFormat(locale(i18n.language), { dateStyle: 'long', timeStyle: 'short' })
  return (
    <Dialog title={t('users.resetTitle', { name: user.name })} size="lg" onClose={onClose}>
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
    </Dialog>
  )
}
