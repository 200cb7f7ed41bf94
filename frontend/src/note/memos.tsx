import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { locale } from '../i18n'
import { useUser } from '../shell/user'
import { changeMemo, deleteMemo, type Memo, noteMemos, restoreMemo, type Target, writeMemo } from '../state/memos'
import { everybody } from '../state/queries'
import { memoKey } from '../state/wishes'
import { Icon } from '../ui/icons'
import { lazily } from '../ui/lazily'
import { useSentence } from '../ui/problem'
import { say } from '../ui/toast'
import { useDesk } from './desk'

const MemoField = lazily(() => import('./memo-field'), 'MemoField')

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
  const { layer } = useDesk()
  const list = useQuery(noteMemos(project, note, layer)).data?.filter((m) => m.target.id === target.id) ?? []
  return (
    <div className="memos">
      {list.map((memo) => (
        <OneMemo key={memo.id} project={project} memo={memo} mayWrite={mayWrite} />
      ))}
      {writing && (
        <MemoField
          label={t('memo.new')}
          draft={`${memoKey}${target.id}`}
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
  const name = useQuery(everybody(project)).data?.find((m) => m.userId === memo.authorId)?.name
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
        draft={`${memoKey}${memo.id}`}
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
