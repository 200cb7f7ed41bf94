import { ActionIcon, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { locale } from '../i18n'
import { MyRounds } from '../rounds/my-rounds'
import { useProject } from '../shell/project'
import { type Note, notes, sites } from '../state/queries'
import { progress, useProgressKept } from '../state/sources'
import { Icon } from '../ui/icons'
import { lazily } from '../ui/lazily'
import { PopoverButton } from '../ui/opener'
import { Lines, Problem } from '../ui/problem'
import { AddMenu } from './add'
import { Meter } from './meter'
import { group, type Source, type SourcesSearch, select, sitePaths, sort } from './query'
import './rail.css'

const RailFields = lazily(() => import('./rail-fields'), 'RailFields')

/** A project's notes beside the one that is read, by site. */
export function Rail({ current }: { current: string | undefined }) {
  const { t, i18n } = useTranslation()
  const { id, role } = useProject()
  const list = useQuery(notes(id))
  const { data: places, isLoading } = useQuery(sites(id))
  const coded = useQuery(progress(id)).data
  useProgressKept(id)
  const [wanted, setWanted] = useState<SourcesSearch>({})
  const groups = useMemo(() => {
    const paths = sitePaths(places ?? [])
    const sources = (list.data ?? []).map((note): Source => {
      return { note, site: paths.get(note.siteId) ?? '', participants: [], observer: '', progress: coded?.get(note.id) }
    })
    const collator = new Intl.Collator(i18n.language, { numeric: true })
    return group(sort(select(sources, wanted, places ?? []), 'date', false, collator), 'site', collator)
  }, [list.data, places, coded, wanted, i18n.language])

  return (
    <nav className="rail" aria-label={t('rail.title')}>
      <div className="rail__head">
        <div className="row">
          <h2 className="grow">
            <Link className="rail__all" to="/projects/$project" params={{ project: id }}>
              {t('rail.title')}
            </Link>
          </h2>
          {list.data && <span className="muted xs num">{t('rail.count', { count: list.data.length })}</span>}
          {role && role !== 'reader' && (
            <AddMenu project={id}>
              <ActionIcon variant="subtle" aria-label={t('sources.add')}>
                <Icon name="plus" />
              </ActionIcon>
            </AddMenu>
          )}
        </div>
        <div className="row">
          <TextInput
            className="grow"
            type="search"
            size="sm"
            placeholder={t('rail.filter')}
            aria-label={t('rail.filter')}
            value={wanted.q ?? ''}
            onChange={(event) => setWanted({ ...wanted, q: event.target.value })}
          />
          <RailFilters project={id} wanted={wanted} onChange={setWanted} />
        </div>
        <MyRounds project={id} />
      </div>
      <div className="rail__list">
        {(list.isPending || isLoading) && <Lines count={9} />}
        {list.error && !list.data && <Problem error={list.error} again={() => void list.refetch()} />}
        {list.data?.length === 0 && <p className="muted">{t('rail.none')}</p>}
        {list.data && list.data.length > 0 && groups.length === 0 && <p className="muted">{t('sources.noMatch')}</p>}
        {(isLoading ? [] : groups).map(([site, some]) => (
          <details key={site} open>
            <summary>
              <Icon name="chevron" />
              <span className="grow clip">{site || t('rail.noSite')}</span>
              <span className="num xs muted">{some.length}</span>
            </summary>
            <ul>
              {some.map((source) => (
                <li key={source.note.id}>
                  <RailNote source={source} isCurrent={source.note.id === current} />
                </li>
              ))}
            </ul>
          </details>
        ))}
      </div>
    </nav>
  )
}

function RailNote({ source: { note, progress }, isCurrent }: { source: Source; isCurrent: boolean }) {
  const { t, i18n } = useTranslation()
  return (
    <Link
      className="src"
      to="/projects/$project/notes/$note"
      params={{ project: note.spaceId, note: note.id }}
      aria-current={isCurrent ? 'true' : undefined}
    >
      <Icon name={note.kind} />
      <b className="clip" lang={note.language || undefined}>
        {note.title}
      </b>
      <small>
        <span>{dayOf(note, i18n.language)}</span>
        {note.draft && <span>{t('rail.draft')}</span>}
        {note.toTranscribe && <span className="clip">{t('note.toTranscribe')}</span>}
        {!note.draft && !note.toTranscribe && <Meter progress={progress} />}
      </small>
    </Link>
  )
}

const dayOf = ({ observedOn }: Note, language: string) =>
  observedOn && new Intl.DateTimeFormat(locale(language), { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(observedOn))

export type FilterProps = { project: string; wanted: SourcesSearch; onChange: (wanted: SourcesSearch) => void }

/** Which notes the rail shows, by site, kind and how far they are coded. */
function RailFilters({ project, wanted, onChange }: FilterProps) {
  const { t } = useTranslation()
  const [opened, setOpened] = useState(false)
  const count = [wanted.site, wanted.kind, wanted.coded, wanted.drafts].filter(Boolean).length
  const label = count > 0 ? t('sources.moreOn', { count }) : t('sources.filters')
  return (
    <PopoverButton
      opened={opened}
      onOpen={setOpened}
      position="bottom-end"
      width={264}
      label={t('sources.filters')}
      button={
        <ActionIcon variant={count > 0 ? 'filled' : 'default'} size="lg" aria-label={label}>
          <Icon name="filter" />
        </ActionIcon>
      }
    >
      <RailFields project={project} wanted={wanted} onChange={onChange} />
    </PopoverButton>
  )
}
