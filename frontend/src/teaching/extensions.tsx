import { ActionIcon, Button, Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Section, useSending } from '../settings/form'
import { courseMembers, type Exercise, extend } from '../state/exercises'
import { Icon } from '../ui/icons'
import { useSentence } from '../ui/problem'
import { say } from '../ui/toast'
import { momentOf } from './due'
import { DueWords } from './due-field'
import { useDueWords } from './due-words'

/** More time for single students: who has it, and giving it to one more. It is saved at once. */
export function Extensions({ exercise }: { exercise: Exercise }) {
  const { t } = useTranslation()
  const members = useQuery(courseMembers(exercise.spaceId)).data ?? []
  const nameOf = (id: string) => members.find((m) => m.id === id)?.name ?? t('extension.somebody')
  return (
    <Section id="extensions" title={t('extension.title')} lead={t('extension.lead')}>
      {exercise.extensions.length > 0 && (
        <ul className="lines">
          {exercise.extensions.map((one) => (
            <Line key={one.memberId} exercise={exercise} extension={one} name={nameOf(one.memberId)} />
          ))}
        </ul>
      )}
      {exercise.due ? (
        <Give exercise={exercise} students={members.filter((m) => m.role === 'student' && m.state !== 'erased')} />
      ) : (
        <p className="sm muted">{t('extension.noDue')}</p>
      )}
    </Section>
  )
}

type LineProps = { exercise: Exercise; extension: Exercise['extensions'][number]; name: string }

function Line({ exercise, extension, name }: LineProps) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const words = useDueWords()
  const { memberId, due, dueAt } = extension

  async function give(until: string | undefined) {
    try {
      await extend(exercise, memberId, until)
      if (until === undefined) say(t('extension.taken', { name }), () => void give(dueAt))
    } catch (error) {
      say(sentence(error))
    }
  }

  return (
    <li>
      <span className="grow">
        <b>{name}</b>
        <small className="muted">{words(new Date(due), exercise.timeZone).there}</small>
      </span>
      <ActionIcon variant="subtle" aria-label={t('extension.take', { name })} onClick={() => void give(undefined)}>
        <Icon name="bin" />
      </ActionIcon>
    </li>
  )
}

type Student = { id: string; name: string }

function Give({ exercise, students }: { exercise: Exercise; students: readonly Student[] }) {
  const { t } = useTranslation()
  const { busy, fault, send } = useSending()
  const [member, setMember] = useState<string | null>(null)
  const [until, setUntil] = useState(exercise.dueAt)
  const [isTried, setTried] = useState(false)
  const moment = momentOf(until, exercise.timeZone)
  const isLater = moment !== undefined && exercise.due !== undefined && moment.at > new Date(exercise.due)

  async function submit(event: FormEvent) {
    event.preventDefault()
    setTried(true)
    if (!member || !isLater) return
    const name = students.find(({ id }) => id === member)?.name
    const isGiven = await send(async () => {
      await extend(exercise, member, until)
    })
    if (!isGiven) return
    setMember(null)
    setTried(false)
    say(t('extension.given', { name }))
  }

  return (
    <form className="extend" noValidate onSubmit={(event) => void submit(event)}>
      <div className="row due">
        <Select
          label={t('extension.who')}
          placeholder={t('extension.choose')}
          data={students.map(({ id, name }) => ({ value: id, label: name }))}
          value={member}
          searchable
          limit={200}
          nothingFoundMessage={t('extension.nobody')}
          error={isTried && !member && t('extension.whoMissing')}
          onChange={setMember}
        />
        <TextInput
          type="datetime-local"
          label={t('extension.until')}
          value={until}
          max="9999-12-31T23:59"
          error={isTried && !isLater && t('extension.notLater')}
          onChange={(event) => setUntil(event.target.value)}
        />
      </div>
      <DueWords dueAt={until} zone={exercise.timeZone} />
      {fault}
      <Button type="submit" variant="default" loading={busy}>
        {t('extension.give')}
      </Button>
    </form>
  )
}
