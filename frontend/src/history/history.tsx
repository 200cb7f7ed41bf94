import { Button, Select, TextInput } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { locale } from '../i18n'
import { useProject } from '../shell/project'
import { useUser } from '../shell/user'
import { type Asked, events } from '../state/history'
import { useChanges } from '../state/live'
import { codes, everybody, notes, sites } from '../state/queries'
import { Lines, Problem } from '../ui/problem'
import { asked, kinds } from './address'
import { Entry } from './entry'
import { byDay, linesOf } from './lines'
import { type Names, NamesContext } from './names'
import './history.css'

/** How many lines are shown at first, and more each time. */
const step = 40

/** What changed in a project, by whom and when, with a way back. */
export function History() {
  const { t } = useTranslation()
  const { id, role } = useProject()
  const user = useUser()
  const filter = asked(useSearch({ strict: false }))
  const names = useNames(id)
  const list = useInfiniteQuery(events(id, filter))
  const lines = useMemo(() => linesOf(list.data?.pages.flatMap((p) => p.items) ?? []), [list.data])
  const page = useRef<HTMLDivElement>(null)
  const [wanted, setWanted] = useState(step)
  const [news, setNews] = useState(0)
  useChanges(
    useCallback(
      (change) => {
        if (change.events.some((e) => e.actorId !== user.id)) setNews((n) => n + 1)
      },
      [user.id],
    ),
  )
  // A page may hold a single large batch, so pages are fetched until there are lines enough; the last
  // line may go on in the next page.
  const lacking = list.hasNextPage && lines.length <= wanted
  const { fetchNextPage, isFetchingNextPage, isFetchNextPageError } = list
  useEffect(() => {
    if (lacking && !isFetchingNextPage && !isFetchNextPageError) void fetchNextPage()
  }, [lacking, isFetchingNextPage, isFetchNextPageError, fetchNextPage])
  const shown = list.hasNextPage || lines.length > wanted ? lines.slice(0, wanted) : lines

  return (
    <main className="view" id="text" tabIndex={-1}>
      <div className="past" ref={page}>
        <h1>{t('history.title')}</h1>
        <Filter project={id} filter={filter} />
        <NamesContext value={names}>
          {news > 0 && (
            <Button
              variant="default"
              onClick={() => {
                setNews(0)
                document.getElementById('text')?.focus() // the button goes
                void list.refetch()
              }}
            >
              {t('history.news', { count: news })}
            </Button>
          )}
          {list.isPending && <Lines count={12} />}
          {list.data && lines.length === 0 && !list.hasNextPage && <Empty filtered={Object.keys(filter).length > 0} />}
          {byDay(shown).map(([day, all]) => (
            <section key={day}>
              <h2 className="past__day">
                <Day of={day} />
              </h2>
              <ol>
                {all.map((line) => (
                  <Entry key={line.key} project={id} line={line} role={role} me={user.id} />
                ))}
              </ol>
            </section>
          ))}
          {list.error && <Problem error={list.error} again={() => void (list.data ? list.fetchNextPage() : list.refetch())} />}
          {list.data && lacking && !list.error && <Lines count={3} />}
          {shown.length < lines.length && (
            <Button
              variant="default"
              className="past__more"
              onClick={() => {
                page.current?.querySelectorAll<HTMLElement>('.past__line')[shown.length - 1]?.focus({ preventScroll: true })
                setWanted((n) => n + step)
              }}
            >
              {t('history.more')}
            </Button>
          )}
        </NamesContext>
      </div>
    </main>
  )
}

/** What the ids in events are called now. */
function useNames(project: string): Names {
  const people = useQuery(everybody(project)).data
  const book = useQuery(codes(project)).data
  const texts = useQuery(notes(project)).data
  const places = useQuery(sites(project)).data
  return useMemo(
    () => ({
      project,
      people: people && new Map(people.map((m) => [m.userId as string, m.name])),
      codes: book && new Map(book.map((c) => [c.id as string, c])),
      notes: texts && new Map(texts.map((n) => [n.id as string, n])),
      sites: places && new Map(places.map((s) => [s.id as string, s.name])),
    }),
    [project, people, book, texts, places],
  )
}

function Day({ of }: { of: string }) {
  const { i18n } = useTranslation()
  const days = Math.round((new Date(of).getTime() - new Date(new Date().toDateString()).getTime()) / 86_400_000)
  const spoken = locale(i18n.language)
  if (days === 0 || days === -1) return new Intl.RelativeTimeFormat(spoken, { numeric: 'auto' }).format(days, 'day')
  return new Intl.DateTimeFormat(spoken, { dateStyle: 'full' }).format(new Date(of))
}

function Empty({ filtered }: { filtered: boolean }) {
  const { t } = useTranslation()
  const { id } = useProject()
  const navigate = useNavigate()
  if (!filtered) return <p className="muted">{t('history.empty')}</p>
  return (
    <div className="past__empty">
      <p className="muted">{t('history.noMatch')}</p>
      <Button
        variant="default"
        onClick={() => {
          document.getElementById('text')?.focus() // the button goes
          void navigate({ to: '/projects/$project/history', params: { project: id }, search: {} })
        }}
      >
        {t('history.clear')}
      </Button>
    </div>
  )
}

function Filter({ project, filter }: { project: string; filter: Asked }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const people = useQuery(everybody(project)).data
  const texts = useQuery(notes(project)).data
  const set = (change: { [K in keyof Asked]: string | null }) => {
    const next = Object.fromEntries(Object.entries({ ...filter, ...change }).filter(([, value]) => value))
    void navigate({ to: '/projects/$project/history', params: { project }, search: asked(next), replace: true })
  }
  return (
    <search className="past__filter" aria-label={t('history.filter')}>
      <Select
        label={t('history.person')}
        placeholder={t('history.anybody')}
        data={people?.map((m) => ({ value: m.userId, label: m.name })) ?? []}
        value={filter.person ?? null}
        onChange={(person) => set({ person })}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': t('history.clear') }}
      />
      <Select
        label={t('history.kind')}
        placeholder={t('history.anything')}
        data={kinds.map((kind) => ({ value: kind, label: t(`history.kinds.${kind}`) }))}
        value={filter.kind ?? null}
        onChange={(kind) => set({ kind })}
        clearable
        clearButtonProps={{ 'aria-label': t('history.clear') }}
      />
      <Select
        label={t('history.note')}
        placeholder={t('history.anyNote')}
        data={texts?.map((n) => ({ value: n.id, label: n.title })) ?? []}
        value={filter.note ?? null}
        onChange={(note) => set({ note })}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': t('history.clear') }}
      />
      <TextInput
        type="date"
        label={t('history.from')}
        value={filter.from ?? ''}
        max={filter.to}
        onChange={(e) => set({ from: e.target.value })}
      />
      <TextInput
        type="date"
        label={t('history.to')}
        value={filter.to ?? ''}
        min={filter.from}
        onChange={(e) => set({ to: e.target.value })}
      />
    </search>
  )
}
