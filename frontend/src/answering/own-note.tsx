import { Button, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { v7 as newID } from 'uuid'
import { Refused } from '../api/client'
import { filesOf, holdsFiles, pick } from '../sources/files'
import { bringOwnNote, writeOwnNote } from '../state/answering'
import { Icon } from '../ui/icons'
import { useSentence } from '../ui/problem'
import { pasteLight } from './paste'
import { useKeptForm } from './use-kept-form'

/** How a file that was brought fares. */
type Brought = {
  key: number
  name: string
  state: 'sending' | 'made' | 'known' | 'refused'
  part: number
  note?: string
  why?: unknown
}

type Props = { exercise: string; onDone: (note: string | undefined) => void }

/** A note of one's own, written here or brought as a file. One's group and the instructors alone see it. */
export function OwnNote({ exercise, onDone }: Props) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const [fields, write, forget] = useKeptForm(`note ${exercise}`, { id: newID(), title: '', text: '' })
  const [fault, setFault] = useState<unknown>()
  const [checked, setChecked] = useState(false)
  const [busy, setBusy] = useState(false)
  const faulty = { title: fields.title.trim() === '', text: fields.text.trim() === '' }

  async function save(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    setChecked(true)
    const first = (['title', 'text'] as const).find((name) => faulty[name])
    if (first) return event.currentTarget.querySelector<HTMLElement>(`[name=${first}]`)?.focus()
    setBusy(true)
    setFault(undefined)
    try {
      const made = await writeOwnNote(exercise, fields.id, fields.title.trim(), fields.text)
      forget()
      onDone(made.id)
    } catch (refused) {
      setFault(refused)
      setBusy(false)
    }
  }

  return (
    <div className="ans__form">
      <p className="sm muted">{t('answer.own.who')}</p>
      <Files exercise={exercise} onOpen={onDone} />
      <form onSubmit={(event) => void save(event)} noValidate>
        <h3>{t('answer.own.write')}</h3>
        <TextInput
          name="title"
          label={t('answer.own.title')}
          maxLength={200}
          value={fields.title}
          error={checked && faulty.title && t('answer.own.titleNeeded')}
          onChange={(event) => write({ title: event.currentTarget.value })}
        />
        <Textarea
          name="text"
          label={t('answer.own.text')}
          autosize
          minRows={8}
          value={fields.text}
          error={checked && faulty.text && t('answer.own.textNeeded')}
          onChange={(event) => write({ text: event.currentTarget.value })}
          onPaste={(event) => pasteLight(event, (text) => write({ text }))}
        />
        {fault !== undefined && (
          <p className="bad sm" role="alert">
            {sentence(fault)}
          </p>
        )}
        <Button type="submit" size="sm" loading={busy}>
          {t('answer.own.save')}
        </Button>
      </form>
    </div>
  )
}

function Files({ exercise, onOpen }: { exercise: string; onOpen: (note: string) => void }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const [files, setFiles] = useState<Brought[]>([])
  const [over, setOver] = useState(false)
  const count = useRef(0)

  const tell = (key: number, news: Partial<Brought>) =>
    setFiles((all) => all.map((file) => (file.key === key ? { ...file, ...news } : file)))

  async function bring(found: { file: File }[]) {
    const added = found.map(({ file }) => ({ file, key: count.current++ }))
    setFiles((all) => [...all, ...added.map(({ file, key }) => ({ key, name: file.name, state: 'sending' as const, part: 0 }))])
    // One after the other: what is refused says so at its own line.
    for (const { file, key } of added) {
      try {
        const { status, noteId, problem } = await bringOwnNote(exercise, file, (bytes) => tell(key, { part: bytes / file.size }))
        if (status === 'refused') tell(key, { state: 'refused', why: problem })
        else tell(key, { state: status === 'duplicate' ? 'known' : 'made', ...(noteId && { note: noteId }) })
      } catch (error) {
        tell(key, { state: 'refused', why: error instanceof Refused ? error : undefined })
      }
    }
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: files may be dropped here; the button does the same
    <div
      className={`ans__drop${over ? ' is-over' : ''}`}
      onDragOver={(event) => {
        if (!holdsFiles(event.dataTransfer)) return
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        void filesOf(event.dataTransfer).then(bring)
      }}
    >
      <h3>{t('answer.own.bring')}</h3>
      <p className="sm muted">{t('answer.own.formats')}</p>
      <Button
        size="xs"
        variant="default"
        leftSection={<Icon name="upload" />}
        onClick={() => pick(false, (found) => void bring(found))}
      >
        {t('answer.own.choose')}
      </Button>
      {files.length > 0 && (
        <ul className="ans__files" aria-label={t('answer.own.files')}>
          {files.map((file) => (
            <li key={file.key} className={file.state === 'refused' ? 'bad' : undefined}>
              <b>{file.name}</b>
              <span className="sm" role="status">
                {file.state === 'refused'
                  ? sentence(file.why)
                  : t(`answer.own.state.${file.state}`, { part: Math.round(100 * Math.min(1, file.part)) })}
              </span>
              {file.note && (
                <button type="button" className="quiet" onClick={() => onOpen(file.note ?? '')}>
                  {t('answer.own.read')}
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
