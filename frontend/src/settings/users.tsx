import { Button, Checkbox, Select, Table, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { languageNames, languages, locale } from '../i18n'
import { ResetLink } from '../people/reset-link'
import { Bar } from '../shell/bar'
import { useUser } from '../shell/user'
import { createUser, users } from '../state/settings'
import { Lines, Problem } from '../ui/problem'
import { say } from '../ui/toast'
import { AccountNav } from './account'
import { fields, Page, Section, useSending } from './form'

/** The accounts of the server, for administrators. */
export function Users() {
  const { t } = useTranslation()
  const user = useUser()
  return (
    <div className="shell">
      <Bar />
      <Page title={t('users.title')} nav={<AccountNav />}>
        {user.admin ? (
          <>
            <NewUser />
            <List />
          </>
        ) : (
          <p>{t('users.closed')}</p>
        )}
      </Page>
    </div>
  )
}

function List() {
  const { t, i18n } = useTranslation()
  const list = useQuery(users())
  const day = new Intl.DateTimeFormat(locale(i18n.language), { dateStyle: 'medium' })
  return (
    <Section id="users" title={t('users.all')} lead={t('users.lead')}>
      {list.isPending && <Lines />}
      {list.error && <Problem error={list.error} again={() => void list.refetch()} />}
      {list.data && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and keys must reach it
        <div className="wide" tabIndex={0}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">{t('sign.name')}</Table.Th>
                <Table.Th scope="col">{t('sign.email')}</Table.Th>
                <Table.Th scope="col">{t('users.made')}</Table.Th>
                <Table.Th scope="col">
                  <span className="sr">{t('users.help')}</span>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {list.data.map((u) => (
                <Table.Tr key={u.id}>
                  <Table.Td>
                    {u.name}
                    {u.admin && <span className="tag">{t('users.admin')}</span>}
                  </Table.Td>
                  <Table.Td>{u.email}</Table.Td>
                  <Table.Td className="num">{day.format(new Date(u.createdAt))}</Table.Td>
                  <Table.Td>
                    <ResetLink user={u} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
    </Section>
  )
}

function NewUser() {
  const { t, i18n } = useTranslation()
  const { busy, fault, send } = useSending()
  const [made, setMade] = useState<{ email: string; password: string }>()

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = event.currentTarget
    const { name, email, language, admin } = fields(form, 'name', 'email', 'language', 'admin')
    await send(async () => {
      const password = await createUser({ name, email, language: language === 'da' ? 'da' : 'en', admin: admin === 'on' })
      form.reset()
      if (password) setMade({ email, password })
      say(t('users.done', { name }))
    })
  }

  return (
    <Section id="new-user" title={t('users.new')} lead={t('users.newLead')}>
      <form onSubmit={submit}>
        <TextInput name="name" label={t('sign.name')} required maxLength={200} autoComplete="off" />
        <TextInput name="email" type="email" label={t('sign.email')} required maxLength={254} autoComplete="off" />
        <Select
          name="language"
          label={t('app.language')}
          defaultValue={i18n.language}
          allowDeselect={false}
          data={languages.map((known) => ({ value: known, label: languageNames[known] }))}
        />
        <Checkbox name="admin" label={t('users.makeAdmin')} description={t('users.adminAbout')} />
        {fault}
        <Button type="submit" loading={busy}>
          {t('users.create')}
        </Button>
      </form>
      {made && (
        <div className="secret" role="status">
          <p>{t('users.password', { email: made.email })}</p>
          <code>{made.password}</code>
          <p className="sm muted">{t('users.once')}</p>
        </div>
      )}
    </Section>
  )
}
