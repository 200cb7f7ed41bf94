import { ActionIcon, useMantineColorScheme } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { languageNames, languages } from '../i18n'
import { useLanguage } from '../settings/preferences'
import { unread } from '../state/unread'
import { Icon } from '../ui/icons'
import { MenuButton } from '../ui/opener'
import { initials, Who } from '../ui/tile'
import { Kept } from './kept'
import { signOut } from './leaving'
import { openPalette } from './palette'
import { useUser } from './user'
import './bar.css'

/** How the key that goes with others is written on this device. */
export const control = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘' : 'Ctrl'

/** The colours of the app, by the names that Mantine has for them. */
export const themes = ['light', 'dark', 'auto'] as const

/** The line at the top of every view. What belongs to the view stands in its middle. */
export function Bar({ children }: { children?: ReactNode }) {
  const { t } = useTranslation()
  return (
    <header className="bar">
      <a className="skip" href="#text">
        {t('app.skip')}
      </a>
      <Link className="brand" to="/" aria-label="Feltbog">
        <Icon name="book" />
        <span className="brand__name">Feltbog</span>
      </Link>
      {children}
      <span className="grow bar__space" />
      <button type="button" className="bar__find" onClick={openPalette} aria-keyshortcuts="Control+K Meta+K">
        <Icon name="search" />
        <span className="grow clip">{t('bar.find')}</span>
        <kbd>{control} K</kbd>
      </button>
      <Kept />
      <InboxLink />
      <Theme />
      <Account />
    </header>
  )
}

/** The way to the inbox, with how much there is unread. */
function InboxLink() {
  const { t } = useTranslation()
  const count = useQuery(unread()).data ?? 0
  return (
    <Link className="bar__inbox" to="/inbox" aria-label={count > 0 ? t('bar.unread', { count }) : t('bar.inbox')}>
      <Icon name="inbox" />
      {count > 0 && <span className="num">{count < 100 ? count : '99+'}</span>}
    </Link>
  )
}

function Theme() {
  const { t } = useTranslation()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <MenuButton
      position="bottom-end"
      button={
        <ActionIcon className="bar__theme" variant="subtle" size="lg" aria-label={t('app.theme')}>
          <Icon name="theme" />
        </ActionIcon>
      }
    >
      {(Menu) =>
        themes.map((theme) => (
          <Menu.Item
            key={theme}
            role="menuitemradio"
            aria-checked={colorScheme === theme}
            leftSection={<Chosen when={colorScheme === theme} />}
            onClick={() => setColorScheme(theme)}
          >
            {t(`theme.${theme}`)}
          </Menu.Item>
        ))
      }
    </MenuButton>
  )
}

function Account() {
  const { t } = useTranslation()
  const user = useUser()
  const [language, choose] = useLanguage()
  return (
    <MenuButton
      position="bottom-end"
      button={
        <ActionIcon variant="transparent" size="lg" aria-label={`${initials(user.name)}, ${user.name}, ${t('app.account')}`}>
          <Who name={user.name} me />
        </ActionIcon>
      }
    >
      {(Menu) => (
        <>
          <Menu.Label>{user.email || user.name}</Menu.Label>
          <Menu.Item renderRoot={(props) => <Link to="/settings" {...props} />}>{t('bar.settings')}</Menu.Item>
          {user.admin && <Menu.Item renderRoot={(props) => <Link to="/settings/users" {...props} />}>{t('bar.users')}</Menu.Item>}
          <Menu.Divider />
          <Menu.Label>{t('app.language')}</Menu.Label>
          {languages.map((known) => (
            <Menu.Item
              key={known}
              lang={known}
              role="menuitemradio"
              aria-checked={language === known}
              leftSection={<Chosen when={language === known} />}
              onClick={() => choose(known)}
            >
              {languageNames[known]}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item onClick={() => void signOut()}>{t('app.signOut')}</Menu.Item>
        </>
      )}
    </MenuButton>
  )
}

function Chosen({ when }: { when: boolean }) {
  return when ? <Icon name="check" /> : <span className="icon" />
}
