import { Button, Select, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { fields, useSending } from '../settings/form'
import { addClassmate } from '../state/classmates'
import { type CourseRole, longestName } from '../state/courses'
import { Dialog } from '../ui/dialog'
import { say } from '../ui/toast'
import { useCourse } from './course-frame'
import { GroupChoice } from './person-form'
import { courseRoles } from './roll'

/** Puts one more person on the list of a course. */
export function AddPerson({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const { id, may } = useCourse()
  const [role, setRole] = useState<CourseRole>('student')
  const { busy, fault, send } = useSending()

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const { name, email, group } = fields(event.currentTarget, 'name', 'email', 'group')
    await send(async () => {
      await addClassmate(id, { name, email: email.trim(), role, ...(group && { groupId: group }) })
      onClose()
      say(t('person.added', { name }))
    })
  }

  return (
    <Dialog title={t('person.addOne')} onClose={onClose}>
      <form className="dialog-form" onSubmit={submit}>
        <p className="sm">{t('person.addAbout')}</p>
        <TextInput name="name" label={t('person.name')} required maxLength={longestName} autoComplete="off" data-autofocus />
        <TextInput name="email" type="email" label={t('person.email')} required maxLength={254} autoComplete="off" />
        {may('manageCourse') && (
          <Select
            label={t('person.role')}
            description={role === 'assistant' ? t('person.rightsLater') : undefined}
            value={role}
            allowDeselect={false}
            onChange={(chosen) => setRole(chosen as CourseRole)}
            data={courseRoles.map((one) => ({ value: one, label: t(`classes.role.${one}`) }))}
          />
        )}
        {role === 'student' && <GroupChoice />}
        {fault}
        <Button type="submit" loading={busy}>
          {t('person.addNow')}
        </Button>
      </form>
    </Dialog>
  )
}
