import { Button, Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Classmate, groups } from '../state/classmates'
import { useCourse } from './course-frame'
import { PersonLine } from './person-line'
import { comings, courseRoles, noGroup, shownPeople } from './roll'

/** So many lines are shown at first, and more when they are asked for. */
const page = 200

/** The people of a course by name, narrowed as one likes. */
export function PeopleList({ all }: { all: readonly Classmate[] }) {
  const { t, i18n } = useTranslation()
  const { id, may } = useCourse()
  const lists = useQuery(groups(id)).data ?? []
  const [words, setWords] = useState('')
  const [role, setRole] = useState<string | null>(null)
  const [group, setGroup] = useState<string | null>(null)
  const [coming, setComing] = useState<string | null>(null)
  const [most, setMost] = useState(page)
  const lines = useRef<HTMLUListElement>(null)
  const shown = shownPeople(all, { words, role, group, coming }, i18n.language)
  const isLong = all.length > 10
  const isNarrowed = words !== '' || role || group || coming
  return (
    <section aria-label={t('course.people')}>
      {isLong && (
        <div className="class__narrow">
          <TextInput
            label={t('person.search')}
            value={words}
            onChange={(event) => setWords(event.currentTarget.value)}
            maxLength={200}
            autoComplete="off"
          />
          <Select
            label={t('person.role')}
            placeholder={t('person.all')}
            clearable
            value={role}
            onChange={setRole}
            data={courseRoles.map((one) => ({ value: one, label: t(`classes.role.${one}`) }))}
          />
          {may('managePeople') && (
            <Select
              label={t('person.coming')}
              placeholder={t('person.all')}
              clearable
              value={coming}
              onChange={setComing}
              data={comings.map((one) => ({ value: one, label: t(`person.comings.${one}`) }))}
            />
          )}
          {lists.length > 0 && (
            <Select
              label={t('person.group')}
              placeholder={t('person.all')}
              clearable
              searchable
              value={group}
              onChange={setGroup}
              data={[
                { value: noGroup, label: t('group.none') },
                ...lists.map(({ id, name }) => ({ value: id as string, label: name })),
              ]}
            />
          )}
        </div>
      )}
      <p className="sm muted class__count" role="status">
        {isNarrowed ? t('person.found', { count: shown.length, all: all.length }) : t('person.count', { count: all.length })}
      </p>
      <ul className="lines" ref={lines} tabIndex={-1}>
        {shown.slice(0, most).map((one) => (
          <PersonLine
            key={one.id}
            person={one}
            group={lists.find((list) => list.id === one.groupId)}
            onRemoved={() => lines.current?.focus({ preventScroll: true })}
          />
        ))}
      </ul>
      {shown.length > most && (
        <Button variant="default" onClick={() => setMost(most + page)}>
          {t('person.more', { count: Math.min(page, shown.length - most) })}
        </Button>
      )}
    </section>
  )
}
