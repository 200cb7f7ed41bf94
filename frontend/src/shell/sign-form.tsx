import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../api/client'
import { begin, type User } from '../api/session'
import { router } from '../routes'
import { fields, focus, useSending } from '../settings/form'
import { expectKey } from '../state/classmates'
import { expect, signInOptions } from '../state/people'
import { say } from '../ui/toast'

/** What somebody comes with: a session that ended, an invitation, or what opens a course; with the address it was sent to. */
type Props = {
  again?: User | undefined
  invitation?: { token: string; email: string; projectName: string }
  course?: { key: string; email: string; name: string; courseName: string }
}

/** Signs somebody in, or makes their account. Whoever comes with an invitation, or what opens a course, is in it after either. */
export function SignForm({ again, invitation, course }: Props) {
  const { t, i18n } = useTranslation()
  const options = useQuery(signInOptions()).data
  const isInvited = invitation !== undefined || course !== undefined
  const [making, setMaking] = useState(isInvited)
  const { busy, fault, send } = useSending()
  const mayMake = isInvited || options?.signUp !== false
  const verb = making ? 'up' : 'in'

  async function signUp(form: HTMLFormElement) {
    const { setupCode, ...typed } = fields(form, 'email', 'password', 'name', 'setupCode')
    const made = await answer(
      api.POST('/api/v1/auth/sign-up', {
        body: {
          ...typed,
          language: i18n.language === 'da' ? 'da' : 'en',
          ...(setupCode && { setupCode }),
          ...(invitation && { invitation: invitation.token }),
          ...(course && { course: course.key }),
        },
      }),
    )
    if (invitation && made.projectId) {
      router.history.replace(`/projects/${made.projectId}`)
      say(t('invitation.joined', { project: invitation.projectName }))
    }
    if (course && made.courseId) {
      router.history.replace(`/courses/${made.courseId}`)
      say(t('joined.now', { course: course.courseName }))
    }
    begin(made)
  }

  async function signIn(form: HTMLFormElement) {
    const signedIn = await answer(api.POST('/api/v1/auth/sign-in', { body: fields(form, 'email', 'password') }))
    expect(invitation?.token)
    expectKey(course?.key)
    begin(signedIn)
  }

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = event.currentTarget
    void send(() => (making ? signUp(form) : signIn(form)))
  }

  return (
    <form className="card" onSubmit={submit}>
      <h2>{t(`sign.${verb}`)}</h2>
      {making && (
        <TextInput name="name" label={t('sign.name')} required maxLength={200} autoComplete="name" defaultValue={course?.name} />
      )}
      <TextInput
        name="email"
        type="email"
        label={t('sign.email')}
        required
        autoComplete="username"
        defaultValue={again?.email ?? invitation?.email ?? course?.email}
      />
      <PasswordInput
        name="password"
        label={t('sign.password')}
        description={making ? t('sign.passwordHint') : undefined}
        required
        ref={again && focus}
        autoComplete={making ? 'new-password' : 'current-password'}
      />
      {making && options?.setupCode && (
        <TextInput
          name="setupCode"
          label={t('enter.setupCode')}
          description={t('enter.setupCodeAbout')}
          required
          autoComplete="off"
        />
      )}
      {fault}
      <Button type="submit" loading={busy}>
        {isInvited ? t(`enter.${verb}`) : t(`sign.${verb}`)}
      </Button>
      {!making && (
        // What waits beneath an ended session stays where it is.
        <a className="sm" href="/forgot-password" target={again && '_blank'}>
          {t('reset.forgot')}
        </a>
      )}
      {mayMake && (
        <Button variant="subtle" onClick={() => setMaking(!making)}>
          {t(making ? 'sign.toIn' : 'sign.toUp')} {t(making ? 'sign.in' : 'sign.up')}
        </Button>
      )}
    </form>
  )
}
