import { useTranslation } from 'react-i18next'
import { useProject } from '../shell/project'
import { useSitePlaces } from '../sources/filters'
import { OneOrNew } from './one-or-new'

/** A site of the project, or a new one by whoever may make it. */
export function SiteField({ value, onChange }: { value: string; onChange: (site: string) => void }) {
  const { t } = useTranslation()
  const { id, role } = useProject()
  return (
    <OneOrNew
      label={t('column.site')}
      placeholder={t('rail.noSite')}
      options={useSitePlaces(id)}
      mayMake={role === 'owner' || role === 'editor'}
      value={value}
      onChange={onChange}
    />
  )
}
