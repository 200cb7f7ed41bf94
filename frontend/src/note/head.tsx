import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { locale } from '../i18n'
import { useProject } from '../shell/project'
import { noteMemos } from '../state/memos'
import { everybody, type Note, type NoteText } from '../state/queries'
import { Icon } from '../ui/icons'
import { lazily } from '../ui/lazily'
import { Who } from '../ui/tile'
import type { Lane } from './cards'
import { useDesk } from './desk'
import { Waits } from './waits'

const Memos = lazily(() => import('./memos'), 'Memos')
const Files = lazily(() => import('./files'), 'Files')

type Props = {
  project: string
  note: Note | undefined
  words: NoteText
  codings: number | undefined
  lanes: readonly Lane[]
  me: string
  mayWrite: boolean
  mayChange: boolean
  writing: boolean
  onWrite: (on: boolean) => void
}

/** What stands over the words of a note: what it is, who wrote it, and the memos on the whole of it. */
export function Head({ project, note, words, codings, lanes, me, mayWrite, mayChange, writing, onWrite }: Props) {
  const { t, i18n } = useTranslation()
  const people = useQuery(everybody(project)).data
  const { layer } = useDesk()
  const memos = useQuery(noteMemos(project, words.noteId, layer)).data?.filter((m) => m.target.noun === 'note').length ?? 0
  const day = new Intl.DateTimeFormat(locale(i18n.language), { dateStyle: 'full', timeZone: 'UTC' })
  const amount = useMemo(() => words.text.split(/\s+/).filter(Boolean).length, [words.text])
  const observer = people?.find((m) => m.userId === note?.observerId)?.name
  const facts = note && [
    note.observedOn &&
      day.format(new Date(note.observedOn)) +
        [note.startsAt && ` ${note.startsAt}`, note.endsAt && `–${note.endsAt}`].filter(Boolean).join(''),
    observer && t('note.observer', { name: observer }),
    note.participantIds.length > 0 && t('note.participants', { count: note.participantIds.length }),
    t('note.words', { count: amount }),
  ]
  const [opened, setOpened] = useState(false)
  const values = useAttributes(note)
  const meeting = note?.meeting && (note.meeting.purpose || note.meeting.agenda.length > 0) ? note.meeting : undefined
  return (
    <header className="page__head">
      <h1 lang={note?.language || undefined}>{note?.title}</h1>
      {facts && <p className="sm muted">{facts.filter(Boolean).join(' · ')}</p>}
      {values.length > 0 && (
        <dl className="page__values sm">
          {values.map(({ id, name, value }) => (
            <div key={id}>
              <dt className="muted">{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      <div className="row page__more sm">
        {note?.toTranscribe && <Waits project={project} note={note} mayChange={mayChange} />}
        {meeting && (
          <details>
            <summary>
              {t('note.agenda')} <Icon name="chevron" />
            </summary>
            <p>{meeting.purpose}</p>
            <ol>
              {meeting.agenda.map((item) => (
                <li key={item}>{item}</li>
              ))}
            </ol>
          </details>
        )}
        {(memos > 0 || mayWrite) && (
          <details
            open={writing || undefined}
            onToggle={({ currentTarget: { open } }) => {
              setOpened(open)
              if (memos === 0 && open !== writing) onWrite(open)
            }}
          >
            <summary>
              {memos > 0 ? t('memo.onNote', { count: memos }) : t('memo.addToNote')} <Icon name="chevron" />
            </summary>
            {(opened || writing) && (
              <Memos
                project={project}
                note={words.noteId}
                target={{ noun: 'note', id: words.noteId }}
                writing={writing}
                mayWrite={mayWrite}
                onWrite={onWrite}
              />
            )}
            {memos > 0 && !writing && mayWrite && (
              <button type="button" className="quiet" onClick={() => onWrite(true)}>
                {t('memo.add')}
              </button>
            )}
          </details>
        )}
      </div>
      {note && (note.file || note.attachments) && <Files project={project} note={note} mayChange={mayChange} />}
      <div className="page__lanes" aria-hidden="true">
        {lanes.map(({ coder, name }) => (
          <Who key={coder} name={name} me={coder === me} small />
        ))}
      </div>
      {codings !== undefined && <p className="page__count xs muted">{t('note.codings', { count: codings })}</p>}
    </header>
  )
}

/** What a note tells of itself beside its fields, in words and in the order of the project's attributes. */
function useAttributes(note: Note | undefined): { id: string; name: string; value: string }[] {
  const { t, i18n } = useTranslation()
  const { project } = useProject()
  return (project?.attributes ?? []).flatMap(({ id, name, type }) => {
    const value = note?.attributes[id]
    if (value === undefined) return []
    if (typeof value === 'boolean') return [{ id, name, value: t(value ? 'attribute.yes' : 'attribute.no') }]
    if (typeof value === 'number') return [{ id, name, value: new Intl.NumberFormat(locale(i18n.language)).format(value) }]
    const day = new Intl.DateTimeFormat(locale(i18n.language), { dateStyle: 'medium', timeZone: 'UTC' })
    return [{ id, name, value: type === 'date' ? day.format(new Date(value)) : value }]
  })
}
