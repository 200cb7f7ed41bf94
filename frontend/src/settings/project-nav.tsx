import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useProject } from '../shell/project'

/** The pages about a project itself. */
export function ProjectNav() {
  const { t } = useTranslation()
  const params = { project: useProject().id }
  return (
    <>
      <Link to="/projects/$project/settings" params={params}>
        {t('bar.projectSettings')}
      </Link>
      <Link to="/projects/$project/members" params={params}>
        {t('bar.members')}
      </Link>
      <Link to="/projects/$project/bin" params={params}>
        {t('bar.bin')}
      </Link>
    </>
  )
}
