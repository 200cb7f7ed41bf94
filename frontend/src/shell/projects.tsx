import { Button } from '@mantine/core'
import { useQueries, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { courses } from '../state/courses'
import { type Project, projects } from '../state/queries'
import { activity, makeDemo } from '../state/settings'
import { ClassDoors, Classes } from '../teaching/home'
import { Icon } from '../ui/icons'
import { Lines, Problem, useSentence } from '../ui/problem'
import { Bar } from './bar'
import { DeletedProjects } from './deleted-projects'
import { NewProject } from './new-project'
import { ProjectCard } from './project-card'
import './home.css'

/** The courses and projects somebody is in, the projects newest change first; the demo, and a form that makes another. */
export function Projects() {
  const { t } = useTranslation()
  const list = useQuery(projects())
  // They are shown once it is known when each was changed last, so that none moves afterwards.
  const last = useQueries({
    queries: list.data?.map((p) => activity(p.id)) ?? [],
    combine: (all) => (all.some((a) => a.isPending) ? undefined : all.map((a) => a.data?.last?.at ?? '')),
  })
  const classes = useQuery(courses())
  const isReady = last !== undefined && !classes.isPending
  const sorted = last ? newestFirst(list.data ?? [], last) : []
  const active = sorted.filter((p) => !p.archivedAt)
  const archived = sorted.filter((p) => p.archivedAt)
  const attends = isReady && list.data?.length === 0 && (classes.data?.length ?? 0) > 0 // a student, as a rule
  const hasDemo = sorted.some((p) => p.demo && p.role === 'owner')
  return (
    <>
      <Bar />
      <main className="home" id="text" tabIndex={-1}>
        <div className="home__top">
          <h1>{t(attends ? 'classes.title' : 'projects.title')}</h1>
          {list.data && active.length > 0 && <p className="muted">{t('home.lead', { count: active.length })}</p>}
        </div>
        <div className="home__lists">
          {attends && <Classes all={classes.data ?? []} alone />}
          <section className="home__list" aria-label={t('projects.title')}>
            {(list.isPending || (list.data && !isReady)) && <Lines count={9} />}
            {list.error && <Problem error={list.error} again={() => void list.refetch()} />}
            {list.data?.length === 0 && isReady && !attends && <p className="muted">{t('home.none')}</p>}
            {isReady && active.map((p) => <ProjectCard key={p.id} project={p} />)}
            {list.data && isReady && !hasDemo && <Demo first={list.data.length === 0} />}
            {isReady && archived.length > 0 && <Archived projects={archived} />}
            <DeletedProjects />
          </section>
          {isReady && !attends && <Classes all={classes.data ?? []} />}
        </div>
        <div className="home__lists">
          {attends && <ClassDoors />}
          <NewProject />
          {!attends && <ClassDoors />}
        </div>
      </main>
    </>
  )
}

function newestFirst(all: readonly Project[], last: readonly string[]): Project[] {
  return all
    .map((project, i) => ({ project, at: last[i] || project.updatedAt }))
    .toSorted((a, b) => b.at.localeCompare(a.at))
    .map(({ project }) => project)
}

/** The demo project, one click away. */
function Demo({ first }: { first: boolean }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const go = useNavigate()
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<string>()

  async function open() {
    setBusy(true)
    setFault(undefined)
    try {
      const made = await makeDemo()
      await go({ to: '/projects/$project', params: { project: made.id } })
    } catch (error) {
      setFault(sentence(error))
      setBusy(false)
    }
  }

  return (
    <section className="card demo" aria-labelledby="demo">
      <Icon name="flask" />
      <div>
        <h2 id="demo">{t('home.demo')}</h2>
        <p className="sm">{t('home.demoAbout')}</p>
        {fault && (
          <p className="problem" role="alert">
            {fault}
          </p>
        )}
        <div className="row">
          <Button variant={first ? 'filled' : 'default'} size="sm" disabled={busy} onClick={open}>
            {t('home.demoOpen')}
          </Button>
          <span className="sm muted" role="status">
            {busy && t('home.demoBusy')}
          </span>
        </div>
      </div>
    </section>
  )
}

function Archived({ projects: all }: { projects: readonly Project[] }) {
  const { t } = useTranslation()
  return (
    <details className="home__more">
      <summary>
        <Icon name="chevron" />
        {t('home.archived', { count: all.length })}
      </summary>
      <div className="home__list">
        {all.map((p) => (
          <ProjectCard key={p.id} project={p} />
        ))}
      </div>
    </details>
  )
}
