import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Hit as HitData } from '../state/search'
import { pieces } from '../text/mentions'
import { Icon } from '../ui/icons'
import { CodeChip } from './code-chip'
import { Context } from './context'
import { Marked } from './marked'
import { type Names, useWritten } from './names'

type Props = {
  project: string
  hit: HitData
  names: Names
  n: number
  now: boolean
  open: boolean
  onOpen: (hit: HitData) => void
  onFocus: (n: number) => void
}

/** What names a hit among all of them. */
export const keyOf = (hit: HitData) => [hit.type, hit.memoId ?? hit.commentId ?? hit.codeId ?? hit.noteId, hit.start].join('/')

/** The place in its note where a hit begins to matter: what was found first, or all of it. */
export function placeOf(hit: HitData): string {
  const [start = hit.start, end = hit.end] = hit.marks[0] ?? []
  return `${start}-${end}`
}

/** One thing that was found. */
export const Hit = memo(function Hit(props: Props) {
  const { t } = useTranslation()
  const { hit, n, now, open } = props
  return (
    <li>
      <article
        className="found__hit"
        data-hit={n}
        tabIndex={now ? 0 : -1}
        aria-labelledby={`hit-${n}`}
        onFocus={() => props.onFocus(n)}
      >
        {hit.type === 'passage' && <Passage {...props} />}
        {hit.type === 'memo' && <MemoHit {...props} />}
        {hit.type === 'comment' && <CommentHit {...props} />}
        {hit.type === 'code' && <CodeHit {...props} />}
        {hit.near && hit.type !== 'passage' && <Near />}
        {open && hit.type === 'passage' && <span className="sr">{t('search.opened')}</span>}
      </article>
    </li>
  )
})

function Near() {
  const { t } = useTranslation()
  return (
    <span className="hitbadge hitbadge--warn">
      <Icon name="spell" />
      {t('search.near')}
    </span>
  )
}

function Passage({ project, hit, names, n, open, onOpen }: Props) {
  const { t } = useTranslation()
  const note = hit.noteId ?? ''
  const put = hit.codes.flatMap((id) => names.codes.get(id) ?? [])
  const toNote = { to: '/projects/$project/notes/$note', params: { project, note }, search: { at: placeOf(hit) } } as const
  return (
    <>
      <div className="from">
        {hit.kind && <Icon name={hit.kind} />}
        <h2 id={`hit-${n}`} lang={hit.language || undefined}>
          <Link {...toNote}>{hit.title}</Link>
        </h2>
        <From hit={hit} names={names} />
        {hit.near && <Near />}
      </div>
      {open ? (
        <Context project={project} hit={hit} names={names} />
      ) : (
        <p className="quote" lang={hit.language || undefined}>
          <Marked text={hit.text} start={hit.start} shown={hit.marks.map(([start = 0, end = 0]) => ({ start, end }))} />
        </p>
      )}
      <div className="row wrap">
        {!open && put.length > 0 && (
          <ul className="row wrap" aria-label={t('search.codings')}>
            {put.map((code) => (
              <li key={code.id}>
                <CodeChip code={code} />
              </li>
            ))}
          </ul>
        )}
        {!open && put.length === 0 && <span className="chip chip--plain">{t('search.noCode')}</span>}
        <span className="grow" />
        {open && (
          <Link className="found__link" {...toNote}>
            {t('search.openNote')}
          </Link>
        )}
        <Button variant="subtle" size="compact-sm" aria-expanded={open} onClick={() => onOpen(hit)}>
          {t(open ? 'search.closeContext' : 'search.context')}
        </Button>
      </div>
    </>
  )
}

/** Where a passage or a comment comes from, and who wrote the comment. */
export function From({ hit, names, who }: { hit: HitData; names: Names; who?: string }) {
  const { t } = useTranslation()
  const { day } = useWritten()
  const site = hit.siteId && names.sites.get(hit.siteId)?.name
  const facts = [
    who,
    site,
    hit.observedOn && day(hit.observedOn),
    hit.block && t('search.block', { n: hit.block }),
    hit.speaker,
  ].filter(Boolean)
  return (
    <span className="facts">
      {facts.map((fact) => (
        <span key={fact}>{fact}</span>
      ))}
    </span>
  )
}

function MemoHit({ project, hit, names, n }: Props) {
  const { t } = useTranslation()
  const about = hit.target?.noun
  const code = about === 'code' ? names.codes.get(hit.target?.id ?? '') : undefined
  const site = about === 'site' ? names.sites.get(hit.target?.id ?? '') : undefined
  return (
    <>
      <div className="from">
        <Icon name="memo" />
        <h2 id={`hit-${n}`}>
          {hit.noteId ? (
            <Link to="/projects/$project/notes/$note" params={{ project, note: hit.noteId }}>
              {t('search.memoOn', { what: hit.title })}
            </Link>
          ) : (
            t('search.memoOn', { what: code?.name ?? site?.name ?? t('search.theProject') })
          )}
        </h2>
      </div>
      <p className="quote">
        <Marked text={hit.text} shown={hit.marks.map(([start = 0, end = 0]) => ({ start, end }))} />
      </p>
    </>
  )
}

/** A comment leads to the thread that it is in. */
function CommentHit({ project, hit, names, n }: Props) {
  const { t } = useTranslation()
  const { noteId = '', codingId = '', authorId = '' } = hit
  const nameOf = (id: string) => names.coders.get(id) ?? (names.coders.size > 0 ? t('search.somebody') : '…')
  return (
    <>
      <div className="from">
        <Icon name="comment" />
        <h2 id={`hit-${n}`}>
          <Link to="/projects/$project/notes/$note" params={{ project, note: noteId }} search={{ coding: codingId }}>
            {t('search.commentIn', { what: hit.title })}
          </Link>
        </h2>
        <From hit={hit} names={names} who={nameOf(authorId)} />
      </div>
      <p className="quote">
        <Said hit={hit} nameOf={nameOf} />
      </p>
    </>
  )
}

/** The words of a comment, with what was found in them and whom they mention. */
function Said({ hit, nameOf }: { hit: HitData; nameOf: (id: string) => string }) {
  const shown = hit.marks.map(([start = 0, end = 0]) => ({ start, end }))
  let at = 0
  return pieces(hit.text).map((piece) => {
    const start = at
    if (typeof piece !== 'string') {
      at += `@[${piece.person}]`.length
      return <b key={start}>@{nameOf(piece.person)}</b>
    }
    at += Array.from(piece).length
    return <Marked key={start} text={piece} start={start} shown={shown} />
  })
}

function CodeHit({ hit, names, n }: Props) {
  const code = names.codes.get(hit.codeId ?? '')
  const [, ...paragraphs] = hit.text.split('\n\n')
  let start = Array.from(hit.text).length - Array.from(paragraphs.join('\n\n')).length
  return (
    <>
      <div className="from">
        <h2 id={`hit-${n}`}>{code ? <CodeChip code={code} /> : hit.title}</h2>
      </div>
      {paragraphs.map((words) => {
        const from = start
        start += Array.from(words).length + 2
        return (
          <p key={from} className="quote">
            <Marked text={words} start={from} shown={hit.marks.map(([a = 0, b = 0]) => ({ start: a, end: b }))} />
          </p>
        )
      })}
    </>
  )
}
