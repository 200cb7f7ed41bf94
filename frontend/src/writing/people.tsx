import { MultiSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { participants } from '../state/queries'
import { makeParticipant } from '../state/writing'
import { useSentence } from '../ui/problem'
import { say } from '../ui/toast'
import { make, matching } from './options'

type Named = { participantIds: string[] }
type Props = { project: string; site: string; value: string[]; onChange: (change: (before: Named) => Named) => void }

/** Who was there, by pseudonym: participants of the project, or others made on the spot. */
export function People({ project, site, value, onChange }: Props) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const [typed, setTyped] = useState('')
  const list = useQuery(participants(project)).data ?? []
  const name = typed.trim()
  const isNew = name !== '' && !list.some((p) => p.pseudonym.toLocaleLowerCase() === name.toLocaleLowerCase())
  // Those of the same site stand first.
  const sorted = list.toSorted(
    (a, b) => Number(b.siteId === site) - Number(a.siteId === site) || a.pseudonym.localeCompare(b.pseudonym),
  )
  const data = sorted.map((p) => ({ value: p.id as string, label: [p.pseudonym, p.actorRole].filter(Boolean).join(', ') }))
  if (isNew) data.push({ value: make, label: t('write.makeParticipant', { name }) })

  const shown = value.filter((id) => list.some((p) => p.id === id))

  function choose(ids: string[]) {
    if (!ids.includes(make)) {
      // Those who aren't known here yet stay.
      return onChange((now) => ({ participantIds: [...now.participantIds.filter((id) => !shown.includes(id)), ...ids] }))
    }
    setTyped('')
    const made = makeParticipant(project, name, site)
    onChange((now) => ({ participantIds: [...now.participantIds, made.id] }))
    made.sent.catch((error) => {
      say(sentence(error))
      onChange((now) => ({ participantIds: now.participantIds.filter((id) => id !== made.id) }))
    })
  }

  return (
    <MultiSelect
      className="record__wide"
      label={t('write.participants')}
      placeholder={value.length === 0 ? t('write.participantsHint') : undefined}
      nothingFoundMessage={t('write.noParticipant')}
      data={data}
      filter={matching}
      searchable
      hidePickedOptions
      maxValues={200}
      searchValue={typed}
      onSearchChange={setTyped}
      value={shown}
      onChange={choose}
    />
  )
}
