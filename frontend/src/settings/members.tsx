import { Button, Select, Table, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Former } from '../people/former'
import { HandOver } from '../people/hand-over'
import { Invitations } from '../people/invitations'
import { useProject } from '../shell/project'
import { useUser } from '../shell/user'
import { type Member, members } from '../state/queries'
import { addMember, afterRemoval, changeRole, type Role, removeMember, roles, undoLast } from '../state/settings'
import { Icon } from '../ui/icons'
import { Lines, Problem, useSentence } from '../ui/problem'
import { Who } from '../ui/tile'
import { say } from '../ui/toast'
import { fields, Page, Section, useSending } from './form'
import { Leave } from './leave'
import { ProjectNav } from './project-nav'

/** Who is in a project, and what each may do. */
export function Members() {
  const { t } = useTranslation()
  const { id, role } = useProject()
  const list = useQuery(members(id))
  const lines = useRef<HTMLUListElement>(null)
  return (
    <Page title={t('bar.members')} nav={<ProjectNav />}>
      <Section id="who" title={t('members.who')} lead={role && role !== 'owner' ? t('members.ownersOnly') : undefined}>
        {list.isPending && <Lines count={4} />}
        {list.error && <Problem error={list.error} again={() => void list.refetch()} />}
        <ul className="lines" ref={lines} tabIndex={-1}>
          {list.data?.map((member) => (
            <Line
              key={member.userId}
              project={id}
              member={member}
              owner={role === 'owner'}
              onRemoved={() => lines.current?.focus({ preventScroll: true })}
            />
          ))}
        </ul>
      </Section>
      {role === 'owner' && <Invitations project={id} />}
      {role === 'owner' && <Add project={id} />}
      <Former project={id} />
      <Roles />
      {role === 'owner' && <HandOver />}
      <Leave />
    </Page>
  )
}

type LineProps = { project: string; member: Member; owner: boolean; onRemoved: () => void }

function Line({ project, member, owner, onRemoved }: LineProps) {
  const { t } = useTranslation()
  const user = useUser()
  const sentence = useSentence()
  const me = member.userId === user.id
  const name = member.name || t('members.gone')
  const failed = (error: unknown) => say(sentence(error))
  const undo = () => void undoLast(project, member.id).catch(failed)

  async function give(role: Role) {
    if (role === member.role) return
    await changeRole(project, member, role)
    say(t('members.changed', { name, role: t(`role.${role}`) }), undo)
  }

  async function remove() {
    await removeMember(project, member.userId)
    await afterRemoval(project, false)
    onRemoved() // the button that had the focus is gone
    say(t('members.removed', { name }), undo)
  }

  return (
    <li>
      <span aria-hidden="true">
        <Who name={name} me={me} />
      </span>
      <span className="grow">
        <b>
          {name}
          {me && <span className="tag">{t('members.you')}</span>}
        </b>
        {member.email && !member.email.endsWith('@persona.invalid') && <small className="muted">{member.email}</small>}
      </span>
      {owner ? (
        <Select
          className="role"
          aria-label={t('members.roleOf', { name })}
          value={member.role}
          allowDeselect={false}
          data={roles.map((role) => ({ value: role, label: t(`role.${role}`) }))}
          onChange={(role) => role && void give(role).catch(failed)}
        />
      ) : (
        <span className="muted">{t(`role.${member.role}`)}</span>
      )}
      {owner && !me && (
        <Button
          variant="subtle"
          size="sm"
          aria-label={t('members.removeOne', { name })}
          onClick={() => void remove().catch(failed)}
        >
          {t('members.remove')}
        </Button>
      )}
    </li>
  )
}

function Add({ project }: { project: string }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const { busy, fault, send } = useSending()

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = event.currentTarget
    const { email, role } = fields(form, 'email', 'role')
    await send(async () => {
      const added = await addMember(project, email.trim(), role as Role)
      form.reset()
      say(t('members.added', { name: added.name }), () => {
        undoLast(project, added.id).catch((error) => say(sentence(error)))
      })
    })
  }

  return (
    <Section id="add" title={t('members.add')} lead={t('members.addLead')}>
      <form onSubmit={submit}>
        <TextInput name="email" type="email" label={t('sign.email')} required maxLength={254} autoComplete="off" />
        <Select
          name="role"
          label={t('members.role')}
          defaultValue="coder"
          allowDeselect={false}
          data={roles.map((role) => ({ value: role, label: t(`role.${role}`) }))}
        />
        {fault}
        <Button type="submit" loading={busy}>
          {t('members.addNow')}
        </Button>
      </form>
    </Section>
  )
}

// The table of models/roles.go, in the words of people: how far each role's right reaches.
const rights = [
  ['members.mayRead', 'all', 'all', 'all', 'all'],
  ['members.mayCode', 'own', 'own', 'own', 'no'],
  ['members.mayAdd', 'all', 'all', 'all', 'no'],
  ['members.mayChange', 'all', 'all', 'own', 'no'],
  ['members.mayCodebook', 'all', 'all', 'no', 'no'],
  ['members.mayProject', 'all', 'no', 'no', 'no'],
] as const

function Roles() {
  const { t } = useTranslation()
  return (
    <Section id="roles" title={t('members.roles')} lead={t('members.rolesLead')}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and keys must reach it */}
      <div className="wide" tabIndex={0}>
        <Table className="rights">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('members.may')}</Table.Th>
              {roles.map((role) => (
                <Table.Th key={role} scope="col">
                  {t(`role.${role}`)}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rights.map(([what, ...grants]) => (
              <Table.Tr key={what}>
                <Table.Th scope="row">{t(what)}</Table.Th>
                {grants.map((grant, i) => (
                  <Table.Td key={roles[i]}>
                    {grant === 'all' && <Icon name="check" />}
                    {grant === 'own' && <span className="sm">{t('members.own')}</span>}
                    {grant !== 'own' && <span className="sr">{t(grant === 'all' ? 'members.yes' : 'members.no')}</span>}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </Section>
  )
}
