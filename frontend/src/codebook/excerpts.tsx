import { Button, NativeSelect, SegmentedControl, TextInput } from '@mantine/core'
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { noteKinds } from '../note/kinds'
import { type CodingCounts, counts, type Excerpt, excerpts, type Filters } from '../state/excerpts'
import { useChanges } from '../state/live'
import type { Code } from '../state/queries'
import { Icon } from '../ui/icons'
import { Lines, Problem, useSentence } from '../ui/problem'
import { say } from '../ui/toast'
import { ExportMenu } from './export-menu'
import { Group, groups } from './group'

type Props = {
  project: string
  code: Code
  codes: readonly Code[]
  filters: Filters
  whole: CodingCounts | undefined
  siteName: (id: string) => string
  coderName: (id: string) => string
  onFilter: (filters: Filters) => void
}

/** The excerpts of a code, site by site and note by note, more of them as one scrolls. */
export function Excerpts(props: Props) {
  const { project, code, codes, filters, whole, siteName, coderName, onFilter } = props
  const { t } = useTranslation()
  const sentence = useSentence()
  const list = useInfiniteQuery(excerpts(project, code.id, filters))
  const number = useQuery(counts(project, code.id, filters)).data
  const items: Excerpt[] = list.data?.pages.flatMap((page) => page.items) ?? []
  const end = useRef<HTMLDivElement>(null)
  const { stale, refresh } = useNews(project)
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list

  useEffect(() => {
    const mark = end.current
    if (!mark || !hasNextPage || isFetchingNextPage) return
    const seen = new IntersectionObserver(([entry]) => entry?.isIntersecting && void fetchNextPage(), { rootMargin: '600px' })
    seen.observe(mark)
    return () => seen.disconnect()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])

  /** Paper has all of them. */
  async function print() {
    try {
      for (let more = list.hasNextPage; more; ) more = (await list.fetchNextPage({ throwOnError: true })).hasNextPage
      requestAnimationFrame(() => window.print())
    } catch (error) {
      say(sentence(error))
    }
  }

  const query = Object.fromEntries(Object.entries({ ...filters, code: code.id }).map(([key, value]) => [key, String(value)]))
  const beneath = codes.some((c) => c.parentId === code.id && !c.mergedInto)
  const filtered = Object.keys(filters).some((key) => key !== 'alone')

  return (
    <section className="excerpts" aria-labelledby="excerpts">
      <div className="excerpts__head">
        <h2 id="excerpts" className="grow">
          <span role="status">
            {number ? t('codePage.excerpts', { count: number.total }) : t('codePage.excerptsTitle')}
            {number && number.notes > 1 && <small className="muted"> {t('codePage.inNotes', { count: number.notes })}</small>}
          </span>
        </h2>
        {beneath && (
          <SegmentedControl
            size="xs"
            aria-label={t('codePage.beneath')}
            value={filters.alone ? 'alone' : 'all'}
            data={[
              { value: 'all', label: t('codePage.withBeneath') },
              { value: 'alone', label: t('codePage.alone') },
            ]}
            onChange={(value) => onFilter(without(filters, 'alone', value === 'alone' || undefined))}
          />
        )}
        <Button variant="default" size="sm" leftSection={<Icon name="print" />} onClick={() => void print()}>
          {t('codePage.print')}
        </Button>
        <ExportMenu project={project} what="codings" query={query} />
      </div>
      <FilterBar {...{ filters, whole, siteName, coderName, onFilter }} />
      {filtered && <p className="excerpts__which">{which(props, t)}</p>}
      {stale && (
        <Button variant="default" size="compact-sm" onClick={refresh}>
          {t('codePage.refresh')}
        </Button>
      )}
      {list.isPending && <Lines count={9} />}
      {list.error && <Problem error={list.error} again={() => void list.refetch()} />}
      {list.data && items.length === 0 && (
        <div className="excerpts__none">
          <p className="muted">{t(filtered ? 'codePage.noMatch' : 'codePage.none')}</p>
          {filtered && (
            <Button variant="default" onClick={() => onFilter(filters.alone ? { alone: true } : {})}>
              {t('codePage.clear')}
            </Button>
          )}
        </div>
      )}
      {groups(items).map((group) => (
        <Group
          key={group.siteId}
          project={project}
          code={code}
          codes={codes}
          group={group}
          name={siteName(group.siteId)}
          coderName={coderName}
        />
      ))}
      <div ref={end} />
      {list.hasNextPage && (
        <Button className="excerpts__more" variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('codePage.more')}
        </Button>
      )}
    </section>
  )
}

/** Whether there are newer excerpts than those shown. Counts follow at once; the list waits for its reader. */
function useNews(project: string) {
  const cache = useQueryClient()
  const [stale, setStale] = useState(false)
  useChanges(
    useCallback(
      (change) => {
        if (!change.events.some((event) => event.noun === 'coding')) return
        void cache.invalidateQueries({ queryKey: ['project', project, 'counts'] })
        setStale(true)
      },
      [cache, project],
    ),
  )
  return {
    stale,
    refresh: () => {
      setStale(false)
      void cache.invalidateQueries({ queryKey: ['project', project, 'excerpts'] })
    },
  }
}

function FilterBar({
  filters,
  whole,
  siteName,
  coderName,
  onFilter,
}: Pick<Props, 'filters' | 'whole' | 'siteName' | 'coderName' | 'onFilter'>) {
  const { t } = useTranslation()
  const set = (key: keyof Filters) => (event: { currentTarget: { value: string } }) =>
    onFilter(without(filters, key, event.currentTarget.value || undefined))
  return (
    <search className="filters">
      <NativeSelect size="xs" label={t('codePage.site')} value={filters.site ?? ''} onChange={set('site')}>
        <option value="">{t('codePage.allSites')}</option>
        {whole?.sites
          .filter((s) => s.id)
          .map((s) => (
            <option key={s.id} value={s.id}>
              {siteName(s.id)}
            </option>
          ))}
      </NativeSelect>
      <NativeSelect size="xs" label={t('codePage.coder')} value={filters.coder ?? ''} onChange={set('coder')}>
        <option value="">{t('codePage.allCoders')}</option>
        {whole?.coders.map((c) => (
          <option key={c.id} value={c.id}>
            {coderName(c.id)}
          </option>
        ))}
      </NativeSelect>
      <NativeSelect size="xs" label={t('codePage.kind')} value={filters.kind ?? ''} onChange={set('kind')}>
        <option value="">{t('codePage.allKinds')}</option>
        {noteKinds
          .filter((kind) => kind === filters.kind || whole?.kinds.some((k) => k.kind === kind))
          .map((kind) => (
            <option key={kind} value={kind}>
              {t(`kind.${kind}`)}
            </option>
          ))}
      </NativeSelect>
      <TextInput size="xs" type="date" label={t('codePage.from')} value={filters.from ?? ''} onChange={set('from')} />
      <TextInput size="xs" type="date" label={t('codePage.to')} value={filters.to ?? ''} onChange={set('to')} />
    </search>
  )
}

function without(filters: Filters, key: keyof Filters, value: string | boolean | undefined): Filters {
  const { [key]: _, ...rest } = filters
  return value === undefined ? rest : { ...rest, [key]: value }
}

/** Which excerpts these are, for a page that has lost its controls on paper. */
function which({ filters, siteName, coderName }: Props, t: (key: string) => string): string {
  return [
    filters.site && siteName(filters.site),
    filters.coder && coderName(filters.coder),
    filters.kind && t(`kind.${filters.kind}`),
    (filters.from || filters.to) && `${filters.from ?? ''} – ${filters.to ?? ''}`,
  ]
    .filter(Boolean)
    .join(' · ')
}
