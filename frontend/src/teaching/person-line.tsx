import { ActionIcon, Menu } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { locale } from '../i18n'
import { type Classmate, type Group, removeClassmate, restoreClassmate } from '../state/classmates'
import { Icon } from '../ui/icons'
import { useSentence } from '../ui/problem'
import { Who } from '../ui/tile'
import { say } from '../ui/toast'
import { Claims } from './claims'
import { useCourse } from './course-frame'
import { Erase } from './erase'
import { ChangePerson } from './person-form'
import { comingOf, isNumbered } from './roll'

type Props = { person: Classmate; group: Group | undefined; onRemoved: () => void }
type Opened = 'change' | 'claim' | 'erase'

/** Somebody in a course: what they are called, how far they have come, and what can be done. */
export function PersonLine({ person, group, onRemoved }: Props) {
  const { t } = useTranslation()
  const { id } = useCourse()
  const [opened, setOpened] = useState<Opened>()
  const name = useCalled()(person)
  const close = () => setOpened(undefined)
  return (
    <li className="person">
      <span aria-hidden="true">
        <Who name={name} me={person.me} />
      </span>
      <span className="grow">
        <b>
          {name}
          {person.me && <span className="tag">{t('members.you')}</span>}
        </b>
        <small className="muted">
          {[person.email, person.pseudonym && person.pseudonym !== name && t('person.knownAs', { name: person.pseudonym })]
            .filter(Boolean)
            .join(' · ')}
        </small>
      </span>
      <span className="person__group sm">{group?.name}</span>
      <State person={person} />
      <span className="person__role muted sm">{t(`classes.role.${person.role}`)}</span>
      <Deeds person={person} name={name} onOpen={setOpened} onRemoved={onRemoved} />
      {opened === 'change' && <ChangePerson person={person} onClose={close} />}
      {opened === 'claim' && <Claims course={id} waiting={[person]} onClose={close} />}
      {opened === 'erase' && <Erase person={person} name={name} onClose={close} />}
    </li>
  )
}

/** What somebody is called; whose name isn't known has a number, in the words of the app. */
export function useCalled(): (person: Classmate) => string {
  const { t } = useTranslation()
  return (person) => (isNumbered(person) ? t(`person.numbered.${person.role}`, { number: person.number }) : person.name)
}

function State({ person }: { person: Classmate }) {
  const { t, i18n } = useTranslation()
  const { may } = useCourse()
  const day = new Intl.DateTimeFormat(locale(i18n.language), { dateStyle: 'medium' })
  if (!may('managePeople')) return null
  const { state, joinedAt, claimExpires } = person
  const when = state === 'joined' ? joinedAt : state === 'invited' ? claimExpires : undefined
  return (
    <span className="person__state sm muted">
      {when ? t(`person.state.${state}`, { when: day.format(new Date(when)) }) : t(`person.stateAlone.${state}`)}
    </span>
  )
}

type DeedProps = { person: Classmate; name: string; onOpen: (opened: Opened) => void; onRemoved: () => void }

function Deeds({ person, name, onOpen, onRemoved }: DeedProps) {
  const { t } = useTranslation()
  const { id, may } = useCourse()
  const sentence = useSentence()
  const failed = (error: unknown) => say(sentence(error))
  const mayChange = person.role === 'student' ? may('managePeople') : may('manageCourse')
  const isErased = person.state === 'erased'
  const mayErase = may('erasePeople') && person.role === 'student' && !isErased
  if (!mayChange && !mayErase) return null

  async function remove() {
    await removeClassmate(id, person.id)
    onRemoved() // the button that had the focus is gone
    say(t('person.removed', { name }), () => void restoreClassmate(id, person.id).catch(failed))
  }

  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" size="lg" aria-label={t('person.deeds', { name })}>
          <Icon name="dots" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {mayChange && !isErased && <Menu.Item onClick={() => onOpen('change')}>{t('person.change')}</Menu.Item>}
        {mayChange && comingOf(person) === 'waiting' && (
          <Menu.Item onClick={() => onOpen('claim')}>{t('person.claim')}</Menu.Item>
        )}
        {mayChange && !person.me && <Menu.Item onClick={() => void remove().catch(failed)}>{t('person.remove')}</Menu.Item>}
        {mayErase && (
          <>
            <Menu.Divider />
            <Menu.Item onClick={() => onOpen('erase')}>{t('person.erase')}</Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
