import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useProject } from '../shell/project'
import { useUser } from '../shell/user'
import { codes, everybody } from '../state/queries'
import { type Excerpt, review } from '../state/review'
import { Icon } from '../ui/icons'
import { Lines, Problem } from '../ui/problem'
import { Tile, Who } from '../ui/tile'
import './review.css'

/** The codings that lost their words to an edit, for their coders to find a place for. */
export function Review() {
  const { t } = useTranslation()
  const { id } = useProject()
  const user = useUser()
  const list = useQuery(review(id))
  const byNote = useMemo(() => {
    const notes = new Map<string, Excerpt[]>()
    for (const e of list.data ?? []) notes.set(e.noteId, [...(notes.get(e.noteId) ?? []), e])
    return [...notes]
  }, [list.data])
  const mine = list.data?.filter((e) => e.coderId === user.id).length ?? 0
  return (
    <main className="view" id="text" tabIndex={-1}>
      <div className="review">
        <h1>{t('review.title')}</h1>
        <p className="muted">
          {t('review.lead')} {list.data && list.data.length > 0 && t('review.yours', { count: mine })}
        </p>
        {list.isPending && <Lines count={9} />}
        {list.error && <Problem error={list.error} again={() => void list.refetch()} />}
        {list.data?.length === 0 && <p>{t('review.none')}</p>}
        {byNote.map(([note, excerpts]) => (
          <section key={note} aria-labelledby={`note-${note}`}>
            <h2 id={`note-${note}`} className="row">
              <Icon name={excerpts[0]?.note.kind ?? 'document'} />
              {excerpts[0]?.note.title}
            </h2>
            <ul>
              {excerpts.map((e) => (
                <li key={e.id}>
                  <One excerpt={e} />
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </main>
  )
}

function One({ excerpt: { id: coding, noteId, codeId, coderId, anchor, context } }: { excerpt: Excerpt }) {
  const { t } = useTranslation()
  const { id } = useProject()
  const user = useUser()
  const code = useQuery(codes(id)).data?.find((c) => c.id === codeId)
  const coder = useQuery(everybody(id)).data?.find((m) => m.userId === coderId)?.name ?? ''
  const around = `${context.before} … ${context.after}`.trim()
  return (
    <Link
      className="card review__one"
      to="/projects/$project/notes/$note"
      params={{ project: id, note: noteId }}
      search={{ coding }}
    >
      <span className="row">
        <Who name={coder} me={coderId === user.id} small />
        {code && (
          <span className="chip" data-c={code.colour}>
            <Tile code={code} />
            <span className="clip">{code.name}</span>
          </span>
        )}
        <span className="xs muted">{coderId === user.id ? t('note.me') : coder}</span>
      </span>
      <del>{anchor.quote}</del>
      {around !== '…' && <small className="muted">{t('review.around', { words: around })}</small>}
    </Link>
  )
}
