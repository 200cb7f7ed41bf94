import { Autocomplete, Button, Select, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { locale } from '../i18n'
import { noteKinds } from '../note/kinds'
import { useProject } from '../shell/project'
import { useChoices, wish } from '../state/import-choices'
import { made, type NoteWishes } from '../state/wishes'
import { People } from '../writing/people'
import { Drafts } from './common'
import { Languages } from './languages'
import type { Plan } from './plan'
import { SiteField } from './site-field'

/** What the note of a file is told beside its words. */
export function Fields({ plan, isOnly }: { plan: Plan; isOnly: boolean }) {
  const { t } = useTranslation()
  const { id, project } = useProject()
  const { common } = useChoices(id)
  const set = (change: NoteWishes) => wish(id, plan.upload.id, change)
  const phases = project?.phases ?? []
  return (
    <fieldset className="import__fields">
      <legend>{t('import.note')}</legend>
      <TextInput
        className="import__wide"
        label={t('column.title')}
        lang={plan.language || undefined}
        maxLength={200}
        value={plan.title}
        error={plan.title.trim() === '' && t('import.titleNeeded')}
        onChange={(event) => set({ title: event.currentTarget.value })}
      />
      <Select
        label={t('column.kind')}
        data={noteKinds.map((k) => ({ value: k, label: t(`kind.${k}`) }))}
        value={plan.kind}
        allowDeselect={false}
        onChange={(kind) => set({ kind: noteKinds.find((k) => k === kind) })}
      />
      <SiteField value={plan.site} onChange={(site) => set({ site })} />
      <Day plan={plan} onChange={(observedOn) => set({ observedOn })} />
      <Languages value={plan.language} placeholder={t('import.unknown')} onChange={(language) => set({ language })} />
      <People
        project={id}
        site={plan.site.startsWith(made) ? '' : plan.site}
        value={plan.participantIds}
        onChange={(change) => set(change({ participantIds: plan.participantIds }))}
      />
      {(phases.length > 0 || plan.phase !== '') && (
        <Autocomplete
          label={t('field.phase')}
          data={phases}
          maxLength={200}
          value={plan.phase}
          onChange={(phase) => set({ phase })}
        />
      )}
      {isOnly && <Drafts common={common} />}
    </fieldset>
  )
}

/** What the notes of a table are told where their rows say nothing else. */
export function RowFields({ plan }: { plan: Plan }) {
  const { t } = useTranslation()
  const { id } = useProject()
  const set = (change: NoteWishes) => wish(id, plan.upload.id, change)
  return (
    <fieldset className="import__fields">
      <legend>{t('importTable.rowsSay')}</legend>
      <Select
        label={t('column.kind')}
        data={noteKinds.map((k) => ({ value: k, label: t(`kind.${k}`) }))}
        value={plan.kind}
        allowDeselect={false}
        onChange={(kind) => set({ kind: noteKinds.find((k) => k === kind) })}
      />
      <SiteField value={plan.site} onChange={(site) => set({ site })} />
      <Languages value={plan.language} placeholder={t('import.unknown')} onChange={(language) => set({ language })} />
    </fieldset>
  )
}

/** When it was observed; the days that the file names are offered. */
function Day({ plan, onChange }: { plan: Plan; onChange: (day: string) => void }) {
  const { t, i18n } = useTranslation()
  const { document } = plan.upload
  const format = new Intl.DateTimeFormat(locale(i18n.language), { dateStyle: 'medium', timeZone: 'UTC' })
  const days = [document?.observedOn, document?.createdAt?.slice(0, 10), document?.changedAt?.slice(0, 10)]
  const offered = [...new Set(days)].filter((day) => day && day !== plan.observedOn) as string[]
  return (
    <div>
      <TextInput
        type="date"
        label={t('column.date')}
        value={plan.observedOn}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      {offered.length > 0 && (
        <div className="import__days">
          {offered.map((day) => (
            <Button key={day} size="compact-xs" variant="default" onClick={() => onChange(day)}>
              {format.format(new Date(day))}
            </Button>
          ))}
        </div>
      )}
    </div>
  )
}
