import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { locale } from '../i18n'
import { focus } from '../settings/form'
import type { MadeInvitation } from '../state/people'
import { LinkField } from './link-field'

/** The invitations that were just made, with their links. */
export function Made({ made, onClose }: { made: readonly MadeInvitation[]; onClose: () => void }) {
  const { t, i18n } = useTranslation()
  const day = new Intl.DateTimeFormat(locale(i18n.language), { dateStyle: 'long' })
  const sent = made.filter((one) => one.mail === 'sent')
  const unsent = made.filter((one) => one.mail !== 'sent')
  const [first] = made
  return (
    <div className="invite">
      {sent.length > 0 && <p role="status">{t('invite.sent', { count: sent.length, address: sent[0]?.invitation.email })}</p>}
      {sent.length > 0 && unsent.length > 0 && <p>{t('invite.failed', { count: unsent.length })}</p>}
      {unsent.length > 0 && first && (
        <p>
          {t('invite.once', {
            role: t(`role.${first.invitation.role}`).toLocaleLowerCase(i18n.language),
            when: day.format(new Date(first.invitation.expiresAt)),
          })}
        </p>
      )}
      {unsent.map(({ invitation, link, problem }, i) => (
        <div key={invitation.id}>
          <LinkField label={invitation.email || t('invite.link')} link={link} first={i === 0} />
          {problem === 'mails_too_many' && <p className="sm bad">{t('invite.manyMails')}</p>}
        </div>
      ))}
      <Button variant="default" ref={unsent.length === 0 ? focus : undefined} onClick={onClose}>
        {t('invite.done')}
      </Button>
    </div>
  )
}
