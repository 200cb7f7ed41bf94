import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { locale } from '../i18n'
import { Section } from '../settings/form'
import { type Invitation, invitations, withdraw } from '../state/people'
import { everybody } from '../state/queries'
import { Icon } from '../ui/icons'
import { Lines, Problem, useSentence } from '../ui/problem'
import { say } from '../ui/toast'
import { Invite } from './invite'
import './people.css'

/** Who is invited to a project, and what invites more. */
export function Invitations({ project }: { project: string }) {
  const { t } = useTranslation()
  const list = useQuery(invitations(project))
  const [inviting, setInviting] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const open = list.data?.filter((one) => one.state === 'open') ?? []
  const closed = list.data?.filter((one) => one.state !== 'open') ?? []
  return (
    <Section id="invitations" title={t('invite.title')} lead={t('invite.lead')}>
      <Button ref={button} leftSection={<Icon name="plus" />} onClick={() => setInviting(true)}>
        {t('invite.invite')}
      </Button>
      {list.isPending && <Lines count={3} />}
      {list.error && <Problem error={list.error} again={() => void list.refetch()} />}
      {list.data && open.length === 0 && <p className="muted">{t('invite.none')}</p>}
      {open.length > 0 && (
        <ul className="lines">
          {open.map((one) => (
            <Line key={one.id} project={project} invitation={one} onWithdrawn={() => button.current?.focus()} />
          ))}
        </ul>
      )}
      {closed.length > 0 && (
        <details className="earlier">
          <summary>{t('invite.earlier', { count: closed.length })}</summary>
          <ul className="lines">
            {closed.map((one) => (
              <Line key={one.id} project={project} invitation={one} />
            ))}
          </ul>
        </details>
      )}
      <Invite project={project} shown={inviting} onClose={() => setInviting(false)} />
    </Section>
  )
}

type LineProps = { project: string; invitation: Invitation; onWithdrawn?: () => void }

function Line({ project, invitation, onWithdrawn }: LineProps) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const whom = useWhom(invitation)

  async function end() {
    try {
      await withdraw(project, invitation.id)
      say(t('invite.withdrawn'))
      onWithdrawn?.()
    } catch (error) {
      say(sentence(error))
    }
  }

  return (
    <li>
      <span className="grow">
        <b>{whom}</b>
        <small className="muted">
          <About project={project} invitation={invitation} />
        </small>
      </span>
      {invitation.state === 'open' ? (
        <Button variant="default" size="sm" aria-label={t('invite.withdrawOne', { whom })} onClick={() => void end()}>
          {t('invite.withdraw')}
        </Button>
      ) : (
        <span className="tag">{t(`invite.state.${invitation.state}`)}</span>
      )}
    </li>
  )
}

/** Whom an invitation is for. */
function useWhom({ email, maxUses }: Invitation): string {
  const { t } = useTranslation()
  if (email) return email
  if (maxUses === 0) return t('invite.forAny')
  return t('invite.for', { count: maxUses })
}

function About({ project, invitation }: { project: string; invitation: Invitation }) {
  const { t, i18n } = useTranslation()
  const people = useQuery(everybody(project)).data
  const day = new Intl.DateTimeFormat(locale(i18n.language), { dateStyle: 'medium' })
  const by = people?.find((member) => member.userId === invitation.createdBy)?.name
  const made = day.format(new Date(invitation.createdAt))
  return [
    t(`role.${invitation.role}`),
    invitation.maxUses !== 1 && t('invite.uses', { count: invitation.uses }),
    invitation.state === 'open' && t('invite.until', { when: day.format(new Date(invitation.expiresAt)) }),
    by ? t('invite.madeBy', { by, when: made }) : t('invite.made', { when: made }),
  ]
    .filter(Boolean)
    .join(' · ')
}
