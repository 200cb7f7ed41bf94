import { Button, Textarea } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { addRemark, changeRemark, deleteRemark, type Remark } from '../state/board'
import { plain } from '../text/light'
import { pressed } from '../ui/keys'
import { useSentence } from '../ui/problem'
import { say } from '../ui/toast'
import type { RemarkDraft } from './remark-draft'
import { useSignature } from './signature'
import { useMoment } from './words'

type Place = { exercise: string; submission: string; prompt: string }

/** What was said of an answer and of words in it, in the order of the answer. */
export function RemarkList({
  place,
  remarks,
  mayWrite,
  onChange,
}: {
  place: Place
  remarks: readonly Remark[]
  mayWrite: boolean
  /** Begins to change a remark. */
  onChange: (remark: Remark) => void
}) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const moment = useMoment()
  const called = useSignature()
  const list = useRef<HTMLUListElement>(null)
  const { exercise, submission } = place

  async function remove(remark: Remark) {
    try {
      await deleteRemark(exercise, submission, remark.id)
    } catch (error) {
      return say(sentence(error))
    }
    list.current?.closest('section')?.querySelector<HTMLElement>('.answer__remark')?.focus()
    const { promptId, start, end, quote, text } = remark
    say(t('remark.deleted'), () => {
      addRemark(exercise, submission, { promptId, text, ...(end > 0 && { start, end, quote }) }).catch((error) =>
        say(sentence(error)),
      )
    })
  }

  if (remarks.length === 0) return null
  return (
    <ul className="remarks" aria-label={t('remark.all')} ref={list}>
      {[...remarks]
        .sort((a, b) => a.start - b.start || a.at.localeCompare(b.at))
        .map((remark) => (
          <li key={remark.id} className="remark">
            {remark.quote && <q className="remark__quote">{plain(remark.quote)}</q>}
            {remark.quote && remark.end === 0 && <p className="xs muted">{t('remark.moved')}</p>}
            <p className="remark__text">{remark.text}</p>
            <p className="row xs muted num">
              <span className="grow">
                {remark.by ? t('signature.remark', { name: called(remark.by), at: moment(remark.at) }) : moment(remark.at)}
              </span>
              {mayWrite && (
                <>
                  <button type="button" className="quiet" onClick={() => onChange(remark)}>
                    {t('remark.change')}
                  </button>
                  <button type="button" className="quiet" onClick={() => void remove(remark)}>
                    {t('remark.delete')}
                  </button>
                </>
              )}
            </p>
          </li>
        ))}
    </ul>
  )
}

type FormProps = {
  place: Place
  draft: RemarkDraft
  onType: (draft: RemarkDraft) => void
  onClose: () => void
  onCancel: () => void
}

/** Where a remark is written. Ctrl-Enter sends it, Esc closes it. */
export function RemarkForm({ place: { exercise, submission, prompt }, draft, onType, onClose, onCancel }: FormProps) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const field = useRef<HTMLTextAreaElement>(null)
  const form = useRef<HTMLDivElement>(null)
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<string>()
  const { text, span, id } = draft
  const isEmpty = text.trim() === ''
  useEffect(() => {
    field.current?.focus()
    form.current?.scrollIntoView({ block: 'nearest' }) // with its buttons, above what is said of the whole
  }, [])

  async function send() {
    if (isEmpty || busy) return
    setBusy(true)
    setFault(undefined)
    try {
      if (id) await changeRemark(exercise, submission, id, text.trim())
      else await addRemark(exercise, submission, { promptId: prompt, text: text.trim(), ...span })
      onClose()
    } catch (error) {
      setFault(sentence(error))
      setBusy(false)
    }
  }

  return (
    <div className="remark remark--new" ref={form}>
      {span && <q className="remark__quote">{plain(span.quote)}</q>}
      <Textarea
        ref={field}
        label={t(span ? 'remark.onWords' : 'remark.onAnswer')}
        autosize
        minRows={2}
        maxRows={10}
        maxLength={5000}
        value={text}
        error={fault}
        onChange={({ currentTarget }) => onType({ ...draft, text: currentTarget.value })}
        onKeyDown={(event) => {
          const key = pressed(event.nativeEvent)
          if (key === 'Mod Enter') void send()
          else if (key === 'Escape') onCancel()
          else return
          event.preventDefault()
          event.stopPropagation()
        }}
      />
      <div className="row">
        <Button size="compact-sm" disabled={isEmpty} loading={busy} onClick={() => void send()}>
          {t('remark.save')}
        </Button>
        <Button size="compact-sm" variant="subtle" onClick={onCancel}>
          {t('remark.cancel')}
        </Button>
      </div>
    </div>
  )
}
