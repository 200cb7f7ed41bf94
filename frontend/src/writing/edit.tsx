import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Refused } from '../api/client'
import { useProject } from '../shell/project'
import { useUser } from '../shell/user'
import type { Fork } from '../state/device'
import { changesOf, type Draft, fieldsOf } from '../state/draft'
import { newDraft } from '../state/drafts'
import {
  endEdit,
  note as noteOf,
  type Preview,
  preview as previewOf,
  reload,
  type Source,
  saveRecord,
  saveText,
  source as sourceOf,
} from '../state/edits'
import type { Note } from '../state/queries'
import { restoreDraft } from '../state/writing'
import { Icon } from '../ui/icons'
import { Lines, Problem, useSentence } from '../ui/problem'
import { say } from '../ui/toast'
import { Band } from './band'
import { Record } from './record'
import { Reviewed, Reviewing } from './review'
import { Status } from './status'
import { TextField } from './text-field'
import { Theirs } from './theirs'
import { useDraft } from './use-draft'
import './writing.css'

/** A note that stands, while it is edited. */
export function Edit() {
  const { t } = useTranslation()
  const { id: project, role } = useProject()
  const user = useUser()
  const { note: id } = useParams({ strict: false }) as { note: string }
  const record = useQuery(noteOf(project, id))
  const words = useQuery(sourceOf(project, id))
  const base = useRef<Base>(undefined)
  const fault = record.error ?? words.error
  const behind = record.data && words.data && words.data.textVersion < record.data.textVersion
  const { refetch } = words
  useEffect(() => {
    if (behind) void refetch()
  }, [behind, refetch])
  if (fault instanceof Refused && fault.problem) {
    return (
      <main className="view" id="text">
        <div className="sheet">
          <Problem error={fault} />
        </div>
      </main>
    )
  }
  const may = role === 'owner' || role === 'editor' || (role === 'coder' && record.data?.authorId === user.id)
  if (record.data && role && !may) {
    return (
      <main className="view" id="text">
        <p className="sheet muted">{t('write.notYours')}</p>
      </main>
    )
  }
  // Text and record are of one moment, or what is edited would never have stood.
  if (record.data && words.data && record.data.textVersion === words.data.textVersion)
    base.current = { note: record.data, source: words.data }
  if (base.current?.note.id !== id) base.current = undefined
  if (!base.current && !fault) {
    return (
      <main className="view" id="text">
        <div className="sheet">
          <Lines count={10} />
        </div>
      </main>
    )
  }
  return <Editing key={id} project={project} id={id} base={base.current} fault={fault} />
}

type Base = { note: Note; source: Source }
type Props = { project: string; id: string; base: Base | undefined; fault: unknown }

function Editing({ project, id, base, fault: unread }: Props) {
  const { note, source } = base ?? {}
  const { t } = useTranslation()
  const sentence = useSentence()
  const navigate = useNavigate()
  const { draft: second } = useSearch({ strict: false })
  const [forked, setForked] = useState<Fork>()
  const [fault, setFault] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const [shown, setShown] = useState<Preview>()
  const [left, setLeft] = useState<number>()
  const page = useRef<HTMLElement>(null)

  const begin = () => note && source && fresh(project, note, source)
  const { draft, error, place, gone, again, write, settle, adopt } = useDraft(project, second ?? id, begin, (to, reason) => {
    setForked(reason)
    void navigate({
      to: '/projects/$project/notes/$note/edit',
      params: { project, note: id },
      search: { draft: to },
      replace: true,
    })
  })
  const isStale = draft !== undefined && note !== undefined && draft.noteVersion !== note.version
  const isUntouched = draft?.rev === 0 && draft.version === 0

  useEffect(() => {
    // What nobody has written in follows the note.
    if (isStale && isUntouched && note && source) adopt(fresh(project, note, source))
  }, [isStale, isUntouched, note, source, adopt, project])

  const recordChanged = note && draft && changesOf(note, draft.note) !== undefined
  const textChanged = source && draft && source.text !== draft.text

  async function attempt(run: () => Promise<void>) {
    if (busy) return
    setBusy(true)
    setFault(undefined)
    try {
      await run()
    } catch (refused) {
      setShown(undefined)
      if (refused instanceof Refused && refused.problem?.status === 412) await reload(project, id)
      else setFault(refused)
    } finally {
      setBusy(false)
    }
  }

  const look = () =>
    attempt(async () => {
      const now = await settle()
      if (!now || !note) return
      if (!textChanged) return finish(now, note, 0)
      const told = await previewOf(now)
      const { kept, moved, review } = told.codings
      if (kept + moved + review === 0) await save(now, note, 0)
      else setShown(told)
    })

  const confirm = () =>
    attempt(async () => {
      const now = await settle()
      if (now && note) await save(now, note, shown?.codings.review ?? 0)
    })

  async function save(now: Draft, before: Note, review: number) {
    const saved = await saveRecord(now, before)
    write(() => ({ noteVersion: saved.version }))
    await settle()
    await saveText({ ...now, noteVersion: saved.version })
    await end(now, review)
  }

  async function finish(now: Draft, before: Note, review: number) {
    await saveRecord(now, before)
    await end(now, review)
  }

  async function end(now: Draft, review: number) {
    await endEdit(now)
    setShown(undefined)
    if (review > 0) return setLeft(review)
    say(t('write.saved'))
    await navigate({ to: '/projects/$project/notes/$note', params: { project, note: id } })
  }

  async function giveUp() {
    if (!draft) return
    const dropped = await endEdit(draft)
    await navigate({ to: '/projects/$project/notes/$note', params: { project, note: id } })
    say(t('write.gaveUp'), dropped && (() => void restoreDraft(dropped).then((own) => navigate(toEdit(project, id, own.id)))))
  }

  const reading = error ?? (draft ? undefined : unread)
  return (
    <main className="view" id="text" tabIndex={-1} ref={page}>
      <div className="write__bar">
        <Link
          className="write__back"
          to="/projects/$project/notes/$note"
          params={{ project, note: id }}
          aria-label={t('write.toNote')}
        >
          <Icon name="back" />
        </Link>
        <h1 className="write__kind clip">{t('write.editing')}</h1>
        {draft && <Status place={place} text={draft.text} />}
        {draft && !isUntouched && (
          <Button size="xs" variant="subtle" onClick={() => void giveUp()}>
            {t('write.giveUp')}
          </Button>
        )}
        <Button
          size="xs"
          onClick={() => void look()}
          loading={busy}
          disabled={!note || isStale || !(recordChanged || textChanged)}
        >
          {t('write.save')}
        </Button>
      </div>
      <div className="sheet">
        {reading !== undefined && <Problem error={reading} again={() => void Promise.all([again(), reload(project, id)])} />}
        {forked && (
          <Band words={t(`write.forked.${forked}`)} link={{ to: '/projects/$project/write', words: t('write.toDrafts') }} />
        )}
        {gone && left === undefined && !busy && <Band words={t('write.gone')} />}
        {place === 'nowhere' && <Band bad words={t('write.nowhere')} />}
        {draft?.refused !== undefined && <Band bad words={`${sentence(draft.refused)} ${t('write.onlyHere')}`} />}
        {fault !== undefined && <Band bad words={`${sentence(fault)} ${t('write.stillHere')}`} />}
        {isStale && !isUntouched && note && source && (
          <Theirs
            note={note}
            source={source}
            onMine={() => write(() => ({ noteVersion: note.version }))}
            onTheirs={() => void giveUp()}
          />
        )}
        {draft && (
          <div className="write">
            <Record
              note={draft.note}
              mayHide={note?.draft ?? draft.note.draft}
              fault={undefined}
              onChange={(change) => write((before) => ({ note: { ...before.note, ...change(before.note) } }))}
            />
            <TextField
              value={draft.text}
              language={draft.note.language}
              format={draft.format}
              readOnly={false}
              onChange={(text) => write(() => ({ text }))}
            />
          </div>
        )}
      </div>
      {shown && <Reviewing preview={shown} busy={busy} onSave={() => void confirm()} onBack={() => setShown(undefined)} />}
      {left !== undefined && <Reviewed count={left} note={id} />}
    </main>
  )
}

function fresh(project: string, note: Note, source: Source): Draft {
  return newDraft(project, note.id, {
    noteId: note.id,
    noteVersion: note.version,
    note: fieldsOf(note),
    format: source.format,
    text: source.text,
  })
}

const toEdit = (project: string, note: string, draft: string) =>
  ({ to: '/projects/$project/notes/$note/edit', params: { project, note }, search: { draft } }) as const
