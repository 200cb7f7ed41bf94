import { Autocomplete, Checkbox, Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { noteKinds } from '../note/kinds'
import { useProject } from '../shell/project'
import { wishForAll } from '../state/import-choices'
import type { Common } from '../state/wishes'
import { Languages } from './languages'
import { type Plan, siteNames } from './plan'
import { SiteField } from './site-field'

/** What is said of all files at once; a file's own word goes over it. */
export function CommonFields({ plans, common }: { plans: readonly Plan[]; common: Common }) {
  const { t } = useTranslation()
  const { id, project } = useProject()
  const set = (change: Partial<Common>) => wishForAll(id, change)
  const phases = project?.phases ?? []
  const names = [...new Set(siteNames(plans.map((p) => p.upload)).values())]
  return (
    <fieldset className="import__common">
      <legend>{t('import.forAll')}</legend>
      <Select
        label={t('column.kind')}
        placeholder={t('import.asSuggested')}
        data={noteKinds.map((k) => ({ value: k, label: t(`kind.${k}`) }))}
        value={common.kind ?? null}
        onChange={(kind) => set({ kind: noteKinds.find((k) => k === kind) })}
        clearable
      />
      <SiteField value={common.site ?? ''} onChange={(site) => set({ site })} />
      <Languages
        value={common.language ?? ''}
        placeholder={t('import.asSuggested')}
        onChange={(language) => set({ language: language || undefined })}
      />
      {phases.length > 0 && (
        <Autocomplete
          label={t('field.phase')}
          data={phases}
          maxLength={200}
          value={common.phase ?? ''}
          onChange={(phase) => set({ phase: phase || undefined })}
        />
      )}
      {names.length > 0 && (
        <Checkbox
          className="import__wide"
          label={t('import.folders')}
          description={names.slice(0, 4).join(', ') + (names.length > 4 ? ' …' : '')}
          checked={common.folders ?? false}
          onChange={(event) => set({ folders: event.currentTarget.checked })}
        />
      )}
      <Drafts common={common} />
    </fieldset>
  )
}

/** Whether the notes are for oneself at first. */
export function Drafts({ common }: { common: Common }) {
  const { t } = useTranslation()
  const { id } = useProject()
  return (
    <Checkbox
      className="import__wide"
      label={t('uploads.draft')}
      description={t('uploads.draftHint')}
      checked={common.draft ?? false}
      onChange={(event) => wishForAll(id, { draft: event.currentTarget.checked })}
    />
  )
}
