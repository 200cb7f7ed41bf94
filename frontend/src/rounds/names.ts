import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { everybody } from '../state/queries'

/** Names people of a project by their ids, also those who have left. */
export function useNames(project: string): (id: string) => string {
  const { t } = useTranslation()
  const people = useQuery(everybody(project)).data
  const byID = useMemo(() => new Map(people?.map((m) => [m.userId as string, m.name])), [people])
  return (id) => byID.get(id) || (people ? t('round.somebody') : '')
}
