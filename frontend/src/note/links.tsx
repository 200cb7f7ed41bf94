import { useQuery } from '@tanstack/react-query'
import { Link as To } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useUser } from '../shell/user'
import { coding as codingQuery, type Link, links, putLink, removeLink } from '../state/links'
import { type Coding, codes, notes } from '../state/queries'
import { Icon } from '../ui/icons'
import { useSentence } from '../ui/problem'
import { Tile } from '../ui/tile'
import { say } from '../ui/toast'

/** The relations of a coding to others, and the way there. */
export function Links({ project, coding, mayWrite }: { project: string; coding: Coding; mayWrite: boolean }) {
  const list = useQuery(links(project, coding.layer)).data?.filter((l) => l.fromId === coding.id || l.toId === coding.id) ?? []
  if (list.length === 0) return null
  return (
    <ul className="links">
      {list.map((link) => (
        <OneLink key={link.id} project={project} link={link} from={coding} mayWrite={mayWrite} />
      ))}
    </ul>
  )
}

function OneLink({ project, link, from, mayWrite }: { project: string; link: Link; from: Coding; mayWrite: boolean }) {
  const { t } = useTranslation()
  const user = useUser()
  const sentence = useSentence()
  const forward = link.fromId === from.id
  const other = useQuery(codingQuery(project, forward ? link.toId : link.fromId)).data
  const code = useQuery(codes(project)).data?.find((c) => c.id === other?.codeId)
  const title = useQuery(notes(project)).data?.find((n) => n.id === other?.noteId)?.title
  return (
    <li>
      <span className="xs muted">{t(forward ? `link.${link.kind}` : `link.${link.kind}Back`)}</span>
      {other && (
        <To
          className="sm"
          to="/projects/$project/notes/$note"
          params={{ project, note: other.noteId }}
          search={{ coding: other.id }}
          replace={other.noteId === from.noteId}
        >
          {code && <Tile code={code} />} {other.anchor.quote.slice(0, 90)}
          {other.noteId !== from.noteId && <span className="muted"> · {title}</span>}
        </To>
      )}
      {link.text && <p className="sm">{link.text}</p>}
      {mayWrite && link.authorId === user.id && (
        <button
          type="button"
          className="quiet"
          aria-label={t('link.remove')}
          onClick={() =>
            removeLink(project, link).then(
              () =>
                say(t('link.removed'), () =>
                  putLink(project, link.fromId, link.toId, link.kind).catch((error) => say(sentence(error))),
                ),
              (error) => say(sentence(error)),
            )
          }
        >
          <Icon name="close" />
        </button>
      )}
    </li>
  )
}
