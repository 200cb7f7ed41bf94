import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Purge } from '../settings/purge'
import type { Project } from '../state/queries'
import { deletedProjects, purgeProject, restoreProject } from '../state/settings'
import { Icon } from '../ui/icons'
import { useSentence } from '../ui/problem'
import { say } from '../ui/toast'

/** The projects that their owner put into the bin, to take out or to delete for good. */
export function DeletedProjects() {
  const { t } = useTranslation()
  const list = useQuery(deletedProjects()).data ?? []
  const [purged, setPurged] = useState<Project>()
  const sentence = useSentence()
  if (list.length === 0) return null

  async function restore(project: Project) {
    try {
      await restoreProject(project.id)
      say(t('home.restored', { name: project.name }))
    } catch (error) {
      say(sentence(error))
    }
  }

  return (
    <details className="home__more">
      <summary>
        <Icon name="chevron" />
        {t('home.bin', { count: list.length })}
      </summary>
      <ul>
        {list.map((project) => (
          <li key={project.id} className="home__gone">
            <span className="grow">{project.name}</span>
            <Button variant="default" size="xs" onClick={() => void restore(project)}>
              {t('bin.restore')}
            </Button>
            <Button variant="subtle" size="xs" onClick={() => setPurged(project)}>
              {t('bin.purge')}
            </Button>
          </li>
        ))}
      </ul>
      <Purge
        name={purged?.name}
        words={t('home.purgeWords')}
        typed
        onClose={() => setPurged(undefined)}
        onPurge={() => (purged ? purgeProject(purged.id) : Promise.resolve())}
      />
    </details>
  )
}
