import { Button, SegmentedControl, Switch, TextInput, useMantineColorScheme } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { languageNames, languages, withWords } from '../i18n'
import { Bar, themes } from '../shell/bar'
import { useUser } from '../shell/user'
import { changeProfile } from '../state/settings'
import { lazily } from '../ui/lazily'
import { say } from '../ui/toast'
import { DeleteAccount } from './delete-account'
import { fields, Page, Section, useSending } from './form'
import { setLetterKeys, useLanguage, useLetterKeys } from './preferences'
import { Sessions } from './sessions'
import { Email, Password } from './sign-in'

const Tokens = lazily(() => withWords('tokens', import('./tokens')), 'Tokens')

/** What somebody chooses for themselves. */
export function Account() {
  const { t } = useTranslation()
  return (
    <div className="shell">
      <Bar />
      <Page title={t('settings.title')} nav={<AccountNav />}>
        <Profile />
        <Look />
        <LetterKeys />
        <ShowPresence />
        <Email />
        <Password />
        <Sessions />
        <Tokens />
        <DeleteAccount />
      </Page>
    </div>
  )
}

/** The pages of settings that aren't a project's, for those who may see more than one. */
export function AccountNav() {
  const { t } = useTranslation()
  const user = useUser()
  if (!user.admin) return null
  return (
    <>
      <Link to="/settings" activeOptions={{ exact: true }}>
        {t('settings.mine')}
      </Link>
      <Link to="/settings/users">{t('bar.users')}</Link>
    </>
  )
}

function Profile() {
  const { t } = useTranslation()
  const user = useUser()
  const { busy, fault, send } = useSending()

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const { name } = fields(event.currentTarget, 'name')
    await send(async () => {
      await changeProfile(user, { name })
      say(t('settings.nameSaved'))
    })
  }

  return (
    <Section id="profile" title={t('settings.profile')} lead={t('settings.profileLead')}>
      <form onSubmit={submit}>
        <TextInput name="name" label={t('sign.name')} defaultValue={user.name} required maxLength={200} autoComplete="name" />
        {fault}
        <Button type="submit" variant="default" loading={busy}>
          {t('settings.saveName')}
        </Button>
      </form>
    </Section>
  )
}

function Look() {
  const { t } = useTranslation()
  const [language, choose] = useLanguage()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <Section id="look" title={t('settings.look')} lead={t('settings.lookLead')}>
      <div className="choice">
        <span className="choice__name" id="language">
          {t('app.language')}
        </span>
        <SegmentedControl
          aria-labelledby="language"
          value={language}
          onChange={(value) => choose(value as (typeof languages)[number])}
          data={languages.map((known) => ({ value: known, label: languageNames[known] }))}
        />
      </div>
      <div className="choice">
        <span className="choice__name" id="theme">
          {t('settings.theme')}
        </span>
        <SegmentedControl
          aria-labelledby="theme"
          value={colorScheme}
          onChange={(value) => setColorScheme(value as (typeof themes)[number])}
          data={themes.map((theme) => ({ value: theme, label: t(`theme.${theme}`) }))}
        />
      </div>
    </Section>
  )
}

function LetterKeys() {
  const { t } = useTranslation()
  const on = useLetterKeys()
  return (
    <Section id="keys" title={t('settings.keys')} lead={t('settings.keysLead')}>
      <Switch
        checked={on}
        onChange={(event) => setLetterKeys(event.currentTarget.checked)}
        label={t('settings.keysOn')}
        description={t('settings.keysAbout')}
      />
    </Section>
  )
}

function ShowPresence() {
  const { t } = useTranslation()
  const user = useUser()
  const { busy, fault, send } = useSending()
  return (
    <Section id="presence" title={t('settings.presence')} lead={t('settings.presenceLead')}>
      <Switch
        checked={user.showPresence}
        disabled={busy}
        onChange={(event) => {
          const showPresence = event.currentTarget.checked
          void send(() => changeProfile(user, { showPresence }))
        }}
        label={t('settings.presenceOn')}
        description={t('settings.presenceAbout')}
      />
      {fault}
    </Section>
  )
}
