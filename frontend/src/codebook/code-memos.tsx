import { Button, Checkbox, Textarea } from '@mantine/core'
import { useQueries } from '@tanstack/react-query'
import { type FormEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { locale } from '../i18n'
import { useProject } from '../shell/project'
import { useUser } from '../shell/user'
import { changeMemo, deleteMemo, type Memo, memosOn, restoreMemo, writeMemo } from '../state/memos'
import type { Code } from '../state/queries'
import { Icon } from '../ui/icons'
import { Problem, useSentence } from '../ui/problem'
import { useDeeds } from './deeds'
import { useDraft } from './draft'

type Props = { project: string; code: Code; codes: readonly Code[]; coderName: (id: string) => string }

/** What was thought about a code, and about those that were merged into it. */
export function CodeMemos({ project, code, codes, coderName }: Props) {
  const { t, i18n } = useTranslation()
  const { tell } = useDeeds(project)
  const { role } = useProject()
  const user = useUser()
  const merged = codes.filter((c) => c.mergedInto === code.id)
  const found = useQueries({ queries: [code, ...merged].map((c) => memosOn(project, c.id)) })
  const memos = found.flatMap((q) => q.data ?? []).sort((a, b) => a.createdAt.localeCompare(b.createdAt))
  const fault = found.find((q) => q.error)
  const [editing, setEditing] = useState<string>()
  const [writing, setWriting] = useState(false)
  const [draft] = useDraft<Written>(`memo ${code.id}`)
  const begin = useRef<HTMLButtonElement>(null)
  const day = new Intl.DateTimeFormat(locale(i18n.language), { dateStyle: 'medium' })
  const may = role !== undefined && role !== 'reader'
  const open = writing || draft !== undefined
  const close = () => {
    setWriting(false)
    requestAnimationFrame(() => begin.current?.focus())
  }

  function remove(memo: Memo) {
    tell(t('codeMemo.deleted'), deleteMemo(project, memo), () => restoreMemo(project, memo))
  }

  if (!may && memos.length === 0) return null
  return (
    <section className="codememos" aria-labelledby="codememos">
      <h2 id="memos">{t('codeMemo.title')}</h2>
      {fault && <Problem error={fault.error} again={() => void fault.refetch()} />}
      <ul>
        {memos.map((memo) => (
          <li key={memo.id} className="codememo">
            {editing === memo.id ? (
              <Write
                project={project}
                name={`memo ${memo.id}`}
                start={{ text: memo.text, only: memo.private }}
                shared={!memo.private}
                onSave={({ text, only }) => changeMemo(project, memo, memo.private === only ? { text } : { text, private: only })}
                onClose={() => setEditing(undefined)}
              />
            ) : (
              <>
                <p className="codememo__text">{memo.text}</p>
                <p className="xs muted row">
                  <span className="grow">
                    {t(memo.private ? 'codeMemo.private' : 'codeMemo.shared', { who: coderName(memo.authorId) })},{' '}
                    <time dateTime={memo.updatedAt}>{day.format(new Date(memo.updatedAt))}</time>
                    {memo.target.id !== code.id && ` · ${codes.find((c) => c.id === memo.target.id)?.name}`}
                  </span>
                  {memo.authorId === user.id && may && (
                    <>
                      <Button variant="subtle" size="compact-xs" onClick={() => setEditing(memo.id)}>
                        {t('codeMemo.edit')}
                      </Button>
                      <Button variant="subtle" size="compact-xs" onClick={() => remove(memo)}>
                        {t('codeMemo.delete')}
                      </Button>
                    </>
                  )}
                </p>
              </>
            )}
          </li>
        ))}
      </ul>
      {may && open && (
        <Write
          project={project}
          name={`memo ${code.id}`}
          start={{ text: '', only: false }}
          onSave={({ text, only }) => writeMemo(project, { noun: 'code', id: code.id }, text, only)}
          onClose={close}
        />
      )}
      {may && !open && (
        <Button ref={begin} variant="default" size="sm" leftSection={<Icon name="memo" />} onClick={() => setWriting(true)}>
          {t('codeMemo.write')}
        </Button>
      )}
    </section>
  )
}

type Written = { text: string; only: boolean }

function Write(props: {
  project: string
  name: string
  start: Written
  shared?: boolean
  onSave: (memo: Written) => Promise<unknown>
  onClose: () => void
}) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const { tell } = useDeeds(props.project)
  const [draft, setDraft] = useDraft<Written>(props.name)
  const [fault, setFault] = useState<string>()
  const [busy, setBusy] = useState(false)
  const { text, only } = draft ?? props.start

  async function save(event: FormEvent) {
    event.preventDefault()
    setBusy(true)
    setFault(undefined)
    try {
      await props.onSave({ text: text.trim(), only })
      setDraft(undefined)
      props.onClose()
    } catch (error) {
      setFault(sentence(error))
      setBusy(false)
    }
  }

  return (
    <form className="codememo__write" onSubmit={save}>
      <Textarea
        autoFocus
        aria-label={t('codeMemo.text')}
        autosize
        minRows={3}
        maxRows={16}
        maxLength={20_000}
        error={fault}
        value={text}
        onChange={(event) => setDraft({ text: event.currentTarget.value, only })}
      />
      <div className="row">
        <span className="grow">
          {!props.shared && (
            <Checkbox
              label={t('codeMemo.only')}
              checked={only}
              onChange={(event) => setDraft({ text, only: event.currentTarget.checked })}
            />
          )}
        </span>
        <Button
          variant="default"
          size="sm"
          onClick={() => {
            const given = draft
            setDraft(undefined)
            props.onClose()
            if (given?.text && given.text !== props.start.text)
              tell(t('codeEdit.discarded'), Promise.resolve(), async () => setDraft(given))
          }}
        >
          {t('codebook.cancel')}
        </Button>
        <Button size="sm" type="submit" loading={busy} disabled={text.trim() === ''}>
          {t('codeEdit.save')}
        </Button>
      </div>
    </form>
  )
}
