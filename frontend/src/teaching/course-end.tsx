import { Button, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { fields, focus, Section, useSending } from '../settings/form'
import { type Course, changeCourse, copyCourse, deleteCourse, longestName, restoreCourse } from '../state/courses'
import { useSentence } from '../ui/problem'
import { say } from '../ui/toast'

/** Makes next year's course of this one. */
export function Copy({ course }: { course: Course }) {
  const { t } = useTranslation()
  const go = useNavigate()
  const [asked, setAsked] = useState(false)
  const { busy, fault, send } = useSending()

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const { name, term } = fields(event.currentTarget, 'name', 'term')
    await send(async () => {
      const made = await copyCourse(course.id, name, term)
      say(t('course.copied', { name: made.name }))
      await go({ to: '/courses/$course', params: { course: made.id } })
    })
  }

  return (
    <Section id="copy" title={t('course.copy')} lead={t('course.copyLead')}>
      {asked ? (
        <form onSubmit={submit}>
          <TextInput
            name="name"
            ref={focus}
            label={t('course.name')}
            defaultValue={course.name}
            required
            maxLength={longestName}
          />
          <TextInput name="term" label={t('course.term')} description={t('course.termAbout')} maxLength={longestName} />
          {fault}
          <div className="row">
            <Button type="submit" loading={busy}>
              {t('course.copyNow')}
            </Button>
            <Button variant="default" onClick={() => setAsked(false)}>
              {t('settings.cancel')}
            </Button>
          </div>
        </form>
      ) : (
        <Button variant="default" onClick={() => setAsked(true)}>
          {t('course.copy')}
        </Button>
      )}
    </Section>
  )
}

export function Archive({ course }: { course: Course }) {
  const { t } = useTranslation()
  const { busy, fault, send } = useSending()
  const isArchived = Boolean(course.archivedAt)

  const turn = () =>
    send(async () => {
      await changeCourse(course, { archived: !isArchived })
      say(t(isArchived ? 'course.opened' : 'course.archived'))
    })

  return (
    <Section id="archive" title={t('course.archive')} lead={t('course.archiveLead')}>
      {fault}
      <Button variant="default" loading={busy} onClick={() => void turn()}>
        {t(isArchived ? 'course.open' : 'course.archiveNow')}
      </Button>
    </Section>
  )
}

export function Delete({ course }: { course: Course }) {
  const { t } = useTranslation()
  const go = useNavigate()
  const sentence = useSentence()
  const { busy, fault, send } = useSending()

  const remove = () =>
    send(async () => {
      await deleteCourse(course.id)
      await go({ to: '/' })
      say(t('classes.deleted', { name: course.name }), () => {
        restoreCourse(course.id).catch((error) => say(sentence(error)))
      })
    })

  return (
    <Section id="delete" title={t('classes.delete')} lead={t('course.deleteLead')}>
      {fault}
      <Button variant="default" loading={busy} onClick={() => void remove()}>
        {t('classes.delete')}
      </Button>
    </Section>
  )
}
