import { TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { locale } from '../i18n'
import { useProject } from '../shell/project'
import { type Note, notes, sites } from '../state/queries'
import { Icon } from '../ui/icons'
import { Lines, Problem } from '../ui/problem'
import { Reader } from './reader'
import './workspace.css'
import './highlights.css'

/** A project's notes in the rail, and the one that is read beside it. */
export function Workspace() {
  const { t } = useTranslation()
  const { id, role } = useProject()
  const { note } = useParams({ strict: false }) as { note?: string }
  const list = useQuery(notes(id))
  return (
    <div className={note ? 'work' : 'work work--list'}>
      <Rail project={id} current={note} />
      {note ? (
        <Reader key={note} project={id} note={note} role={role} />
      ) : (
        <main className="read" id="text" tabIndex={-1}>
          <div className="scroll">
            <div className="page__head">{list.data && list.data.length > 0 && <p className="muted">{t('note.choose')}</p>}</div>
          </div>
        </main>
      )}
    </div>
  )
}

function Rail({ project: id, current }: { project: string; current: string | undefined }) {
  const { t, i18n } = useTranslation()
  const list = useQuery(notes(id))
  const places = useQuery(sites(id))
  const [wanted, setWanted] = useState('')
  const groups = useMemo(() => {
    const names = new Map(places.data?.map((s) => [s.id as string, s.name]))
    const fold = wanted.trim().toLocaleLowerCase()
    const bySite = new Map<string, Note[]>()
    for (const note of list.data ?? []) {
      if (!note.title.toLocaleLowerCase().includes(fold)) continue
      const site = names.get(note.siteId) ?? ''
      bySite.set(site, [...(bySite.get(site) ?? []), note])
    }
    for (const group of bySite.values())
      group.sort((a, b) => a.observedOn.localeCompare(b.observedOn) || a.title.localeCompare(b.title))
    return [...bySite].sort(([a], [b]) => Number(a === '') - Number(b === '') || a.localeCompare(b))
  }, [list.data, places.data, wanted])
  const day = new Intl.DateTimeFormat(locale(i18n.language), { dateStyle: 'medium', timeZone: 'UTC' })

  return (
    <nav className="rail" aria-label={t('rail.title')}>
      <div className="rail__head">
        <div className="row">
          <h2 className="grow">{t('rail.title')}</h2>
          {list.data && <span className="muted xs num">{t('rail.count', { count: list.data.length })}</span>}
        </div>
        <TextInput
          type="search"
          size="sm"
          placeholder={t('rail.filter')}
          aria-label={t('rail.filter')}
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
        />
      </div>
      <div className="rail__list">
        {list.isPending && <Lines count={9} />}
        {list.error && <Problem error={list.error} again={() => void list.refetch()} />}
        {list.data?.length === 0 && <p className="muted">{t('rail.none')}</p>}
        {list.data && list.data.length > 0 && groups.length === 0 && <p className="muted">{t('rail.noMatch')}</p>}
        {groups.map(([site, all]) => (
          <details key={site} open>
            <summary>
              <Icon name="chevron" />
              <span className="grow clip">{site || t('rail.noSite')}</span>
              <span className="num xs muted">{all.length}</span>
            </summary>
            <ul>
              {all.map((note) => (
                <li key={note.id}>
                  <Link
                    className="src"
                    to="/projects/$project/notes/$note"
                    params={{ project: id, note: note.id }}
                    aria-current={note.id === current ? 'true' : undefined}
                  >
                    <Icon name={note.kind} />
                    <b className="clip" lang={note.language || undefined}>
                      {note.title}
                    </b>
                    <small>
                      {[note.observedOn && day.format(new Date(note.observedOn)), note.draft && t('rail.draft')]
                        .filter(Boolean)
                        .join(' · ')}
                    </small>
                  </Link>
                </li>
              ))}
            </ul>
          </details>
        ))}
      </div>
    </nav>
  )
}
