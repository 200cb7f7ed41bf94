import { Button, Checkbox, Textarea } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { locale } from '../i18n'
import { useUser } from '../shell/user'
import { changeMemo, deleteMemo, type Memo, noteMemos, restoreMemo, type Target, writeMemo } from '../state/memos'
import { members } from '../state/queries'
import { Icon } from '../ui/icons'
import { useSentence } from '../ui/problem'
import { say } from '../ui/toast'

type Props = {
  project: string
  note: string
  target: Target
  writing: boolean
  mayWrite: boolean
  onWrite: (on: boolean) => void
}

/** The memos on a note or on one of its codings, where they belong. */
export function Memos({ project, note, target, writing, mayWrite, onWrite }: Props) {
  const { t } = useTranslation()
  const list = useQuery(noteMemos(project, note)).data?.filter((m) => m.target.id === target.id) ?? []
  return (
    <div className="memos">
      {list.map((memo) => (
        <OneMemo key={memo.id} project={project} memo={memo} mayWrite={mayWrite} />
      ))}
      {writing && (
        <MemoField
          label={t('memo.new')}
          draft={`memo ${target.id}`}
          onSave={async (text, isPrivate) => {
            await writeMemo(project, target, text, isPrivate)
            onWrite(false)
          }}
          onClose={() => onWrite(false)}
        />
      )}
    </div>
  )
}

function OneMemo({ project, memo, mayWrite }: { project: string; memo: Memo; mayWrite: boolean }) {
  const { t, i18n } = useTranslation()
  const user = useUser()
  const sentence = useSentence()
  const [editing, setEditing] = useState(false)
  const name = useQuery(members(project)).data?.find((m) => m.userId === memo.authorId)?.name
  const mine = memo.authorId === user.id
  const day = new Intl.DateTimeFormat(locale(i18n.language), { dateStyle: 'medium' }).format(new Date(memo.updatedAt))

  function remove() {
    deleteMemo(project, memo).then(
      () => say(t('memo.deleted'), () => restoreMemo(project, memo).catch((error) => say(sentence(error)))),
      (error) => say(sentence(error)),
    )
  }

  if (editing) {
    return (
      <MemoField
        label={t('memo.edit')}
        draft={`memo ${memo.id}`}
        text={memo.text}
        isPrivate={memo.private}
        onSave={async (text, isPrivate) => {
          await changeMemo(project, memo, { text, private: isPrivate })
          setEditing(false)
        }}
        onClose={() => setEditing(false)}
      />
    )
  }
  return (
    <div className="memo">
      <p>{memo.text}</p>
      <div className="row xs muted">
        <span className="grow">
          {[t(memo.private ? 'memo.private' : 'memo.shared'), mine ? t('note.me') : name, day].filter(Boolean).join(', ')}
        </span>
        {mine && mayWrite && (
          <>
            <button type="button" className="quiet" onClick={() => setEditing(true)}>
              {t('memo.change')}
            </button>
            <button type="button" className="quiet" aria-label={t('memo.delete')} onClick={remove}>
              <Icon name="close" />
            </button>
          </>
        )}
      </div>
    </div>
  )
}

type FieldProps = {
  label: string
  /** Where what is typed is kept until it is saved. */
  draft: string
  text?: string
  isPrivate?: boolean
  onSave: (text: string, isPrivate: boolean) => Promise<void>
  onClose: () => void
}

function MemoField({ label, draft, text = '', isPrivate = false, onSave, onClose }: FieldProps) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const [typed, setTyped] = useState(() => sessionStorage.getItem(draft) ?? text)
  const [alone, setAlone] = useState(isPrivate)
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<string>()

  async function save() {
    if (typed.trim() === '' || busy) return
    setBusy(true)
    setFault(undefined)
    try {
      await onSave(typed.trim(), alone)
      sessionStorage.removeItem(draft)
    } catch (error) {
      setFault(sentence(error))
      setBusy(false)
    }
  }

  return (
    <form
      className="memo memo--field"
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <Textarea
        aria-label={label}
        placeholder={t('memo.placeholder')}
        // biome-ignore lint/a11y/noAutofocus: it was asked for with a key or a button
        autoFocus
        autosize
        minRows={2}
        maxRows={12}
        maxLength={100_000}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value)
          sessionStorage.setItem(draft, event.target.value)
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void save()
          else if (event.key === 'Escape') onClose()
          else return
          event.preventDefault()
          event.stopPropagation()
        }}
      />
      {fault && (
        <p className="xs bad" role="alert">
          {fault}
        </p>
      )}
      <div className="row">
        <Checkbox
          size="xs"
          label={t('memo.onlyMe')}
          checked={alone}
          onChange={(event) => setAlone(event.currentTarget.checked)}
        />
        <span className="grow" />
        <Button variant="subtle" size="compact-sm" onClick={onClose}>
          {t('memo.cancel')}
        </Button>
        <Button type="submit" size="compact-sm" loading={busy} disabled={typed.trim() === ''}>
          {t('memo.save')}
        </Button>
      </div>
    </form>
  )
}
