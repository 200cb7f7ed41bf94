import { ActionIcon, Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { v7 as newID } from 'uuid'
import { locale } from '../i18n'
import { useProject } from '../shell/project'
import { type DraftInList, drafts } from '../state/drafts'
import { useWaiting } from '../state/queue'
import { recordOf } from '../state/sending'
import { dropDraft, restoreDraft } from '../state/writing'
import { Icon } from '../ui/icons'
import { Lines, Problem, useSentence } from '../ui/problem'
import { say } from '../ui/toast'
import './writing.css'

/** What one is writing in a project, and where another note begins. */
export function Drafts() {
  const { t } = useTranslation()
  const { id, role } = useProject()
  const navigate = useNavigate()
  const list = useQuery(drafts(id))
  const begin = () => void navigate({ to: '/projects/$project/write/$draft', params: { project: id, draft: newID() } })
  return (
    <main className="view" id="text" tabIndex={-1}>
      <div className="drafts">
        <h1>{t('write.drafts')}</h1>
        {role === 'reader' ? (
          <p className="muted">{t('write.reader')}</p>
        ) : (
          <>
            <p className="muted">{t(list.data?.length === 0 ? 'write.none' : 'write.lead')}</p>
            <Button onClick={begin}>{t('write.begin')}</Button>
          </>
        )}
        {list.isPending && <Lines count={3} />}
        {list.error && <Problem error={list.error} again={() => void list.refetch()} />}
        <ul>
          {list.data?.map((draft) => (
            <Entry key={draft.id} project={id} draft={draft} />
          ))}
        </ul>
      </div>
    </main>
  )
}

function Entry({ project, draft }: { project: string; draft: DraftInList }) {
  const { t, i18n } = useTranslation()
  const sentence = useSentence()
  const waits = useWaiting().some((write) => recordOf(write) === draft.id)
  const at = new Intl.DateTimeFormat(locale(i18n.language), { dateStyle: 'medium', timeStyle: 'short' })
  const title = draft.title || t('write.untitled')

  async function remove() {
    try {
      const dropped = await dropDraft(project, draft.id)
      say(t('write.removed', { title }), dropped && (() => void restoreDraft(dropped)))
    } catch (error) {
      say(sentence(error))
    }
  }

  return (
    <li className="row">
      <Link
        className="src grow"
        {...(draft.noteId
          ? {
              to: '/projects/$project/notes/$note/edit',
              params: { project, note: draft.noteId },
              search: draft.noteId === draft.id ? {} : { draft: draft.id },
            }
          : { to: '/projects/$project/write/$draft', params: { project, draft: draft.id } })}
      >
        <Icon name={draft.kind} />
        <b className="clip">{title}</b>
        <small>
          {[
            draft.noteId && t('write.anEdit'),
            waits && t('write.waits'),
            t('write.written', { when: at.format(new Date(draft.at)) }),
          ]
            .filter(Boolean)
            .join(' · ')}
        </small>
      </Link>
      {!waits && (
        <ActionIcon variant="subtle" size="lg" aria-label={t('write.remove', { title })} onClick={() => void remove()}>
          <Icon name="close" />
        </ActionIcon>
      )}
    </li>
  )
}
