import { Checkbox, Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { noteKinds } from '../note/kinds'
import { useSitePlaces } from './filters'
import { nowhere, shares } from './query'
import type { FilterProps } from './rail'

/** The fields that filter the rail. */
export function RailFields({ project, wanted, onChange }: FilterProps) {
  const { t } = useTranslation()
  const places = useSitePlaces(project)
  const any = t('sources.any')
  return (
    <div className="rail__filters">
      <Select
        label={t('column.site')}
        placeholder={any}
        data={[...places, { value: nowhere, label: t('rail.noSite') }]}
        value={wanted.site ?? null}
        onChange={(site) => onChange({ ...wanted, site: site ?? undefined })}
        clearable
        comboboxProps={{ withinPortal: false }}
      />
      <Select
        label={t('column.kind')}
        placeholder={any}
        data={noteKinds.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
        value={wanted.kind ?? null}
        onChange={(kind) => onChange({ ...wanted, kind: noteKinds.find((k) => k === kind) })}
        clearable
        comboboxProps={{ withinPortal: false }}
      />
      <Select
        label={t('column.progress')}
        placeholder={any}
        data={shares.map((share) => ({ value: share, label: t(`share.${share}`) }))}
        value={wanted.coded ?? null}
        onChange={(coded) => onChange({ ...wanted, coded: shares.find((s) => s === coded) })}
        clearable
        comboboxProps={{ withinPortal: false }}
      />
      <Checkbox
        label={t('sources.drafts')}
        checked={wanted.drafts ?? false}
        onChange={(event) => onChange({ ...wanted, drafts: event.currentTarget.checked || undefined })}
      />
    </div>
  )
}
