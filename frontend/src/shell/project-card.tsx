import { ActionIcon, Menu } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { locale } from '../i18n'
import type { Project } from '../state/queries'
import { activity, copyProject, deleteProject, restoreProject } from '../state/settings'
import { Icon } from '../ui/icons'
import { useSentence } from '../ui/problem'
import { Who } from '../ui/tile'
import { say } from '../ui/toast'
import { ago } from './ago'
import { Spark } from './spark'
import { useUser } from './user'

/** A project among the others: what it is, how much is in it, and what has been going on. */
export function ProjectCard({ project }: { project: Project }) {
  const { t, i18n } = useTranslation()
  const user = useUser()
  const about = useQuery(activity(project.id)).data
  const number = new Intl.NumberFormat(locale(i18n.language))
  return (
    <article className="card proj">
      <div className="proj__text">
        <h2>
          <Link className="proj__link" to="/projects/$project" params={{ project: project.id }}>
            {project.name}
          </Link>
        </h2>
        {project.description && <p className="sm muted proj__about">{project.description}</p>}
        <ul className="proj__facts">
          {about && (
            <>
              <li>{t('home.notes', { count: about.notes, n: number.format(about.notes) })}</li>
              <li>{t('home.codings', { count: about.codings, n: number.format(about.codings) })}</li>
              <li>{t('home.members', { count: about.members, n: number.format(about.members) })}</li>
            </>
          )}
          <li>{t(`role.${project.role}`)}</li>
        </ul>
        {about && (
          <ul className="people" aria-label={t('home.people')}>
            {about.people
              .filter((p) => p.name !== '')
              .map((p) => (
                <li key={p.userId} title={p.name}>
                  <span aria-hidden="true">
                    <Who name={p.name} me={p.userId === user.id} small />
                  </span>
                  <span className="sr">{p.name}</span>
                </li>
              ))}
            {about.members > about.people.length && (
              <li className="xs muted num">{t('home.more', { n: about.members - about.people.length })}</li>
            )}
          </ul>
        )}
      </div>
      <div className="proj__side">
        {about && <Spark weeks={about.weeks} />}
        {about?.last && (
          <p className="xs muted">{[about.last.name, ago(about.last.at, locale(i18n.language))].filter(Boolean).join(', ')}</p>
        )}
      </div>
      <ProjectActions project={project} />
    </article>
  )
}

function ProjectActions({ project }: { project: Project }) {
  const { t } = useTranslation()
  const go = useNavigate()
  const sentence = useSentence()
  const params = { project: project.id }
  const failed = (error: unknown) => say(sentence(error))

  async function copy() {
    const made = await copyProject(project.id, t('home.copyName', { name: project.name }).slice(0, 200))
    say(t('home.copied', { name: made.name }))
    await go({ to: '/projects/$project/settings', params: { project: made.id } })
  }

  async function remove() {
    await deleteProject(project.id)
    say(t('home.deleted', { name: project.name }), () => void restoreProject(project.id).catch(failed))
  }

  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon className="proj__menu" variant="subtle" size="lg" aria-label={t('home.actions', { name: project.name })}>
          <Icon name="dots" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item renderRoot={(props) => <Link to="/projects/$project/settings" params={params} {...props} />}>
          {t('bar.projectSettings')}
        </Menu.Item>
        <Menu.Item renderRoot={(props) => <Link to="/projects/$project/members" params={params} {...props} />}>
          {t('bar.members')}
        </Menu.Item>
        <Menu.Item onClick={() => void copy().catch(failed)}>{t('home.copy')}</Menu.Item>
        {project.role === 'owner' && (
          <>
            <Menu.Divider />
            <Menu.Item onClick={() => void remove().catch(failed)}>{t('home.delete')}</Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
