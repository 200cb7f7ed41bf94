import { ActionIcon, Menu, useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { languages, speak } from '../i18n'
import { leave } from '../state/leave'
import { unsent } from '../state/queue'
import { Icon } from '../ui/icons'
import { Who } from '../ui/tile'
import { Kept } from './kept'
import { Leaving } from './leaving'
import { useUser } from './user'

const names = { en: 'English', da: 'Dansk' } as const

/** The line at the top of every view. */
export function Bar({ children }: { children?: ReactNode }) {
  const { t, i18n } = useTranslation()
  const user = useUser()
  const { setColorScheme } = useMantineColorScheme()
  const dark = useComputedColorScheme('light') === 'dark'

  const [warned, warning] = useDisclosure(false)

  async function signOut() {
    if ((await unsent().catch(() => 0)) > 0) warning.open()
    else await leave()
  }

  return (
    <header className="bar">
      <a className="skip" href="#text">
        {t('app.skip')}
      </a>
      <Link className="brand" to="/">
        <Icon name="book" />
        Feltbog
      </Link>
      {children}
      <span className="grow" />
      <Kept />
      <Leaving shown={warned} onStay={warning.close} />
      <ActionIcon variant="subtle" size="lg" aria-label={t('app.theme')} onClick={() => setColorScheme(dark ? 'light' : 'dark')}>
        <Icon name="theme" />
      </ActionIcon>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="transparent" size="lg" aria-label={`${user.name}, ${t('app.account')}`}>
            <Who name={user.name} me />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{user.email || user.name}</Menu.Label>
          <Menu.Divider />
          <Menu.Label>{t('app.language')}</Menu.Label>
          {languages.map((language) => (
            <Menu.Item
              key={language}
              lang={language}
              leftSection={i18n.language === language ? <Icon name="check" /> : <span className="icon" />}
              onClick={() => void speak(language)}
            >
              {names[language]}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item onClick={signOut}>{t('app.signOut')}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </header>
  )
}
