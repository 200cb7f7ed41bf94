import { ActionIcon, Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useProject } from '../shell/project'
import { type Note, notes, participants, type Site, sites } from '../state/queries'
import { deleteParticipant, deleteSite, type Participant } from '../state/sources'
import { Icon } from '../ui/icons'
import { Lines, Problem, useSentence } from '../ui/problem'
import { say } from '../ui/toast'
import { ParticipantDialog, SiteDialog } from './people-forms'
import { sitePaths } from './query'
import { sayUndoable, useUndoKey } from './undo'
import './sources.css'

/** The sites of a project and the people observed there, with how many notes each has. */
export function People() {
  const { t } = useTranslation()
  const { id, role } = useProject()
  const list = useQuery(notes(id)).data
  const mayChange = role === 'owner' || role === 'editor'
  useUndoKey()
  return (
    <main className="view observed" id="text" tabIndex={-1}>
      <p>
        <Link className="sources__link" to="/projects/$project" params={{ project: id }}>
          {t('people.back')}
        </Link>
      </p>
      <h1>{t('people.title')}</h1>
      <div className="observed__parts">
        <SiteList project={id} notes={list} mayChange={mayChange} />
        <ParticipantList project={id} notes={list} mayAdd={mayChange || role === 'coder'} mayChange={mayChange} />
      </div>
    </main>
  )
}

/** Says what was put into the bin, and takes it out again where that is wanted. */
function useRemoval() {
  const { t } = useTranslation()
  const sentence = useSentence()
  return (name: string, remove: Promise<() => Promise<unknown>>) => {
    remove.then(
      (restore) =>
        sayUndoable(t('people.deleted', { name }), () => {
          restore().then(
            () => say(t('people.restored', { name })),
            (error) => say(sentence(error)),
          )
        }),
      (error) => say(sentence(error)),
    )
  }
}

type ListProps = { project: string; notes: readonly Note[] | undefined; mayChange: boolean }

function SiteList({ project, notes: all, mayChange }: ListProps) {
  const { t } = useTranslation()
  const list = useQuery(sites(project))
  const removed = useRemoval()
  const [edited, setEdited] = useState<Site | 'new'>()
  const rows = useMemo(() => inTree(list.data ?? []), [list.data])
  const counts = useMemo(() => count(all, (note) => [note.siteId]), [all])
  return (
    <section aria-labelledby="sites">
      <header className="observed__head">
        <h2 id="sites" className="grow">
          {t('people.sites')}
        </h2>
        {mayChange && (
          <Button size="xs" variant="default" leftSection={<Icon name="plus" />} onClick={() => setEdited('new')}>
            {t('people.addSite')}
          </Button>
        )}
      </header>
      {list.isPending && <Lines count={4} />}
      {list.error && !list.data && <Problem error={list.error} again={() => void list.refetch()} />}
      {list.data?.length === 0 && <p className="muted">{t('people.noSites')}</p>}
      <ul className="observed__list">
        {rows.map(({ site, depth }) => (
          <li key={site.id} style={{ paddingInlineStart: `${12 + Math.min(depth, 6) * 20}px` }}>
            <Icon name="pin" />
            <div className="grow">
              <b>{site.name}</b> {site.kind && <span className="muted">{site.kind}</span>}
              {site.description && <p className="sm muted">{site.description}</p>}
            </div>
            <Link className="num sm" to="/projects/$project" params={{ project }} search={{ site: site.id }}>
              {t('rail.count', { count: counts.get(site.id) ?? 0 })}
            </Link>
            {mayChange && (
              <Actions
                name={site.name}
                onEdit={() => setEdited(site)}
                onDelete={() => removed(site.name, deleteSite(project, site))}
              />
            )}
          </li>
        ))}
      </ul>
      {edited && (
        <SiteDialog
          project={project}
          site={edited === 'new' ? undefined : edited}
          all={list.data ?? []}
          onClose={() => setEdited(undefined)}
        />
      )}
    </section>
  )
}

function ParticipantList({ project, notes: all, mayAdd, mayChange }: ListProps & { mayAdd: boolean }) {
  const { t, i18n } = useTranslation()
  const list = useQuery(participants(project))
  const places = useQuery(sites(project)).data
  const removed = useRemoval()
  const [edited, setEdited] = useState<Participant | 'new'>()
  const paths = useMemo(() => sitePaths(places ?? []), [places])
  const counts = useMemo(() => count(all, (note) => note.participantIds), [all])
  const rows = useMemo(() => {
    const collator = new Intl.Collator(i18n.language)
    return (list.data ?? []).toSorted((a, b) => collator.compare(a.pseudonym, b.pseudonym))
  }, [list.data, i18n.language])
  return (
    <section aria-labelledby="participants">
      <header className="observed__head">
        <h2 id="participants" className="grow">
          {t('people.participants')}
        </h2>
        {mayAdd && (
          <Button size="xs" variant="default" leftSection={<Icon name="plus" />} onClick={() => setEdited('new')}>
            {t('people.addParticipant')}
          </Button>
        )}
      </header>
      {list.isPending && <Lines count={4} />}
      {list.error && !list.data && <Problem error={list.error} again={() => void list.refetch()} />}
      {list.data?.length === 0 && <p className="muted">{t('people.noParticipants')}</p>}
      <ul className="observed__list">
        {rows.map((p) => (
          <li key={p.id}>
            <Icon name="people" />
            <div className="grow">
              <b>{p.pseudonym}</b> <span className="muted">{[p.actorRole, paths.get(p.siteId)].filter(Boolean).join(', ')}</span>
              {p.description && <p className="sm muted">{p.description}</p>}
            </div>
            <Link className="num sm" to="/projects/$project" params={{ project }} search={{ participant: p.id }}>
              {t('rail.count', { count: counts.get(p.id) ?? 0 })}
            </Link>
            {mayChange && (
              <Actions
                name={p.pseudonym}
                onEdit={() => setEdited(p)}
                onDelete={() => removed(p.pseudonym, deleteParticipant(project, p))}
              />
            )}
          </li>
        ))}
      </ul>
      {edited && (
        <ParticipantDialog
          project={project}
          participant={edited === 'new' ? undefined : edited}
          onClose={() => setEdited(undefined)}
        />
      )}
    </section>
  )
}

function Actions({ name, onEdit, onDelete }: { name: string; onEdit: () => void; onDelete: () => void }) {
  const { t } = useTranslation()
  return (
    <span className="observed__actions">
      <ActionIcon variant="subtle" aria-label={t('people.edit', { name })} onClick={onEdit}>
        <Icon name="fieldNote" />
      </ActionIcon>
      <ActionIcon variant="subtle" aria-label={t('people.delete', { name })} onClick={onDelete}>
        <Icon name="bin" />
      </ActionIcon>
    </span>
  )
}

/** How many notes name each thing. */
function count(all: readonly Note[] | undefined, of: (note: Note) => readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const note of all ?? []) for (const id of of(note)) counts.set(id, (counts.get(id) ?? 0) + 1)
  return counts
}

/** The sites with each before those within it. */
function inTree(all: readonly Site[]): { site: Site; depth: number }[] {
  const known = new Set(all.map((s) => s.id as string))
  const rows: { site: Site; depth: number }[] = []
  const add = (parent: string, depth: number) => {
    const here = all.filter((s) => (known.has(s.parentId) ? s.parentId : '') === parent)
    for (const site of here.toSorted((a, b) => a.name.localeCompare(b.name))) {
      rows.push({ site, depth })
      add(site.id, depth + 1)
    }
  }
  add('', 0)
  return rows
}
