import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useProject } from '../shell/project'
import { sites } from '../state/queries'
import { makeSite } from '../state/writing'
import { useSentence } from '../ui/problem'
import { say } from '../ui/toast'
import { make, matching } from './options'
import type { Change } from './record'

/** The site of a note: one of the project's, or another made on the spot by whoever may. */
export function Place({ project, value, onChange }: { project: string; value: string; onChange: Change }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const { role } = useProject()
  const [typed, setTyped] = useState('')
  const list = useQuery(sites(project)).data ?? []
  const mayMake = role === 'owner' || role === 'editor'
  const name = typed.trim()
  const isNew = mayMake && name !== '' && !list.some((site) => site.name.toLocaleLowerCase() === name.toLocaleLowerCase())
  const data = list
    .toSorted((a, b) => a.name.localeCompare(b.name))
    .map((site) => ({ value: site.id as string, label: site.name }))
  if (isNew) data.push({ value: make, label: t('write.makeSite', { name }) })

  function choose(id: string | null) {
    if (id !== make) return onChange(() => ({ siteId: id ?? '' }))
    const made = makeSite(project, name)
    onChange(() => ({ siteId: made.id }))
    made.sent.catch((error) => {
      say(sentence(error))
      onChange((now) => (now.siteId === made.id ? { siteId: '' } : {}))
    })
  }

  return (
    <Select
      label={t('write.site')}
      placeholder={t(mayMake ? 'write.siteHint' : 'write.choose')}
      nothingFoundMessage={t('write.noSite')}
      data={data}
      filter={matching}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': t('write.clear') }}
      value={value || null}
      onSearchChange={setTyped}
      onChange={choose}
    />
  )
}
