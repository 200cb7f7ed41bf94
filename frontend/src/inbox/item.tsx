import { useQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { locale } from '../i18n'
import { ago } from '../shell/ago'
import type { InboxItem } from '../state/inbox'
import { projects } from '../state/queries'
import { Who } from '../ui/tile'
import { placeOf } from './place'

type Props = { item: InboxItem; onMark: (read: boolean) => void }

/** One thing that concerns the reader: who did what, where and when. To open it marks it as read. */
export function Item({ item, onMark }: Props) {
  const { t, i18n } = useTranslation()
  const { history } = useRouter()
  const { kind, at, read, noteTitle, projectName, count = 0 } = item
  const who = item.actorName || t('inbox.somebody')
  const round = item.roundName ? `“${item.roundName}”` : t('inbox.aRound')
  const place = placeOf(item)
  const mine = useQuery(projects()).data
  // Whoever isn't a member yet can join by the link alone that the invitation has.
  const isClosed = kind === 'invitation' && mine !== undefined && !mine.some((p) => p.id === item.spaceId)
  const when = new Intl.DateTimeFormat(locale(i18n.language), { dateStyle: 'full', timeStyle: 'short' }).format(new Date(at))

  function open(event: React.MouseEvent) {
    if (!read) onMark(true)
    // With these the browser opens it elsewhere.
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    history.push(place)
  }

  return (
    <li className={read ? 'inbox__item' : 'inbox__item is-unread'}>
      <Way to={isClosed ? undefined : place} onOpen={open}>
        <span aria-hidden="true">
          <Who name={who} />
        </span>
        <span className="inbox__words">
          {!read && <span className="sr">{t('inbox.isUnread')}: </span>}
          <span className="inbox__what">{t(`inbox.${kind}`, { who, round, count })}</span>
          <small className="muted">
            {[noteTitle, projectName].filter(Boolean).join(' · ')} ·{' '}
            <time dateTime={at} title={when}>
              {ago(at, locale(i18n.language))}
            </time>
          </small>
          {isClosed && <small className="muted">{t('inbox.joinByLink')}</small>}
        </span>
      </Way>
      <button type="button" className="quiet" onClick={() => onMark(!read)}>
        {t(read ? 'inbox.markUnread' : 'inbox.markRead')}
      </button>
    </li>
  )
}

type WayProps = { to: string | undefined; onOpen: (event: React.MouseEvent) => void; children: React.ReactNode }

/** The way to what an item is about, if the reader may go there. */
function Way({ to, onOpen, children }: WayProps) {
  if (to === undefined) return <div className="inbox__way">{children}</div>
  return (
    <a className="inbox__way" href={to} onClick={onOpen}>
      {children}
    </a>
  )
}
