import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { locale } from '../i18n'
import { useUser } from '../shell/user'
import { changeComment, comment, deleteComment, type Place, restoreComment, useUnsaid } from '../state/commenting'
import { type Comment, comments, talkOf } from '../state/comments'
import { everybody, members } from '../state/queries'
import { commentKey } from '../state/wishes'
import { pieces, written } from '../text/mentions'
import { Icon } from '../ui/icons'
import { useSentence } from '../ui/problem'
import { Who } from '../ui/tile'
import { say } from '../ui/toast'
import { CommentField } from './comment-field'
import './thread.css'

const shownAtOnce = 6

type Props = {
  project: string
  note: string
  /** The id of the coding whose thread it is. */
  coding: string
  /** The layer of the coding: that of a round has its id. */
  layer?: string
  /** Whether nobody else can read it yet, so that nobody can be mentioned. */
  alone?: boolean
  mayWrite: boolean
  /** Whether the field for a comment is open. */
  writing: boolean
  onWrite: (on: boolean) => void
}

/** What was said at a coding, and where one answers. It asks for its comments itself. */
export function Thread({ project, note, coding, layer = 'open', alone = false, mayWrite, writing, onWrite }: Props) {
  const { t } = useTranslation()
  const user = useUser()
  const sentence = useSentence()
  const place: Place = { project, note, coding, layer }
  const said = useQuery(comments(project, note, layer)).data?.filter((c) => c.codingId === coding) ?? []
  const unsaid = useUnsaid(place).filter((c) => !said.some((other) => other.id === c.id))
  const nameOf = useNames(project)
  const people = useQuery(members(project)).data
  const others = (!alone && people?.filter((m) => m.userId !== user.id)) || []
  const [all, setAll] = useState(false)
  const part = useRef<HTMLElement>(null)
  useFocus(part, writing, '.thread__actions button')
  const earlier = all ? 0 : Math.max(said.length - shownAtOnce, 0)
  const { count = 0, resolved = false } = talkOf(said).get(coding) ?? {}

  const settle = () => comment(place, resolved ? 'reopened' : 'resolved').catch((error) => say(sentence(error)))

  return (
    <section className="thread" aria-label={t('comment.thread')} ref={part}>
      {earlier > 0 && (
        <button type="button" className="quiet" onClick={() => setAll(true)}>
          {t('comment.earlier', { count: earlier })}
        </button>
      )}
      {said.length + unsaid.length > 0 && (
        <ol>
          {said.slice(earlier).map((c) => (
            <Said key={c.id} comment={c} nameOf={nameOf} people={others} mayWrite={mayWrite} />
          ))}
          {unsaid.map(({ id, kind, text }) => (
            <Line
              key={id}
              name={user.name}
              me
              kind={kind}
              at={t('comment.waits')}
              words={<Words text={text} nameOf={nameOf} />}
            />
          ))}
        </ol>
      )}
      {mayWrite && writing && (
        <CommentField
          label={t('comment.new')}
          draft={`${commentKey}${user.id} ${coding}`}
          people={others.map(({ userId, name }) => ({ id: userId, name }))}
          onSend={(text) => comment(place, 'comment', text)}
          onClose={() => onWrite(false)}
        />
      )}
      {mayWrite && (
        <div className="row thread__actions">
          {!writing && (
            <button type="button" className="quiet" onClick={() => onWrite(true)}>
              {t(count > 0 ? 'comment.answer' : 'comment.begin')}
            </button>
          )}
          {count > 0 && (
            <button type="button" className="quiet" onClick={() => void settle()}>
              {t(resolved ? 'comment.reopen' : 'comment.resolve')}
            </button>
          )}
        </div>
      )}
    </section>
  )
}

/** Gives the field the focus when it opens, and gives it back to where it was when it closes. */
function useFocus(part: React.RefObject<HTMLElement | null>, writing: boolean, begin: string) {
  const back = useRef<Element>(null)
  const before = useRef(false)
  useEffect(() => {
    if (writing === before.current) return
    before.current = writing
    if (writing) {
      back.current = document.activeElement
      part.current?.querySelector<HTMLElement>('.thread__field textarea')?.focus({ preventScroll: true })
    } else if (!document.activeElement || document.activeElement === document.body) {
      const stands = back.current?.isConnected && back.current !== document.body
      const to = stands ? back.current : part.current?.querySelector(begin)
      if (to instanceof HTMLElement) to.focus({ preventScroll: true })
    }
  }, [part, writing, begin])
}

/** Names the members of a project and those who left; whose account is gone, by a word. */
function useNames(project: string): (id: string) => string {
  const { t } = useTranslation()
  const all = useQuery(everybody(project)).data
  return (id) => all?.find((m) => m.userId === id)?.name ?? (all ? t('comment.somebody') : '…')
}

type SaidProps = {
  comment: Comment
  nameOf: (id: string) => string
  people: readonly { userId: string; name: string }[]
  mayWrite: boolean
}

/** One entry of a thread. Its author changes and deletes it. */
function Said({ comment: said, nameOf, people, mayWrite }: SaidProps) {
  const { t, i18n } = useTranslation()
  const user = useUser()
  const sentence = useSentence()
  const [editing, setEditing] = useState(false)
  const item = useRef<HTMLLIElement>(null)
  useFocus(item, editing, '.quiet')
  const mine = said.authorId === user.id
  const draft = `${commentKey}${user.id} ${said.id}`
  const at = new Intl.DateTimeFormat(locale(i18n.language), { dateStyle: 'medium', timeStyle: 'short' })
  const when = at.format(new Date(said.createdAt))

  function remove() {
    deleteComment(said).then(
      () => say(t('comment.deleted'), () => restoreComment(said).catch((error) => say(sentence(error)))),
      (error) => say(sentence(error)),
    )
    item.current
      ?.closest('.thread')
      ?.querySelector<HTMLElement>('textarea, .thread__actions button')
      ?.focus({ preventScroll: true })
  }

  const actions = mine && mayWrite && said.kind === 'comment' && (
    <>
      <button type="button" className="quiet" aria-label={t('comment.changeOne')} onClick={() => setEditing(true)}>
        {t('comment.change')}
      </button>
      <button type="button" className="quiet" aria-label={t('comment.delete')} onClick={remove}>
        <Icon name="close" />
      </button>
    </>
  )
  if (editing) {
    return (
      <li ref={item}>
        <CommentField
          label={t('comment.edit')}
          draft={draft}
          text={written(said.text, nameOf)}
          people={[...people.map(({ userId, name }) => ({ id: userId, name })), ...gone(said, people, nameOf)]}
          onSend={async (text) => {
            await changeComment(said, text)
            setEditing(false)
          }}
          onClose={() => {
            sessionStorage.removeItem(draft)
            setEditing(false)
          }}
        />
      </li>
    )
  }
  return (
    <Line
      item={item}
      name={nameOf(said.authorId)}
      me={mine}
      kind={said.kind}
      at={said.version > 1 ? t('comment.changed', { when }) : when}
      words={<Words text={said.text} nameOf={nameOf} />}
      actions={actions}
    />
  )
}

/** Those who are mentioned already and can't be anew, such as oneself: a change of the words keeps them. */
const gone = (said: Comment, people: SaidProps['people'], nameOf: SaidProps['nameOf']) =>
  said.mentions.filter((id) => !people.some((p) => p.userId === id)).map((id) => ({ id, name: nameOf(id) }))

type LineProps = {
  name: string
  me: boolean
  kind: Comment['kind']
  at: string
  words: React.ReactNode
  actions?: React.ReactNode
  item?: React.Ref<HTMLLIElement>
}

function Line({ name, me, kind, at, words, actions, item }: LineProps) {
  const { t } = useTranslation()
  if (kind !== 'comment') {
    return (
      <li className="thread__mark xs muted" ref={item}>
        <Icon name={kind === 'resolved' ? 'check' : 'undo'} />
        <span>
          {t(`comment.${kind}${me ? 'ByMe' : ''}`, { name })} · {at}
        </span>
      </li>
    )
  }
  return (
    <li ref={item}>
      <span aria-hidden="true">
        <Who name={name} me={me} small />
      </span>
      <div>
        <p className="row xs muted">
          <span className="grow">
            <b>{me ? t('comment.me') : name}</b> · {at}
          </span>
          {actions}
        </p>
        <p className="thread__words">{words}</p>
      </div>
    </li>
  )
}

function Words({ text, nameOf }: { text: string; nameOf: (id: string) => string }) {
  return pieces(text).map((piece, i) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a comment don't move
    typeof piece === 'string' ? <span key={i}>{piece}</span> : <b key={i}>@{nameOf(piece.person)}</b>,
  )
}
