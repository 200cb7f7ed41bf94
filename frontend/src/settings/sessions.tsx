import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { locale } from '../i18n'
import { ago } from '../shell/ago'
import { endSessions, sessions } from '../state/settings'
import { Lines, Problem } from '../ui/problem'
import { say } from '../ui/toast'
import { device } from './device'
import { Section, useSending } from './form'

/** Where one is signed in, and how to sign out there. */
export function Sessions() {
  const { t, i18n } = useTranslation()
  const list = useQuery(sessions())
  const { busy, fault, send } = useSending()
  const others = list.data?.filter((s) => !s.current) ?? []
  const day = new Intl.DateTimeFormat(locale(i18n.language), { dateStyle: 'medium' })

  const end = (session: string | undefined, words: string) =>
    send(async () => {
      await endSessions(session)
      say(words)
    })

  return (
    <Section id="sessions" title={t('settings.sessions')} lead={t('settings.sessionsLead')}>
      {list.isPending && <Lines count={3} />}
      {list.error && <Problem error={list.error} again={() => void list.refetch()} />}
      <ul className="lines">
        {list.data
          ?.toSorted((a, b) => Number(b.current) - Number(a.current))
          .map((session) => (
            <li key={session.id}>
              <span className="grow">
                <b>{device(session.device) || t('settings.unknownDevice')}</b>
                <small className="muted">
                  {session.current
                    ? t('settings.thisDevice')
                    : t('settings.used', { when: ago(session.usedAt, locale(i18n.language)) })}
                  {' · '}
                  {t('settings.since', { when: day.format(new Date(session.createdAt)) })}
                </small>
              </span>
              {!session.current && (
                <Button
                  variant="default"
                  size="xs"
                  disabled={busy}
                  aria-label={t('settings.endOne', { device: device(session.device) })}
                  onClick={() => void end(session.id, t('settings.ended'))}
                >
                  {t('app.signOut')}
                </Button>
              )}
            </li>
          ))}
      </ul>
      {fault}
      {others.length > 1 && (
        <Button variant="default" disabled={busy} onClick={() => void end(undefined, t('settings.endedAll'))}>
          {t('settings.endAll')}
        </Button>
      )}
    </Section>
  )
}
