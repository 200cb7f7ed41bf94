import { Button } from '@mantine/core'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSending } from '../settings/form'
import { signOut } from '../shell/leaving'
import { useUser } from '../shell/user'
import { isExpectedKey, join, type Key, type Offer } from '../state/classmates'
import { say } from '../ui/toast'
import { AskCode, Gone, isGone, keyOf, Offered } from './offered'
import './teaching.css'

const byLink = getRouteApi('/courses/join/$secret')
const byCode = getRouteApi('/join')

/** Where the link of a course, or of a place in one, leads whoever is signed in. */
export function JoinByLink() {
  const { secret } = byLink.useParams()
  return <Offered opens={{ secret }}>{(seen) => <Join key={secret} opens={{ secret }} seen={seen} />}</Offered>
}

/** Where a code is typed, or brought by a picture of it, by whoever is signed in. */
export function JoinByCode() {
  const { code } = byCode.useSearch()
  const go = useNavigate()
  if (!code) return <AskCode onCode={(code) => void go({ to: '/join', search: { code } })} />
  return <Offered opens={{ code }}>{(seen) => <Join key={code} opens={{ code }} seen={seen} />}</Offered>
}

function Join({ opens, seen }: { opens: Key; seen: Offer }) {
  const { t } = useTranslation()
  const user = useUser()
  const go = useNavigate()
  const [gone, setGone] = useState(false)
  const { busy, fault, send } = useSending()
  const isOther = seen.kind === 'claim' && seen.email !== '' && seen.email.toLowerCase() !== user.email.toLowerCase()

  const enter = () =>
    send(async () => {
      try {
        const course = await join(opens)
        await go({ to: '/courses/$course', params: { course }, replace: true })
        say(t(seen.member ? 'joined.already' : 'joined.now', { course: seen.courseName }))
      } catch (error) {
        if (!isGone(error)) throw error
        setGone(true)
      }
    })
  useEffect(() => {
    if (isExpectedKey(keyOf(opens))) void enter()
  })

  if (gone) return <Gone />
  return (
    <div className="card door">
      <p>
        {seen.member
          ? t('joined.already', { course: seen.courseName })
          : t('invitation.signedIn', { name: user.name, email: user.email })}
      </p>
      {isOther && !seen.member && <p role="note">{t('joined.other', { name: seen.name, email: seen.email })}</p>}
      {fault}
      <Button onClick={() => void enter()} loading={busy}>
        {t(seen.member ? 'joined.toCourse' : 'joined.join')}
      </Button>
      {!seen.member && (
        <button type="button" className="quiet" onClick={() => void signOut()}>
          {t('invitation.signOut')}
        </button>
      )}
    </div>
  )
}
