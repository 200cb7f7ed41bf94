import { Link } from '@tanstack/react-router'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { locale } from '../i18n'
import type { Excerpt } from '../state/excerpts'
import type { Code } from '../state/queries'
import { Icon } from '../ui/icons'
import { Tile } from '../ui/tile'

/** Excerpts of one note. */
type FromNote = { noteId: string; note: Excerpt['note']; items: Excerpt[] }
export type SiteGroup = { siteId: string; notes: FromNote[] }

/** Puts excerpts together that come from one site, and there from one note. They stand in that order already. */
export function groups(items: readonly Excerpt[]): SiteGroup[] {
  const out: SiteGroup[] = []
  for (const item of items) {
    let site = out.at(-1)
    if (!site || site.siteId !== item.note.siteId) {
      site = { siteId: item.note.siteId, notes: [] }
      out.push(site)
    }
    let note = site.notes.at(-1)
    if (!note || note.noteId !== item.noteId) {
      note = { noteId: item.noteId, note: item.note, items: [] }
      site.notes.push(note)
    }
    note.items.push(item)
  }
  return out
}

type Props = {
  project: string
  code: Code
  codes: readonly Code[]
  group: SiteGroup
  name: string
  coderName: (id: string) => string
}

/** The excerpts from one site, note by note. */
export function Group({ project, code, codes, group, name, coderName }: Props) {
  const { i18n } = useTranslation()
  const day = new Intl.DateTimeFormat(locale(i18n.language), { dateStyle: 'medium', timeZone: 'UTC' })
  return (
    <section className="site">
      <h3 className="site__name">{name}</h3>
      {group.notes.map(({ noteId, note, items }) => (
        <section key={noteId} className="source" aria-label={note.title}>
          <h4>
            <Icon name={note.kind} />
            <Link to="/projects/$project/notes/$note" params={{ project, note: noteId }} lang={note.language || undefined}>
              {note.title}
            </Link>
            {note.observedOn && (
              <time className="muted" dateTime={note.observedOn}>
                {day.format(new Date(note.observedOn))}
              </time>
            )}
          </h4>
          <ul>
            {items.map((excerpt) => (
              <One
                key={excerpt.id}
                project={project}
                excerpt={excerpt}
                code={codes.find((c) => c.id === excerpt.codeId) ?? code}
                sub={excerpt.codeId !== code.id}
                coder={coderName(excerpt.coderId)}
                coderName={coderName}
              />
            ))}
          </ul>
        </section>
      ))}
    </section>
  )
}

type OneProps = {
  project: string
  excerpt: Excerpt
  code: Code
  sub: boolean
  coder: string
  coderName: (id: string) => string
}

/** An excerpt among the words around it, with who put the code there. */
const One = memo(function One({ project, excerpt, code, sub, coder, coderName }: OneProps) {
  const { t } = useTranslation()
  const { anchor, context, note } = excerpt
  return (
    <li className="exc" data-coding={excerpt.id}>
      <blockquote lang={note.language || undefined}>
        <p>
          {context.before && <span className="exc__around">{ending(context.before)}</span>}
          <Link
            className="exc__words"
            to="/projects/$project/notes/$note"
            params={{ project, note: excerpt.noteId }}
            search={{ at: `${anchor.start}-${anchor.end}` }}
          >
            <mark className="coded" data-c={code.colour}>
              {anchor.quote}
            </mark>
          </Link>
          {context.after && <span className="exc__around">{beginning(context.after)}</span>}
        </p>
      </blockquote>
      <p className="exc__by xs muted">
        {sub && (
          <span className="def__chip" data-c={code.colour}>
            <Tile code={code} />
            {code.name}
          </span>
        )}
        <span>
          {[
            context.block > 0 && t('note.block', { n: context.block }),
            context.speaker,
            context.seconds !== null && clock(context.seconds),
            t('codePage.by', { coder }),
            excerpt.review && t('codePage.review'),
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
      </p>
      {excerpt.memos.map((memo) => (
        <p key={memo.id} className="exc__memo">
          <Icon name="memo" />
          <span>
            {memo.text}{' '}
            <span className="muted">
              {t(memo.private ? 'codeMemo.private' : 'codeMemo.shared', { who: coderName(memo.authorId) })}
            </span>
          </span>
        </p>
      ))}
    </li>
  )
})

const whole = 200 // code points of context at which it may be cut off

/** Words before an excerpt, which don't begin within a word. */
const ending = (words: string) => (Array.from(words).length < whole ? words : words.replace(/^\S*\s/, '… '))

/** Words after an excerpt, which don't end within a word. */
const beginning = (words: string) => (Array.from(words).length < whole ? words : words.replace(/\s\S*$/, ' …'))

/** Seconds as hh:mm:ss. */
function clock(seconds: number): string {
  const all = Math.floor(seconds)
  return [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60].map((n) => String(n).padStart(2, '0')).join(':')
}
