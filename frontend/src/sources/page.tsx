import { Button } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { type KeyboardEvent, useCallback, useDeferredValue, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { MyRounds } from '../rounds/my-rounds'
import { useProject } from '../shell/project'
import { choose, useChosen } from '../state/chosen'
import { uploads } from '../state/imports'
import { everybody, type Note, notes, participants, sites } from '../state/queries'
import { progress, useProgressKept } from '../state/sources'
import { Icon } from '../ui/icons'
import { Lines, Problem } from '../ui/problem'
import { AddMenu, writing } from './add'
import { BatchBar } from './batch'
import { DropZone } from './drop'
import { ExportDialog } from './export'
import { pick } from './files'
import { Filters } from './filters'
import { type Column, group, readSearch, type Source, type SourcesSearch, select, sitePaths, sort } from './query'
import { SourceList, SourceTable } from './rows'
import { useUndoKey } from './undo'
import { useBring } from './use-bring'
import './sources.css'

/** A project's sources: the notes with what is known of them, to find, change and add to. */
export function Sources() {
  const { t } = useTranslation()
  const { id, project, role } = useProject()
  const list = useQuery(notes(id))
  // Without the sites the notes would stand in another order first.
  const places = useQuery(sites(id))
  const [exporting, setExporting] = useState(false)
  const search = useSearch({ strict: false }) as SourcesSearch
  useProgressKept(id)
  useUndoKey()
  const mayAdd = role !== undefined && role !== 'reader'
  const content = (
    <main className="view sources" id="text" tabIndex={-1}>
      <header className="sources__head">
        <h1>{t('rail.title')}</h1>
        {list.data && <span className="muted num">{t('rail.count', { count: list.data.length })}</span>}
        <span className="grow" />
        {mayAdd && <WaitingFiles project={id} />}
        <Link className="sources__link" to="/projects/$project/people" params={{ project: id }}>
          <Icon name="people" />
          {t('people.title')}
        </Link>
        <Button variant="default" leftSection={<Icon name="download" />} onClick={() => setExporting(true)}>
          {t('sources.export')}
        </Button>
        {mayAdd && (
          <AddMenu project={id}>
            <Button leftSection={<Icon name="plus" />}>{t('sources.add')}</Button>
          </AddMenu>
        )}
      </header>
      <MyRounds project={id} />
      {(list.isPending || places.isLoading) && <Lines count={14} />}
      {list.error && !list.data && <Problem error={list.error} again={() => void list.refetch()} />}
      {list.data?.length === 0 && <Empty project={id} mayAdd={mayAdd} />}
      {list.data && list.data.length > 0 && !places.isLoading && (
        <Listed project={id} all={list.data} search={search} mayChange={mayAdd} />
      )}
      <ExportDialog
        project={id}
        name={project?.name ?? ''}
        search={search}
        isShown={exporting}
        onClose={() => setExporting(false)}
      />
    </main>
  )
  return mayAdd ? <DropZone project={id}>{content}</DropZone> : content
}

/** Leads to the files that were uploaded and aren't notes yet, also those of another day. */
function WaitingFiles({ project }: { project: string }) {
  const { t } = useTranslation()
  const open = useQuery(uploads(project)).data?.filter((upload) => !upload.archive)
  if (!open || open.length === 0) return null
  return (
    <Link className="sources__link" to="/projects/$project/import" params={{ project }} search={{}}>
      <Icon name="upload" />
      {t('sources.waiting', { count: open.length })}
    </Link>
  )
}

function Empty({ project, mayAdd }: { project: string; mayAdd: boolean }) {
  const { t } = useTranslation()
  const go = useNavigate()
  const bring = useBring(project)
  if (!mayAdd) return <p className="sources__empty muted">{t('sources.emptyForReaders')}</p>
  return (
    <section className="sources__empty">
      <Icon name="upload" />
      <p>{t('sources.empty')}</p>
      <Button onClick={() => pick(false, bring)}>{t('sources.upload')}</Button>
      <Button variant="subtle" onClick={() => void go({ to: writing(project) })}>
        {t('sources.write')}
      </Button>
    </section>
  )
}

type ListedProps = { project: string; all: readonly Note[]; search: SourcesSearch; mayChange: boolean }

function Listed({ project, all, search, mayChange }: ListedProps) {
  const { t, i18n } = useTranslation()
  const go = useNavigate()
  const isNarrow = useMediaQuery('(max-width: 860px)', undefined, { getInitialValueInEffect: false })
  const places = useQuery(sites(project)).data ?? none
  const sources = useSources(project, all)
  const wanted = useDeferredValue(search)
  const collator = useMemo(() => new Intl.Collator(i18n.language, { numeric: true }), [i18n.language])
  const column = wanted.sort ?? 'date'
  const down = wanted.down ?? false
  const grouping = wanted.group ?? 'site'
  const groups = useMemo(
    () => group(sort(select(sources, wanted, places), column, down, collator), grouping, collator),
    [sources, wanted, places, column, down, collator, grouping],
  )
  const shown = useMemo(() => groups.flatMap(([, some]) => some.map(({ note }) => note.id as string)), [groups])
  const { chosen, toggle, chooseAll } = useChoice(project, shown)
  const chosenNotes = useMemo(() => {
    const seen = new Set(shown) // nothing is done to a note that isn't shown
    return all.filter((note) => chosen.has(note.id) && seen.has(note.id))
  }, [all, chosen, shown])

  const change = useCallback(
    (to: Partial<SourcesSearch>, quietly = false) =>
      void go({
        to: '/projects/$project',
        params: { project },
        search: (old) => ({ ...readSearch(old), ...to }),
        replace: quietly,
      }),
    [go, project],
  )
  const sortBy = (c: Column) => change({ sort: c === 'date' ? undefined : c, down: c === column && !down ? true : undefined })

  function keys(event: KeyboardEvent) {
    const isField = event.target instanceof HTMLInputElement && event.target.type !== 'checkbox'
    if (isField || !mayChange) return
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'a') {
      event.preventDefault()
      chooseAll(true)
    } else if (event.key === 'Escape' && chosen.size > 0) {
      choose(project, new Set())
    }
  }

  const rows = {
    isChoosable: mayChange,
    groups,
    grouping,
    column,
    down,
    chosen,
    onToggle: toggle,
    onSort: sortBy,
    onChooseAll: chooseAll,
  }
  return (
    <>
      <Filters project={project} search={search} onChange={change} />
      <p className="sr" role="status">
        {t('sources.shown', { count: shown.length })}
      </p>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the boxes in it */}
      <div className="sources__rows" onKeyDown={keys}>
        {shown.length === 0 && (
          <section className="sources__empty">
            <p>{t('sources.noMatch')}</p>
            <Button
              variant="default"
              onClick={() =>
                void go({ to: '/projects/$project', params: { project }, search: search.group ? { group: search.group } : {} })
              }
            >
              {t('sources.showAll')}
            </Button>
          </section>
        )}
        {shown.length > 0 && (isNarrow ? <SourceList {...rows} /> : <SourceTable {...rows} />)}
      </div>
      {mayChange && <BatchBar project={project} chosen={chosenNotes} onChoose={(some) => choose(project, some)} />}
    </>
  )
}

const none: [] = []

/** The notes with the names of what they refer to. A source stays the same object while nothing of it changes. */
function useSources(project: string, all: readonly Note[]): Source[] {
  const places = useQuery(sites(project)).data
  const people = useQuery(participants(project)).data
  const team = useQuery(everybody(project)).data
  const coded = useQuery(progress(project)).data
  const before = useRef(new Map<string, Source>())
  return useMemo(() => {
    const paths = sitePaths(places ?? [])
    const pseudonyms = new Map(people?.map((p) => [p.id as string, p.pseudonym]))
    const names = new Map(team?.map((m) => [m.userId as string, m.name]))
    const sources = all.map((note): Source => {
      const source = {
        note,
        site: paths.get(note.siteId) ?? '',
        participants: note.participantIds.flatMap((id) => pseudonyms.get(id) ?? []),
        observer: names.get(note.observerId) ?? '',
        progress: coded?.get(note.id),
      }
      const old = before.current.get(note.id)
      return old && isSame(old, source) ? old : source
    })
    before.current = new Map(sources.map((source) => [source.note.id, source]))
    return sources
  }, [all, places, people, team, coded])
}

const isSame = (a: Source, b: Source): boolean =>
  a.note === b.note &&
  a.site === b.site &&
  a.observer === b.observer &&
  a.participants.join('\n') === b.participants.join('\n') &&
  a.progress?.codings === b.progress?.codings &&
  a.progress?.codedBlocks === b.progress?.codedBlocks &&
  a.progress?.blocks === b.progress?.blocks

/** Which notes are chosen, and the ways to choose: one, all from the last one on, all that are shown. */
function useChoice(project: string, shown: readonly string[]) {
  const chosen = useChosen(project)
  const now = useRef({ chosen, shown, last: '' })
  now.current = { ...now.current, chosen, shown }
  const toggle = useCallback(
    (note: string, range: boolean) => {
      const { chosen, shown, last } = now.current
      const next = new Set(chosen)
      const [from, to] = [shown.indexOf(last), shown.indexOf(note)]
      const wanted = !chosen.has(note)
      const touched = range && from >= 0 && to >= 0 ? shown.slice(Math.min(from, to), Math.max(from, to) + 1) : [note]
      for (const one of touched) {
        if (wanted) next.add(one)
        else next.delete(one)
      }
      now.current.last = note
      choose(project, next)
    },
    [project],
  )
  const chooseAll = useCallback((yes: boolean) => choose(project, new Set(yes ? now.current.shown : [])), [project])
  return { chosen, toggle, chooseAll }
}
