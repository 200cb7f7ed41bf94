import { Button } from '@mantine/core'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Refused } from '../api/client'
import { useProject } from '../shell/project'
import type { Fork } from '../state/device'
import { emptyFields, isEmpty } from '../state/draft'
import { newDraft } from '../state/drafts'
import { retry, useWaiting, withdraw } from '../state/queue'
import { recordOf } from '../state/sending'
import { saveNote } from '../state/writing'
import { Icon } from '../ui/icons'
import { Lines, Problem, useSentence } from '../ui/problem'
import { say } from '../ui/toast'
import { Band } from './band'
import { Record } from './record'
import { Status } from './status'
import { TextField } from './text-field'
import { useDraft } from './use-draft'
import './writing.css'

/** A note while it is written. */
export function Write() {
  const { t } = useTranslation()
  const sentence = useSentence()
  const { id: project, project: study } = useProject()
  const { draft: id } = useParams({ strict: false }) as { draft: string }
  const navigate = useNavigate()
  const [forked, setForked] = useState<Fork>()
  const [titleFault, setTitleFault] = useState<string>()
  const [fault, setFault] = useState<unknown>()
  const [saving, setSaving] = useState(false)
  const page = useRef<HTMLElement>(null)
  const language = useRef('')
  language.current = study?.language ?? ''

  const begin = () => newDraft(project, id, { note: { ...emptyFields, observedOn: today(), language: language.current } })
  const { draft, error, place, gone, again, write, settle } = useDraft(project, id, begin, (to, reason) => {
    setForked(reason)
    void navigate({ to: '/projects/$project/write/$draft', params: { project, draft: to }, replace: true })
  })
  const waiting = useWaiting().find((w) => w.path === '/notes' && recordOf(w) === id)

  useEffect(() => {
    if (draft?.noteId)
      void navigate({
        to: '/projects/$project/notes/$note/edit',
        params: { project, note: draft.noteId },
        search: { draft: draft.id },
        replace: true,
      })
  }, [draft?.noteId, draft?.id, project, navigate])

  async function save() {
    const now = await settle()
    if (!now || saving) return
    const missing = now.note.title.trim() === ''
    setTitleFault(missing ? t('write.titleNeeded') : undefined)
    if (missing) return page.current?.querySelector<HTMLInputElement>('.record__title')?.focus()
    setSaving(true)
    setFault(undefined)
    try {
      const note = await saveNote(now)
      say(note ? t('write.saved') : t('write.kept'))
      if (note) await navigate({ to: '/projects/$project/notes/$note', params: { project, note: note.id } })
      else await navigate({ to: '/projects/$project/write', params: { project } })
    } catch (refused) {
      setFault(refused)
    } finally {
      setSaving(false)
    }
  }

  if (error) {
    return (
      <main className="view" id="text">
        <div className="sheet">
          <Problem error={error} again={() => void again()} />
        </div>
      </main>
    )
  }
  const taken = fault instanceof Refused && fault.problem?.code === 'id_taken'
  return (
    <main className="view" id="text" tabIndex={-1} ref={page}>
      <div className="write__bar">
        <Link className="write__back" to="/projects/$project/write" params={{ project }} aria-label={t('write.back')}>
          <Icon name="back" />
        </Link>
        <h1 className="write__kind clip">{draft && t(`kind.${draft.note.kind}`)}</h1>
        {draft && <Status place={place} text={draft.text} />}
        <Button
          size="xs"
          onClick={() => void save()}
          loading={saving}
          disabled={!draft || isEmpty(draft) || waiting !== undefined}
        >
          {t('write.save')}
        </Button>
      </div>
      <div className="sheet">
        {!draft && <Lines count={8} />}
        {forked && (
          <Band words={t(`write.forked.${forked}`)} link={{ to: '/projects/$project/write', words: t('write.toDrafts') }} />
        )}
        {gone && !waiting && (
          <Band words={t('write.gone')} link={{ to: '/projects/$project/write', words: t('write.toDrafts') }} />
        )}
        {place === 'nowhere' && <Band bad words={t('write.nowhere')} />}
        {draft?.refused !== undefined && <Band bad words={`${sentence(draft.refused)} ${t('write.onlyHere')}`} />}
        {waiting && (
          <Band bad={waiting.refused !== undefined} words={waiting.refused ? sentence(waiting.refused) : t('write.waiting')}>
            {waiting.refused && (
              <Button size="xs" variant="default" onClick={() => void retry(waiting)}>
                {t('app.retry')}
              </Button>
            )}
            <Button size="xs" variant="default" onClick={() => void withdraw(id)}>
              {t('write.goOn')}
            </Button>
          </Band>
        )}
        {fault !== undefined && (
          <Band bad words={taken ? t('write.taken') : sentence(fault)}>
            {taken && (
              <Button size="xs" variant="default" onClick={() => write(() => ({ noteId: id, noteVersion: 1 }))}>
                {t('write.asEdit')}
              </Button>
            )}
          </Band>
        )}
        {draft && (
          <fieldset className="write" disabled={waiting !== undefined}>
            <legend className="sr">{t('write.note')}</legend>
            <Record
              note={draft.note}
              mayHide
              fault={titleFault}
              onChange={(change) => write((before) => ({ note: { ...before.note, ...change(before.note) } }))}
            />
            <TextField
              value={draft.text}
              language={draft.note.language}
              format={draft.format}
              readOnly={waiting !== undefined}
              onChange={(text) => write(() => ({ text }))}
            />
          </fieldset>
        )}
      </div>
    </main>
  )
}

/** The date here, as an input takes it. */
function today(): string {
  const now = new Date()
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, '0')).join('-')
}
