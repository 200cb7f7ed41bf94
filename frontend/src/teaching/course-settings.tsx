import { Button, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { fields, focus, Page, Section, useSending } from '../settings/form'
import { changeClassmate, classmates } from '../state/classmates'
import { type Course, changeCourse, forgetCourse, leaveCourse, longestName } from '../state/courses'
import { Lines, useSentence } from '../ui/problem'
import { say } from '../ui/toast'
import { Archive, Copy, Delete } from './course-end'
import { useCourse } from './course-frame'

/** What a course is called, whether it goes on, and its end; for its members, what they are called in it. */
export function CourseSettings() {
  const { t } = useTranslation()
  const { course } = useCourse()
  return <Page title={t('course.settings')}>{course ? <Parts key={course.id} course={course} /> : <Lines />}</Page>
}

function Parts({ course }: { course: Course }) {
  const { may } = useCourse()
  const isManager = may('manageCourse')
  return (
    <>
      <About course={course} isManager={isManager} />
      {course.role === 'student' && <Pseudonym course={course.id} />}
      {isManager && <Copy course={course} />}
      {isManager && <Archive course={course} />}
      <Leave course={course} />
      {isManager && <Delete course={course} />}
    </>
  )
}

function About({ course, isManager }: { course: Course; isManager: boolean }) {
  const { t } = useTranslation()
  const { busy, fault, send } = useSending()
  const [opened, setOpened] = useState(course)
  const moved = course.name !== opened.name || course.term !== opened.term || course.description !== opened.description

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const changed = fields(event.currentTarget, 'name', 'term', 'description')
    await send(async () => {
      setOpened(await changeCourse(moved ? opened : course, changed))
      say(t('course.saved'))
    })
  }

  return (
    <Section id="about" title={t('course.about')} lead={isManager ? undefined : t('course.instructorsOnly')}>
      {moved && !busy && (
        <div className="row">
          <p role="status">{t('settings.moved')}</p>
          <Button variant="default" size="xs" onClick={() => setOpened(course)}>
            {t('settings.showNew')}
          </Button>
        </div>
      )}
      <form key={`${opened.name} ${opened.term} ${opened.description}`} onSubmit={submit}>
        <TextInput
          name="name"
          label={t('course.name')}
          defaultValue={opened.name}
          required
          maxLength={longestName}
          readOnly={!isManager}
        />
        <TextInput
          name="term"
          label={t('course.term')}
          defaultValue={opened.term}
          maxLength={longestName}
          readOnly={!isManager}
        />
        <Textarea
          name="description"
          label={t('course.description')}
          defaultValue={opened.description}
          autosize
          minRows={3}
          maxLength={20_000}
          readOnly={!isManager}
        />
        {fault}
        {isManager && (
          <Button type="submit" variant="default" loading={busy}>
            {t('settings.save')}
          </Button>
        )}
      </form>
    </Section>
  )
}

/** What a student is called by everybody but the instructors. */
function Pseudonym({ course }: { course: string }) {
  const { t } = useTranslation()
  const me = useQuery(classmates(course)).data?.find((one) => one.me)
  const { busy, fault, send } = useSending()

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const { pseudonym } = fields(event.currentTarget, 'pseudonym')
    await send(async () => {
      if (!me) return
      const { pseudonym: given } = await changeClassmate(course, me, { pseudonym })
      say(given ? t('pseudonym.saved', { name: given }) : t('pseudonym.none'))
    })
  }

  return (
    <Section id="pseudonym" title={t('pseudonym.title')} lead={t('pseudonym.lead')}>
      {me ? (
        <form key={me.version} onSubmit={submit}>
          <TextInput
            name="pseudonym"
            label={t('person.pseudonym')}
            description={t('pseudonym.about')}
            defaultValue={me.pseudonym}
            maxLength={longestName}
            autoComplete="off"
          />
          {fault}
          <Button type="submit" variant="default" loading={busy}>
            {t('settings.save')}
          </Button>
        </form>
      ) : (
        <Lines count={2} />
      )}
    </Section>
  )
}

/** Takes the reader out of a course. It asks, since they can't take that back by themselves. */
function Leave({ course }: { course: Course }) {
  const { t } = useTranslation()
  const go = useNavigate()
  const sentence = useSentence()
  const [asked, setAsked] = useState(false)
  const { busy, fault, send } = useSending()

  const leave = () =>
    send(async () => {
      await leaveCourse(course.id)
      await go({ to: '/' })
      say(t('course.left', { name: course.name }))
      await forgetCourse(course.id).catch((error) => say(sentence(error)))
    })

  return (
    <Section
      id="leave"
      title={t('course.leave')}
      lead={t(course.role === 'student' ? 'course.leaveStudent' : 'course.leaveLead')}
    >
      {fault}
      {asked ? (
        <div className="row">
          <Button loading={busy} ref={focus} onClick={() => void leave()}>
            {t('course.leaveNow')}
          </Button>
          <Button variant="default" onClick={() => setAsked(false)}>
            {t('settings.cancel')}
          </Button>
        </div>
      ) : (
        <Button variant="default" onClick={() => setAsked(true)}>
          {t('course.leave')}
        </Button>
      )}
    </Section>
  )
}
