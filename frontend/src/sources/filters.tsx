import { Button, Checkbox, Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { noteKinds } from '../note/kinds'
import { asFilter } from '../note/values'
import { useProject } from '../shell/project'
import { notes, participants, sites } from '../state/queries'
import { groupings, nowhere, type SourcesSearch, shares, sitePaths } from './query'

type Props = {
  project: string
  search: SourcesSearch
  /** Changes the address; quietly, where going back should not stop at every letter. */
  onChange: (change: Partial<SourcesSearch>, quietly?: boolean) => void
}

/** What the list shows. All of it is in the address. */
export function Filters({ project, search, onChange }: Props) {
  const { t } = useTranslation()
  const places = useSitePlaces(project)
  const people = useQuery(participants(project)).data ?? []
  const values = useAttributeValues(project)
  const more = [search.participant, search.from, search.to, search.coded, search.attribute, search.drafts].filter(Boolean).length
  const [isWide, setWide] = useState(more > 0)
  const any = t('sources.any')
  return (
    <search className="srcfilters" aria-label={t('sources.filters')}>
      <div className="srcfilters__row">
        <Words words={search.q ?? ''} onChange={(q) => onChange({ q: q || undefined }, true)} />
        <Select
          aria-label={t('column.site')}
          placeholder={t('column.site')}
          data={[...places, { value: nowhere, label: t('rail.noSite') }]}
          value={search.site ?? null}
          onChange={(site) => onChange({ site: site ?? undefined })}
          clearable
          searchable
          nothingFoundMessage={t('sources.nothing')}
        />
        <Select
          aria-label={t('column.kind')}
          placeholder={t('column.kind')}
          data={noteKinds.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
          value={search.kind ?? null}
          onChange={(kind) => onChange({ kind: noteKinds.find((k) => k === kind) })}
          clearable
        />
        <Button variant="default" aria-expanded={isWide} onClick={() => setWide(!isWide)}>
          {more > 0 ? t('sources.moreOn', { count: more }) : t('sources.more')}
        </Button>
        <span className="grow" />
        <Select
          className="srcfilters__group"
          aria-label={t('sources.group')}
          data={groupings.map((by) => ({ value: by, label: t(`groupBy.${by}`) }))}
          value={search.group ?? 'site'}
          onChange={(by) => onChange({ group: groupings.find((g) => g === by && g !== 'site') })}
          allowDeselect={false}
        />
      </div>
      {isWide && (
        <div className="srcfilters__row">
          <Select
            label={t('sources.participant')}
            placeholder={any}
            data={people.map((p) => ({ value: p.id, label: p.pseudonym }))}
            value={search.participant ?? null}
            onChange={(participant) => onChange({ participant: participant ?? undefined })}
            clearable
            searchable
            nothingFoundMessage={t('sources.nothing')}
          />
          <Select
            label={t('column.progress')}
            placeholder={any}
            data={shares.map((share) => ({ value: share, label: t(`share.${share}`) }))}
            value={search.coded ?? null}
            onChange={(coded) => onChange({ coded: shares.find((s) => s === coded) })}
            clearable
          />
          {values.length > 0 && (
            <Select
              label={t('attribute.filter')}
              placeholder={any}
              data={values}
              value={search.attribute ?? null}
              onChange={(attribute) => onChange({ attribute: attribute ?? undefined })}
              clearable
              searchable
              nothingFoundMessage={t('sources.nothing')}
            />
          )}
          <TextInput
            type="date"
            label={t('sources.from')}
            value={search.from ?? ''}
            onChange={(event) => onChange({ from: event.target.value || undefined }, true)}
          />
          <TextInput
            type="date"
            label={t('sources.to')}
            value={search.to ?? ''}
            onChange={(event) => onChange({ to: event.target.value || undefined }, true)}
          />
          <Checkbox
            label={t('sources.drafts')}
            checked={search.drafts ?? false}
            onChange={(event) => onChange({ drafts: event.currentTarget.checked || undefined })}
          />
        </div>
      )}
    </search>
  )
}

/** The sites as choices, each with the names of those it lies in. */
export function useSitePlaces(project: string): { value: string; label: string }[] {
  const all = useQuery(sites(project)).data ?? []
  return [...sitePaths(all)].map(([value, label]) => ({ value, label })).sort((a, b) => a.label.localeCompare(b.label))
}

/** The values that notes have of the project's attributes, as choices. */
function useAttributeValues(id: string): { group: string; items: { value: string; label: string }[] }[] {
  const { t, i18n } = useTranslation()
  const { project } = useProject()
  const all = useQuery(notes(id)).data
  return useMemo(() => {
    const collator = new Intl.Collator(i18n.language, { numeric: true })
    const words = { true: t('attribute.yes'), false: t('attribute.no') }
    return (project?.attributes ?? []).flatMap(({ id, name, type }) => {
      const values = new Set(all?.flatMap((note) => note.attributes[id] ?? []))
      const items = [...values].map((value) => {
        const label = type === 'boolean' ? words[value ? 'true' : 'false'] : String(value)
        return { value: asFilter(id, value), label: `${name}: ${label}` }
      })
      items.sort((a, b) => collator.compare(a.label, b.label))
      return items.length > 0 ? [{ group: name, items: items.slice(0, shown) }] : []
    })
  }, [project, all, t, i18n.language])
}

/** How many values of one attribute can be chosen from. */
const shown = 100

/** The words of the title. What is typed stands at once; the address follows. */
function Words({ words, onChange }: { words: string; onChange: (words: string) => void }) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState(words)
  const told = useRef(words)
  useEffect(() => {
    if (words === told.current) return
    told.current = words
    setTyped(words) // the address changed by itself, as when somebody goes back
  }, [words])
  return (
    <TextInput
      type="search"
      className="srcfilters__words"
      aria-label={t('sources.words')}
      placeholder={t('sources.words')}
      value={typed}
      maxLength={200}
      onChange={(event) => {
        setTyped(event.target.value)
        told.current = event.target.value.trim()
        onChange(told.current)
      }}
    />
  )
}
