import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useProject } from '../shell/project'
import { useUser } from '../shell/user'
import { leaveProject } from '../state/people'
import { members } from '../state/queries'
import { afterRemoval, canOwn } from '../state/settings'
import { say } from '../ui/toast'
import { focus, Section, useSending } from './form'

/** Takes the reader out of a project. It asks, since they can't take that back by themselves. */
export function Leave() {
  const { t } = useTranslation()
  const { id, project, role } = useProject()
  const user = useUser()
  const go = useNavigate()
  const owners = useQuery(members(id)).data?.filter((member) => member.role === 'owner' && canOwn(member)) ?? []
  const isNeeded = role === 'owner' && owners.length === 1 && owners[0]?.userId === user.id
  const [asked, setAsked] = useState(false)
  const { busy, fault, send } = useSending()

  const leave = () =>
    send(async () => {
      await leaveProject(id)
      await go({ to: '/' })
      await afterRemoval(id, true)
      say(t('members.left', { name: project?.name ?? '' }))
    })

  if (isNeeded) {
    return (
      <Section id="leave" title={t('members.leave')}>
        <p>
          {t('members.onlyOwner')}{' '}
          <Link to="/projects/$project/members" params={{ project: id }} hash="hand-over">
            {t('handOver.ask')}
          </Link>
        </p>
      </Section>
    )
  }
  return (
    <Section id="leave" title={t('members.leave')} lead={t('members.leaveLead')}>
      {fault}
      {asked ? (
        <div className="row">
          <Button loading={busy} ref={focus} onClick={() => void leave()}>
            {t('members.leaveNow')}
          </Button>
          <Button variant="default" onClick={() => setAsked(false)}>
            {t('settings.cancel')}
          </Button>
        </div>
      ) : (
        <Button variant="default" onClick={() => setAsked(true)}>
          {t('members.leave')}
        </Button>
      )}
    </Section>
  )
}
