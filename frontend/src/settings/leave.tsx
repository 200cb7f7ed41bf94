import { Button } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useProject } from '../shell/project'
import { useUser } from '../shell/user'
import { afterRemoval, removeMember } from '../state/settings'
import { say } from '../ui/toast'
import { focus, Section, useSending } from './form'

/** Takes the reader out of a project. It asks, since they can't take that back by themselves. */
export function Leave() {
  const { t } = useTranslation()
  const { id, project } = useProject()
  const user = useUser()
  const go = useNavigate()
  const [asked, setAsked] = useState(false)
  const { busy, fault, send } = useSending()

  const leave = () =>
    send(async () => {
      await removeMember(id, user.id)
      await go({ to: '/' })
      await afterRemoval(id, true)
      say(t('members.left', { name: project?.name ?? '' }))
    })

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
