import { Menu } from '@mantine/core'
import { type ReactElement, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { download, plainName } from '../api/download'
import { Icon } from '../ui/icons'
import { useSentence } from '../ui/problem'
import { say } from '../ui/toast'

/** What the work of a class can be taken out as, and that of one student or group. */
export const tables = ['csv', 'xlsx', 'zip'] as const
export const papers = ['docx', 'pdf'] as const

type Props = {
  /** Where the files are made, under /api/v1. */
  from: string
  name: string
  formats: typeof tables | typeof papers
  query?: Record<string, string>
  /** Sends what the server lacks; gives whether it has all then. */
  send?: () => Promise<boolean>
  /** Stands over the formats where the button has no words of its own. */
  title?: string
  /** The button, with its icon: another while a file is on its way. */
  children: (icon: ReactElement, busy: boolean) => ReactElement
}

/** A menu that saves work as a file, in the language of the app. */
export function TakeOut({ from, name, formats, query = {}, send, title, children }: Props) {
  const { t, i18n } = useTranslation()
  const sentence = useSentence()
  const [busy, setBusy] = useState(false)

  async function save(format: string) {
    setBusy(true)
    try {
      if (send && !(await send())) say(t('takeOut.unsent'))
      const asked = new URLSearchParams({ ...query, format, language: i18n.language })
      await download(`${from}/export?${asked}`, `${plainName(name)}.${format}`)
    } catch (error) {
      say(sentence(error))
    } finally {
      setBusy(false)
    }
  }

  return (
    <Menu position="bottom-end">
      {/* It isn't disabled meanwhile: it would lose the focus. */}
      <Menu.Target>{children(<Icon name={busy ? 'clock' : 'download'} />, busy)}</Menu.Target>
      <Menu.Dropdown>
        {title && <Menu.Label>{title}</Menu.Label>}
        {formats.map((format) => (
          <Menu.Item key={format} disabled={busy} onClick={() => void save(format)}>
            {t(`takeOut.${format}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
