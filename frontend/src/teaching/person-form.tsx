import { Button, Checkbox, Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { fields, useSending } from '../settings/form'
import { type Classmate, changeClassmate, groups } from '../state/classmates'
import { type CourseAction, type CourseRole, longestName } from '../state/courses'
import { Dialog } from '../ui/dialog'
import { say } from '../ui/toast'
import { useCourse } from './course-frame'
import { courseRoles, givenRights, isNumbered, withRight } from './roll'

/** Changes what somebody is called, what they are in the course, and their group. */
export function ChangePerson({ person, onClose }: { person: Classmate; onClose: () => void }) {
  const { t } = useTranslation()
  const { id, may } = useCourse()
  const { busy, fault, send } = useSending()
  const [role, setRole] = useState<CourseRole>(person.role)
  const [rights, setRights] = useState<readonly CourseAction[]>(person.rights)
  const isManager = may('manageCourse')
  const known = isNumbered(person) ? '' : person.name

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const { name, group, pseudonym } = fields(event.currentTarget, 'name', 'group', 'pseudonym')
    await send(async () => {
      const changed = await changeClassmate(id, person, {
        ...(name !== known && { name }),
        ...(role !== person.role && { role }),
        ...(isManager && role === 'assistant' && { rights: [...rights] }),
        ...(role === 'student' && group !== person.groupId && { groupId: group }),
        ...(role === 'student' && pseudonym !== person.pseudonym && { pseudonym }),
      })
      onClose()
      say(t('person.changed', { name: changed.name }))
    })
  }

  return (
    <Dialog title={t('person.change')} onClose={onClose}>
      <form className="dialog-form" onSubmit={submit}>
        <TextInput
          name="name"
          label={t('person.name')}
          description={person.email ? t('person.nameAbout', { email: person.email }) : undefined}
          defaultValue={known}
          maxLength={longestName}
          autoComplete="off"
          data-autofocus
        />
        {isManager && (
          <Select
            label={t('person.role')}
            value={role}
            allowDeselect={false}
            onChange={(chosen) => setRole(chosen as CourseRole)}
            data={courseRoles.map((one) => ({ value: one, label: t(`classes.role.${one}`) }))}
          />
        )}
        {isManager && role === 'assistant' && <Rights rights={rights} onChange={setRights} />}
        {role === 'student' && <GroupChoice group={person.groupId} />}
        {role === 'student' && (
          <TextInput
            name="pseudonym"
            label={t('person.pseudonym')}
            description={t('person.pseudonymAbout')}
            defaultValue={person.pseudonym}
            maxLength={longestName}
            autoComplete="off"
          />
        )}
        {fault}
        <Button type="submit" loading={busy}>
          {t('settings.save')}
        </Button>
      </form>
    </Dialog>
  )
}

type RightsProps = { rights: readonly CourseAction[]; onChange: (rights: readonly CourseAction[]) => void }

/** What an assistant may do beside seeing the course. */
export function Rights({ rights, onChange }: RightsProps) {
  const { t } = useTranslation()
  return (
    <fieldset className="rights-choice">
      <legend>{t('person.rights')}</legend>
      {givenRights.map((one) => (
        <Checkbox
          key={one}
          label={t(`person.right.${one}`)}
          checked={rights.includes(one)}
          onChange={(event) => onChange(withRight(rights, one, event.currentTarget.checked))}
        />
      ))}
    </fieldset>
  )
}

/** The group of a student; nothing where the course has none. */
export function GroupChoice({ group = '' }: { group?: string }) {
  const { t } = useTranslation()
  const { id } = useCourse()
  const lists = useQuery(groups(id)).data ?? []
  if (lists.length === 0) return <input type="hidden" name="group" value={group} />
  return (
    <Select
      name="group"
      label={t('person.group')}
      placeholder={t('group.none')}
      clearable
      searchable={lists.length > 10}
      defaultValue={group || null}
      data={lists.map(({ id, name }) => ({ value: id as string, label: name }))}
    />
  )
}
