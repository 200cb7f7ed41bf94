import { Button, Textarea, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Departed } from '../people/departed'
import { useProject } from '../shell/project'
import type { Project } from '../state/queries'
import { changeProject, copyProject, deleteProject, restoreProject } from '../state/settings'
import { Lines, useSentence } from '../ui/problem'
import { say } from '../ui/toast'
import { Attributes } from './attributes'
import { fields, Page, Section, useSending } from './form'
import { Leave } from './leave'
import { ProjectNav } from './project-nav'

/** What a project is called, whether work in it goes on, and its end. */
export function ProjectSettings() {
  const { t } = useTranslation()
  const { project } = useProject()
  return (
    <Page title={t('bar.projectSettings')} nav={<ProjectNav />}>
      {project ? <Parts project={project} /> : <Lines />}
    </Page>
  )
}

function Parts({ project }: { project: Project }) {
  const owner = project.role === 'owner'
  return (
    <>
      <About key={project.id} project={project} owner={owner} />
      <Attributes key={`attributes ${project.id}`} project={project} />
      {owner && <Departed project={project} />}
      <Copy project={project} />
      {owner && <Archive project={project} />}
      <Leave />
      {owner && <Delete project={project} />}
    </>
  )
}

function About({ project, owner }: { project: Project; owner: boolean }) {
  const { t } = useTranslation()
  const { busy, fault, send } = useSending()
  const [opened, setOpened] = useState(project)
  const moved = project.name !== opened.name || project.description !== opened.description

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const changed = fields(event.currentTarget, 'name', 'description')
    await send(async () => {
      setOpened(await changeProject(moved ? opened : project, changed))
      say(t('settings.projectSaved'))
    })
  }

  return (
    <Section id="about" title={t('settings.about')} lead={owner ? undefined : t('settings.ownersOnly')}>
      {moved && !busy && (
        <div className="row">
          <p role="status">{t('settings.moved')}</p>
          <Button variant="default" size="xs" onClick={() => setOpened(project)}>
            {t('settings.showNew')}
          </Button>
        </div>
      )}
      <form key={`${opened.name} ${opened.description}`} onSubmit={submit}>
        <TextInput name="name" label={t('projects.name')} defaultValue={opened.name} required maxLength={200} readOnly={!owner} />
        <Textarea
          name="description"
          label={t('settings.description')}
          defaultValue={opened.description}
          autosize
          minRows={3}
          maxLength={20_000}
          readOnly={!owner}
        />
        {fault}
        {owner && (
          <Button type="submit" variant="default" loading={busy}>
            {t('settings.save')}
          </Button>
        )}
      </form>
    </Section>
  )
}

function Copy({ project }: { project: Project }) {
  const { t } = useTranslation()
  const go = useNavigate()
  const { busy, fault, send } = useSending()

  const copy = () =>
    send(async () => {
      const made = await copyProject(project.id, t('home.copyName', { name: project.name }).slice(0, 200))
      say(t('home.copied', { name: made.name }))
      await go({ to: '/projects/$project/settings', params: { project: made.id } })
    })

  return (
    <Section id="copy" title={t('home.copy')} lead={t('settings.copyLead')}>
      {fault}
      <Button variant="default" loading={busy} onClick={() => void copy()}>
        {t('settings.makeCopy')}
      </Button>
    </Section>
  )
}

function Archive({ project }: { project: Project }) {
  const { t } = useTranslation()
  const { busy, fault, send } = useSending()
  const archived = Boolean(project.archivedAt)

  const turn = () =>
    send(async () => {
      await changeProject(project, { archived: !archived })
      say(t(archived ? 'settings.opened' : 'settings.archived'))
    })

  return (
    <Section id="archive" title={t('settings.archive')} lead={t('settings.archiveLead')}>
      {fault}
      <Button variant="default" loading={busy} onClick={() => void turn()}>
        {t(archived ? 'settings.open' : 'settings.archiveNow')}
      </Button>
    </Section>
  )
}

function Delete({ project }: { project: Project }) {
  const { t } = useTranslation()
  const go = useNavigate()
  const sentence = useSentence()
  const { busy, fault, send } = useSending()

  const remove = () =>
    send(async () => {
      await deleteProject(project.id)
      await go({ to: '/' })
      say(t('home.deleted', { name: project.name }), () => {
        restoreProject(project.id).catch((error) => say(sentence(error)))
      })
    })

  return (
    <Section id="delete" title={t('home.delete')} lead={t('settings.deleteProjectLead')}>
      {fault}
      <Button variant="default" loading={busy} onClick={() => void remove()}>
        {t('home.delete')}
      </Button>
    </Section>
  )
}
