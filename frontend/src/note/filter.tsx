import { Button } from '@mantine/core'
import { useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import type { Code, Coding } from '../state/queries'
import { Icon } from '../ui/icons'
import { lazily } from '../ui/lazily'
import { PopoverButton } from '../ui/opener'

const FilterChoices = lazily(() => import('./filter-choices'), 'FilterChoices')

/** What is painted: only these codes and coders; all where none is named. */
export type Filter = { codes: readonly string[]; coders: readonly string[] }

/** Everything is painted. */
export const all: Filter = { codes: [], coders: [] }
const filters = new Map<string, Filter>()
const listeners = new Set<() => void>()

/** The filter of a project, which stays from note to note, and what sets it. */
export function useFilter(project: string): [Filter, (filter: Filter) => void] {
  const filter = useSyncExternalStore(
    (changed) => {
      listeners.add(changed)
      return () => listeners.delete(changed)
    },
    () => filters.get(project) ?? all,
  )
  return [
    filter,
    (next) => {
      filters.set(project, next)
      for (const listen of listeners) listen()
    },
  ]
}

/** The codings that a filter lets through; a code stands for its sub-codes too. */
export function filtered(codings: readonly Coding[], codes: readonly Code[], { codes: only, coders }: Filter): readonly Coding[] {
  if (only.length === 0 && coders.length === 0) return codings
  const parent = new Map(codes.map((c) => [c.id as string, c.parentId as string]))
  const within = (code: string | undefined): boolean => !!code && (only.includes(code) || within(parent.get(code)))
  return codings.filter((c) => (only.length === 0 || within(c.codeId)) && (coders.length === 0 || coders.includes(c.coderId)))
}

type Props = {
  filter: Filter
  onFilter: (filter: Filter) => void
  codes: readonly Code[]
  coders: readonly { id: string; name: string; me: boolean }[]
  opened: boolean
  onOpen: (opened: boolean) => void
}

/** Chooses which codes and coders are painted. */
export function FilterMenu({ filter, onFilter, codes, coders, opened, onOpen }: Props) {
  const { t } = useTranslation()
  const count = filter.codes.length + filter.coders.length
  return (
    <PopoverButton
      opened={opened}
      onOpen={onOpen}
      position="bottom-end"
      label={t('filter.title')}
      className="filter"
      button={
        <Button
          className="tools__filter"
          variant={count > 0 ? 'light' : 'subtle'}
          size="compact-sm"
          fw={500}
          aria-label={count > 0 ? t('filter.some', { count }) : t('filter.all')}
          leftSection={<Icon name="filter" />}
        >
          {count > 0 ? t('filter.some', { count }) : t('filter.all')}
        </Button>
      }
    >
      <FilterChoices filter={filter} onFilter={onFilter} codes={codes} coders={coders} />
    </PopoverButton>
  )
}
