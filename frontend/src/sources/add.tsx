import { useNavigate } from '@tanstack/react-router'
import type { ReactElement } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../ui/icons'
import { MenuButton } from '../ui/opener'
import { pick } from './files'
import { useBring } from './use-bring'

/** The ways to add a note, behind a button. */
export function AddMenu({ project, children }: { project: string; children: ReactElement<object> }) {
  const { t } = useTranslation()
  const go = useNavigate()
  const take = useBring(project)
  return (
    <MenuButton position="bottom-end" button={children}>
      {(Menu) => (
        <>
          <Menu.Item leftSection={<Icon name="fieldNote" />} onClick={() => void go({ to: writing(project) })}>
            {t('sources.write')}
          </Menu.Item>
          <Menu.Item leftSection={<Icon name="upload" />} onClick={() => pick(false, take)}>
            {t('sources.upload')}
          </Menu.Item>
          <Menu.Item leftSection={<Icon name="upload" />} onClick={() => pick(true, take)}>
            {t('sources.uploadFolder')}
          </Menu.Item>
        </>
      )}
    </MenuButton>
  )
}

/** Where a note is written. */
export const writing = (project: string): string => `/projects/${project}/write`
