import { Button, Menu, Modal, MultiSelect, Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { withWords } from '../i18n'
import { noteKinds } from '../note/kinds'
import { useProject } from '../shell/project'
import type { Note } from '../state/queries'
import { participants } from '../state/queries'
import { type Batch, changeNotes, deleteNotes, type NoteChange, restoreNotes, takeBack } from '../state/sources'
import { Icon } from '../ui/icons'
import { lazily } from '../ui/lazily'
import { useSentence } from '../ui/problem'
import { say } from '../ui/toast'
import { useSitePlaces } from './filters'
import { sayUndoable } from './undo'
import './ask.css'

const ReleaseDialog = lazily(() => withWords('teaching', import('../teaching/release-dialog')), 'ReleaseDialog')

/** What many notes can be given at once. */
const fields = ['site', 'kind', 'date', 'addPeople', 'removePeople', 'language', 'phase'] as const
type Field = (typeof fields)[number]

type Props = { project: string; chosen: readonly Note[]; onChoose: (notes: ReadonlySet<string>) => void }

/** What can be done with the sources that are chosen. */
export function BatchBar({ project, chosen, onChoose }: Props) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const { role } = useProject()
  const [field, setField] = useState<Field>()
  const [isReleasing, setReleasing] = useState(false)
  const [through, setThrough] = useState<{ done: number; all: number }>()
  const [refused, setRefused] = useState<Batch['refused']>([])
  const drafts = chosen.filter((note) => note.draft)

  async function run(count: number, deed: (told: (done: number) => void) => Promise<Batch>): Promise<Batch> {
    setRefused([])
    setThrough({ done: 0, all: count })
    try {
      const batch = await deed((done) => setThrough({ done, all: count }))
      setRefused(batch.refused)
      return batch
    } finally {
      setThrough(undefined)
    }
  }

  async function change(of: (note: Note) => NoteChange | undefined, canUndo: boolean) {
    const changes = chosen.flatMap((note) => {
      const changed = of(note)
      return changed ? [{ note, change: changed }] : []
    })
    const first = changes[0]
    if (!first) return say(t('batch.nothing'))
    const batch = await run(changes.length, (told) => changeNotes(project, changes, told))
    if (batch.done.length === 0) return
    const undo = async () => {
      const back = await run(batch.done.length, (told) => takeBack(project, batch, first.change, told))
      say(t('batch.undone', { count: back.done.length }))
    }
    const words = t('batch.changed', { count: batch.done.length })
    if (canUndo) sayUndoable(words, () => void undo())
    else say(words)
  }

  async function remove() {
    const batch = await run(chosen.length, (told) => deleteNotes(project, chosen, told))
    onChoose(new Set(batch.refused.map(({ note }) => note.id)))
    if (batch.done.length === 0) return
    const undo = async () => {
      const gone = batch.done.map(({ before }) => before)
      const back = await run(gone.length, (told) => restoreNotes(project, gone, told))
      onChoose(new Set(back.done.map(({ before }) => before.id)))
      say(t('batch.restored', { count: back.done.length }))
    }
    sayUndoable(t('batch.deleted', { count: batch.done.length }), () => void undo())
  }

  const isBusy = through !== undefined
  if (chosen.length === 0 && !isBusy && refused.length === 0) return null
  return (
    <section className="batch" aria-label={t('batch.title')}>
      <div className="batch__row">
        <strong className="num">{t('batch.chosen', { count: chosen.length })}</strong>
        <Menu position="top-start" disabled={isBusy}>
          <Menu.Target>
            <Button size="xs" variant="default" disabled={isBusy}>
              {t('batch.change')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {fields.map((f) => (
              <Menu.Item key={f} onClick={() => setField(f)}>
                {t(`field.${f}`)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
        {drafts.length > 0 && (
          <Button
            size="xs"
            variant="default"
            disabled={isBusy}
            title={t('batch.shareHint')}
            onClick={() => void change((note) => (note.draft ? { draft: false } : undefined), false)}
          >
            {t('batch.share', { count: drafts.length })}
          </Button>
        )}
        {role === 'owner' && drafts.length === 0 && (
          <Button size="xs" variant="default" disabled={isBusy} onClick={() => setReleasing(true)}>
            {t('batch.release')}
          </Button>
        )}
        <Button size="xs" variant="default" disabled={isBusy} leftSection={<Icon name="bin" />} onClick={() => void remove()}>
          {t('batch.delete')}
        </Button>
        <span className="grow" />
        {through && (
          <span className="batch__through sm">
            <progress max={through.all} value={through.done} aria-label={t('batch.title')} />
            <span className="num">{t('batch.through', through)}</span>
          </span>
        )}
        <Button size="xs" variant="subtle" disabled={isBusy} onClick={() => onChoose(new Set())}>
          {t('batch.none')}
        </Button>
      </div>
      {refused.length > 0 && (
        <div className="problem batch__refused" role="alert">
          <p>{t('batch.refused', { count: refused.length })}</p>
          <ul>
            {refused.slice(0, 5).map(({ note, error }) => (
              <li key={note.id}>
                <b>{note.title}</b>: {sentence(error)}
              </li>
            ))}
            {refused.length > 5 && <li>{t('batch.others', { count: refused.length - 5 })}</li>}
          </ul>
          <Button size="xs" variant="default" onClick={() => setRefused([])}>
            {t('batch.read')}
          </Button>
        </div>
      )}
      {isReleasing && <ReleaseDialog project={project} notes={chosen} onClose={() => setReleasing(false)} />}
      <FieldDialog
        key={field}
        project={project}
        field={field}
        chosen={chosen}
        onClose={() => setField(undefined)}
        onChange={(of) => void change(of, true)}
      />
    </section>
  )
}

type DialogProps = {
  project: string
  field: Field | undefined
  chosen: readonly Note[]
  onClose: () => void
  onChange: (of: (note: Note) => NoteChange | undefined) => void
}

/** Asks for the one value that all chosen notes get. */
function FieldDialog({ project, field, chosen, onClose, onChange }: DialogProps) {
  const { t } = useTranslation()
  const places = useSitePlaces(project)
  const people = useQuery(participants(project)).data ?? []
  const [value, setValue] = useState('')
  const [several, setSeveral] = useState<string[]>([])

  function submit(event: FormEvent) {
    event.preventDefault()
    onClose()
    onChange((note) => {
      switch (field) {
        case 'site':
          return { siteId: value }
        case 'kind': {
          const kind = noteKinds.find((k) => k === value)
          return kind && { kind }
        }
        case 'date':
          return { observedOn: value }
        case 'language':
          return { language: value.trim() }
        case 'phase':
          return { phase: value.trim() }
        case 'addPeople':
          return { participantIds: [...new Set([...note.participantIds, ...several])] }
        case 'removePeople':
          return { participantIds: note.participantIds.filter((id) => !several.includes(id)) }
        case undefined:
          return undefined
      }
    })
  }

  const label = field && t(`field.${field}`)
  const named = new Set(chosen.flatMap((note) => note.participantIds))
  const isPeople = field === 'addPeople' || field === 'removePeople'
  return (
    <Modal.Root opened={field !== undefined} onClose={onClose}>
      <Modal.Overlay />
      <Modal.Content aria-label={label}>
        <Modal.Body>
          <form className="ask" onSubmit={submit}>
            <h2>{label}</h2>
            <p className="muted">{t('batch.for', { count: chosen.length })}</p>
            {field === 'site' && (
              <Select
                data-autofocus
                label={t('column.site')}
                placeholder={t('rail.noSite')}
                data={places}
                value={value || null}
                onChange={(v) => setValue(v ?? '')}
                clearable
                searchable
              />
            )}
            {field === 'kind' && (
              <Select
                data-autofocus
                required
                label={t('column.kind')}
                data={noteKinds.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
                value={value || null}
                onChange={(v) => setValue(v ?? '')}
              />
            )}
            {field === 'date' && (
              <TextInput
                data-autofocus
                type="date"
                label={t('column.date')}
                value={value}
                onChange={(event) => setValue(event.target.value)}
              />
            )}
            {(field === 'language' || field === 'phase') && (
              <TextInput
                data-autofocus
                label={label}
                description={field === 'language' ? t('batch.languageHint') : undefined}
                maxLength={200}
                value={value}
                onChange={(event) => setValue(event.target.value)}
              />
            )}
            {isPeople && (
              <MultiSelect
                data-autofocus
                label={t('column.participants')}
                data={people
                  .filter((p) => field === 'addPeople' || named.has(p.id))
                  .map((p) => ({ value: p.id, label: p.pseudonym }))}
                value={several}
                onChange={setSeveral}
                searchable
                nothingFoundMessage={t('sources.nothing')}
              />
            )}
            <div className="ask__end">
              <Button variant="default" onClick={onClose}>
                {t('sources.cancel')}
              </Button>
              <Button type="submit" disabled={(isPeople && several.length === 0) || (field === 'kind' && value === '')}>
                {t('batch.apply')}
              </Button>
            </div>
          </form>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}
