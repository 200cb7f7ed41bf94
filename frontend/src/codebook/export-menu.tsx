import { Button, Menu } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { download } from '../api/download'
import { Icon } from '../ui/icons'
import { useSentence } from '../ui/problem'
import { say } from '../ui/toast'

const formats = ['csv', 'xlsx', 'jsonl'] as const

/** Offers an export in its formats. */
export function ExportMenu({
  project,
  what,
  query = {},
}: {
  project: string
  what: 'codebook' | 'codings'
  query?: Record<string, string>
}) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const save = (format: string) => {
    const asked = new URLSearchParams({ ...query, format })
    download(`/projects/${project}/exports/${what}?${asked}`, `${what}.${format}`).catch((error) => say(sentence(error)))
  }
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" size="sm" leftSection={<Icon name="download" />}>
          {t('codebook.export')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {formats.map((format) => (
          <Menu.Item key={format} onClick={() => save(format)}>
            {t(`codebook.format.${format}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
