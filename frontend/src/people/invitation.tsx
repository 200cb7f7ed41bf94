import { Button } from '@mantine/core'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSending } from '../settings/form'
import { signOut } from '../shell/leaving'
import { useUser } from '../shell/user'
import { accept, type InvitationView, isExpected } from '../state/people'
import { say } from '../ui/toast'
import { Gone, isGone, Looked } from './invited'

const route = getRouteApi('/invitations/$token')

/** Where an invitation leads whoever is signed in. */
export function Invitation() {
  const { token } = route.useParams()
  return <Looked token={token}>{(seen) => <Join key={token} token={token} seen={seen} />}</Looked>
}

function Join({ token, seen }: { token: string; seen: InvitationView }) {
  const { t } = useTranslation()
  const user = useUser()
  const go = useNavigate()
  const [gone, setGone] = useState(false)
  const { busy, fault, send } = useSending()
  const isOther = seen.email !== '' && seen.email.toLowerCase() !== user.email.toLowerCase()

  const join = () =>
    send(async () => {
      try {
        const { id, name } = await accept(token)
        await go({ to: '/projects/$project', params: { project: id }, replace: true })
        say(t(seen.member ? 'invitation.already' : 'invitation.joined', { project: name }))
      } catch (error) {
        if (!isGone(error)) throw error
        setGone(true)
      }
    })
  useEffect(() => {
    if (isExpected(token)) void join()
  })

  if (gone) return <Gone />
  return (
    <div className="card door">
      <p>
        {t(seen.member ? 'invitation.already' : 'invitation.signedIn', {
          project: seen.projectName,
          name: user.name,
          email: user.email,
        })}
      </p>
      {isOther && !seen.member && <p role="note">{t('invitation.other', { address: seen.email })}</p>}
      {fault}
      <Button onClick={() => void join()} loading={busy}>
        {t(seen.member ? 'invitation.toProject' : 'invitation.join')}
      </Button>
      {!seen.member && (
        <button type="button" className="quiet" onClick={() => void signOut()}>
          {t('invitation.signOut')}
        </button>
      )}
    </div>
  )
}
