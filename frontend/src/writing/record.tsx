import { Autocomplete, Checkbox, Select, Textarea, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { noteKinds } from '../note/kinds'
import { useProject } from '../shell/project'
import { type Fields, isMeeting } from '../state/draft'
import { AttributeFields } from './attributes'
import { People } from './people'
import { Place } from './place'

const languages = ['da', 'en', 'sv', 'nb', 'de']

type Props = {
  note: Fields
  /** Whether it may still be kept to oneself. */
  mayHide: boolean
  fault: string | undefined
  onChange: Change
}

/** Writes fields anew, whatever they have become meanwhile. */
export type Change = (change: (before: Fields) => Partial<Fields>) => void

/** What is said of a note beside its words. */
export function Record({ note, mayHide, fault, onChange }: Props) {
  const { t, i18n } = useTranslation()
  const { id, project } = useProject()
  const set = (change: Partial<Fields>) => onChange(() => change)
  const names = new Intl.DisplayNames([i18n.language], { type: 'language' })
  const known = note.language && !languages.includes(note.language) ? [...languages, note.language] : languages
  const phases = project?.phases ?? []
  return (
    <div className="record">
      <input
        className="record__title"
        aria-label={t('write.title')}
        aria-invalid={fault !== undefined}
        aria-describedby={fault ? 'title-fault' : undefined}
        placeholder={t('write.title')}
        lang={note.language || undefined}
        maxLength={200}
        value={note.title}
        onChange={(event) => set({ title: event.target.value })}
      />
      {fault && (
        <p className="record__fault" id="title-fault">
          {fault}
        </p>
      )}
      <div className="record__fields">
        <Select
          label={t('write.kind')}
          data={noteKinds.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
          value={note.kind}
          allowDeselect={false}
          onChange={(kind) => kind && set({ kind: kind as Fields['kind'] })}
        />
        <Place project={id} value={note.siteId} onChange={onChange} />
        <fieldset className="record__when">
          <legend>{t('write.when')}</legend>
          <TextInput
            type="date"
            aria-label={t('write.date')}
            value={note.observedOn}
            onChange={(event) => set({ observedOn: event.target.value })}
          />
          <TextInput
            type="time"
            aria-label={t('write.from')}
            value={note.startsAt}
            onChange={(event) => set({ startsAt: event.target.value })}
          />
          <TextInput
            type="time"
            aria-label={t('write.to')}
            value={note.endsAt}
            error={note.startsAt !== '' && note.endsAt !== '' && note.endsAt < note.startsAt && t('write.reversed')}
            onChange={(event) => set({ endsAt: event.target.value })}
          />
        </fieldset>
        <People project={id} site={note.siteId} value={note.participantIds} onChange={onChange} />
        {isMeeting(note.kind) && (
          <>
            <Textarea
              label={t('write.purpose')}
              autosize
              maxLength={20_000}
              lang={note.language || undefined}
              value={note.meeting.purpose}
              onChange={(event) => set({ meeting: { ...note.meeting, purpose: event.target.value } })}
            />
            <Textarea
              label={t('write.agenda')}
              description={t('write.agendaHint')}
              autosize
              minRows={2}
              lang={note.language || undefined}
              value={note.meeting.agenda.join('\n')}
              onChange={(event) =>
                set({ meeting: { ...note.meeting, agenda: event.target.value === '' ? [] : event.target.value.split('\n') } })
              }
            />
          </>
        )}
        <Select
          label={t('write.language')}
          placeholder={t('write.unknown')}
          data={known.map((language) => ({ value: language, label: names.of(language) ?? language }))}
          value={note.language || null}
          clearable
          clearButtonProps={{ 'aria-label': t('write.clear') }}
          onChange={(language) => set({ language: language ?? '' })}
        />
        {(phases.length > 0 || note.phase !== '') && (
          <Autocomplete
            label={t('write.phase')}
            data={phases}
            maxLength={200}
            value={note.phase}
            onChange={(phase) => set({ phase })}
          />
        )}
        <AttributeFields all={project?.attributes ?? []} values={note.attributes ?? {}} onChange={onChange} />
        {mayHide && (
          <Checkbox
            className="record__wide"
            label={t('write.hidden')}
            description={t('write.hiddenHint')}
            checked={note.draft}
            onChange={(event) => set({ draft: event.target.checked })}
          />
        )}
      </div>
    </div>
  )
}
