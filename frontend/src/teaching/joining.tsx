import { Button, Menu, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { locale } from '../i18n'
import { LinkField } from '../people/link-field'
import { useSending } from '../settings/form'
import { closeJoining, joining, openJoining } from '../state/classmates'
import { Icon } from '../ui/icons'
import { Problem } from '../ui/problem'
import { say } from '../ui/toast'
import { useCourse } from './course-frame'

// Days that a course can be joined; the second is about a semester.
const terms = [30, 120, 365]
const usual = '120'

/** The link and the code by which everybody may join who has them. */
export function Joining() {
  const { t } = useTranslation()
  const { id } = useCourse()
  const state = useQuery(joining(id))
  return (
    <section className="card class__band" aria-labelledby="joining" aria-busy={state.isPending}>
      <h2 id="joining">{t('joining.title')}</h2>
      {state.error && <Problem error={state.error} again={() => void state.refetch()} />}
      {state.data === null && <Closed />}
      {state.data && <Open code={state.data.code} link={state.data.link} until={state.data.expiresAt} />}
    </section>
  )
}

function Closed() {
  const { t } = useTranslation()
  const { id } = useCourse()
  const [days, setDays] = useState<string | null>(usual)
  const { busy, fault, send } = useSending()
  return (
    <>
      <p className="sm">{t('joining.closed')}</p>
      {fault}
      <div className="class__deeds">
        <Select
          className="role"
          aria-label={t('joining.days')}
          value={days}
          allowDeselect={false}
          onChange={setDays}
          data={terms.map((count) => ({ value: String(count), label: t('invite.days', { count }) }))}
        />
        <Button variant="default" loading={busy} onClick={() => void send(() => openJoining(id, Number(days)))}>
          {t('joining.open')}
        </Button>
      </div>
    </>
  )
}

function Open({ code, link, until }: { code: string; link: string; until: string }) {
  const { t, i18n } = useTranslation()
  const { id } = useCourse()
  const { fault, send } = useSending()
  const day = new Intl.DateTimeFormat(locale(i18n.language), { dateStyle: 'long' })

  const renew = () =>
    send(async () => {
      await openJoining(id, Number(usual))
      say(t('joining.renewed'))
    })
  const close = () =>
    send(async () => {
      await closeJoining(id)
      say(t('joining.ended'))
    })

  return (
    <>
      <p className="sm muted">{t('joining.about', { when: day.format(new Date(until)) })}</p>
      <p className="join-code">
        <span className="sm">{t('joining.code')}</span> <b className="num">{code}</b>
      </p>
      <LinkField label={t('joining.link')} link={link} />
      {fault}
      <div className="class__deeds">
        <Button renderRoot={(props) => <Link to="/courses/$course/slide" params={{ course: id }} {...props} />}>
          {t('joining.slide')}
        </Button>
        <Menu position="bottom-start">
          <Menu.Target>
            <Button variant="subtle" rightSection={<Icon name="caret" />}>
              {t('joining.more')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => void renew()}>{t('joining.renew')}</Menu.Item>
            <Menu.Item onClick={() => void close()}>{t('joining.close')}</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
    </>
  )
}
