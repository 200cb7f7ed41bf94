import { Button, Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { walk } from '../rounds/choose-notes'
import { useDay } from '../rounds/dates'
import { sitePaths } from '../sources/query'
import type { Exercise, ExerciseNote } from '../state/exercises'
import { notes, projects, sites } from '../state/queries'
import { Lines, Problem } from '../ui/problem'
import { say } from '../ui/toast'
import { lookedFor, originals } from './releasable'
import { useReleasing } from './use-releasing'
import '../rounds/set-up.css'

const shown = 200 // rows at most; more are found by words

type Props = { exercise: Exercise; released: readonly ExerciseNote[]; onClose: () => void }

/** Chooses notes of a project that one owns, and releases them to an exercise. */
export function Releasing({ exercise, released, onClose }: Props) {
  const { t } = useTranslation()
  const list = useQuery(projects())
  const owned = list.data?.filter(({ role, archivedAt }) => role === 'owner' && !archivedAt) ?? []
  const [chosen, setChosen] = useState<string>()
  const project = owned.find(({ id }) => id === chosen) ?? owned[0]
  return (
    <section className="card releasing" aria-label={t('release.begin')}>
      {list.isPending && <Lines count={4} />}
      {list.error && !list.data && <Problem error={list.error} again={() => void list.refetch()} />}
      {list.data && owned.length === 0 && <p>{t('release.noProject')}</p>}
      {project && (
        <>
          <Select
            data-autofocus
            label={t('release.project')}
            data={owned.map(({ id, name }) => ({ value: id, label: name }))}
            value={project.id}
            allowDeselect={false}
            onChange={(id) => id && setChosen(id)}
          />
          <NotesOf key={project.id} project={project.id} exercise={exercise} released={released} />
        </>
      )}
      <div className="row">
        <span className="grow" />
        <Button variant="subtle" onClick={onClose}>
          {t('release.done')}
        </Button>
      </div>
    </section>
  )
}

type NotesProps = { project: string; exercise: Exercise; released: readonly ExerciseNote[] }

function NotesOf({ project, exercise, released }: NotesProps) {
  const { t } = useTranslation()
  const day = useDay()
  const list = useQuery(notes(project))
  const places = useQuery(sites(project)).data
  const paths = useMemo(() => sitePaths(places ?? []), [places])
  const [words, setWords] = useState('')
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const { release, isBusy, told } = useReleasing(project)
  const there = originals(released)
  const found = lookedFor(list.data ?? [], paths, words)

  function put(id: string, isIn: boolean) {
    const next = new Set(chosen)
    if (isIn) next.add(id)
    else next.delete(id)
    setChosen(next)
  }

  async function submit(event: FormEvent) {
    event.preventDefault()
    const count = await release(exercise.id, list.data?.filter(({ id }) => chosen.has(id)) ?? [])
    setChosen(new Set())
    if (count > 0) say(t('release.released', { count }))
  }

  return (
    <form className="releasing__form" onSubmit={(event) => void submit(event)}>
      <TextInput
        type="search"
        label={t('release.search')}
        value={words}
        maxLength={200}
        onChange={(event) => setWords(event.target.value)}
      />
      {list.isPending && <Lines count={6} />}
      {list.error && !list.data && <Problem error={list.error} again={() => void list.refetch()} />}
      {list.data && found.length === 0 && <p className="muted">{t('release.nothing')}</p>}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the boxes in it */}
      <div className="choose" onKeyDown={walk}>
        {found.slice(0, shown).map((note) => {
          const isThere = there.has(note.id)
          const facts = [t(`kind.${note.kind}`), note.observedOn && day(note.observedOn), paths.get(note.siteId)]
          return (
            <label key={note.id}>
              <input
                type="checkbox"
                checked={isThere || chosen.has(note.id)}
                disabled={isThere || isBusy}
                onChange={(event) => put(note.id, event.currentTarget.checked)}
              />
              <span className="grow">
                <span lang={note.language || undefined}>{note.title}</span>
                <small className="muted releasing__facts">
                  {[isThere && t('release.isThere'), ...facts].filter(Boolean).join(' · ')}
                </small>
              </span>
            </label>
          )
        })}
      </div>
      {found.length > shown && <p className="sm muted">{t('release.more', { count: found.length - shown })}</p>}
      <p className="sm muted">{t('release.shares')}</p>
      {told}
      <Button type="submit" loading={isBusy} disabled={chosen.size === 0}>
        {t('release.these', { count: chosen.size })}
      </Button>
    </form>
  )
}
