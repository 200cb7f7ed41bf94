import { Button, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { locale } from '../i18n'
import { useProject } from '../shell/project'
import { useUser } from '../shell/user'
import { comparison, type TextVersion, version, versions } from '../state/history'
import { everybody, type Note, type NoteText, notes } from '../state/queries'
import { Points } from '../text/units'
import { Lines, Problem } from '../ui/problem'
import { compared } from './address'
import { Difference } from './difference'
import { Restore } from './restore'
import './versions.css'

/** The versions of a note's text, and how any two of them differ. */
export function NoteVersions() {
  const { t } = useTranslation()
  const { id } = useProject()
  const { note: noteID = '' } = useParams({ strict: false })
  const wanted = compared(useSearch({ strict: false }))
  const note = useQuery(notes(id)).data?.find((n) => n.id === noteID)
  const list = useQuery(versions(id, noteID))
  const all = list.data
  const shown = all?.find((v) => v.textVersion === wanted.version) ?? all?.[0]
  const against =
    all?.find((v) => v.textVersion === wanted.against) ?? all?.find((v) => v.textVersion === (shown?.textVersion ?? 0) - 1)
  const navigate = useNavigate()
  const main = useRef<HTMLElement>(null)
  // The button that restored a version goes with it; what came of it gets the focus.
  const restored = useRef<number>(undefined)
  const number = shown?.textVersion
  useEffect(() => {
    if (number === undefined || restored.current !== number) return
    restored.current = undefined
    main.current?.focus()
  }, [number])
  return (
    <div className="versions">
      <Rail project={id} note={noteID} all={all} shown={number} />
      <main className="view" id="text" tabIndex={-1} ref={main}>
        <div className="versions__page">
          <p className="sm">
            <Link to="/projects/$project/notes/$note" params={{ project: id, note: noteID }}>
              {t('versions.toNote')}
            </Link>
          </p>
          <h1 lang={note?.language || undefined}>{note?.title ?? t('versions.title')}</h1>
          {list.error && <Problem error={list.error} again={() => void list.refetch()} />}
          {list.isPending && <Lines count={10} />}
          {all && shown && (
            <Compared
              project={id}
              note={note}
              noteID={noteID}
              all={all}
              shown={shown}
              against={against}
              onRestored={(made) => {
                restored.current = made
                void navigate({
                  to: '/projects/$project/notes/$note/versions',
                  params: { project: id, note: noteID },
                  search: { version: made },
                })
              }}
            />
          )}
        </div>
      </main>
    </div>
  )
}

/** Who made a version, and when. */
function useMaker(project: string): (v: TextVersion) => string {
  const { t, i18n } = useTranslation()
  const people = useQuery(everybody(project)).data
  const when = new Intl.DateTimeFormat(locale(i18n.language), { dateStyle: 'medium', timeStyle: 'short' })
  return (v) =>
    [people && (people.find((m) => m.userId === v.authorId)?.name ?? t('history.left')), when.format(new Date(v.createdAt))]
      .filter(Boolean)
      .join(', ')
}

function Rail({
  project,
  note,
  all,
  shown,
}: {
  project: string
  note: string
  all: TextVersion[] | undefined
  shown: number | undefined
}) {
  const { t, i18n } = useTranslation()
  const maker = useMaker(project)
  const number = new Intl.NumberFormat(locale(i18n.language), { signDisplay: 'exceptZero' })
  return (
    <nav className="versions__rail" aria-label={t('versions.title')}>
      <h2>{t('versions.title')}</h2>
      {!all && <Lines count={5} />}
      <ol>
        {all?.map((v, i) => {
          const before = all[i + 1]
          return (
            <li key={v.textVersion}>
              <Link
                className="versions__one"
                to="/projects/$project/notes/$note/versions"
                params={{ project, note }}
                search={{ version: v.textVersion }}
                activeOptions={{ exact: true }}
                aria-current={v.textVersion === shown ? 'true' : undefined}
              >
                <b>
                  {t('versions.version', { n: v.textVersion })}
                  {i === 0 && <span className="muted"> · {t('versions.current')}</span>}
                </b>
                <small>{maker(v)}</small>
                <small className="num">
                  {t('versions.words', { count: v.words })}
                  {before && v.words !== before.words && ` (${number.format(v.words - before.words)})`}
                </small>
              </Link>
            </li>
          )
        })}
      </ol>
    </nav>
  )
}

type Props = {
  project: string
  note: Note | undefined
  noteID: string
  all: TextVersion[]
  shown: TextVersion
  against: TextVersion | undefined
  onRestored: (version: number) => void
}

function Compared({ project, note, noteID, all, shown, against, onRestored }: Props) {
  const { t } = useTranslation()
  const { role } = useProject()
  const user = useUser()
  const navigate = useNavigate()
  const maker = useMaker(project)
  // The version stays while the dialog closes, also when another is shown behind it already.
  const [restoring, setRestoring] = useState({ version: 0, opened: false })
  const from = against?.textVersion ?? shown.textVersion
  const before = useQuery(version(project, noteID, from))
  const after = useQuery(version(project, noteID, shown.textVersion))
  const changes = useQuery(comparison(project, noteID, from, shown.textVersion))
  const fault = before.error ?? after.error ?? changes.error
  const mayChange = role === 'owner' || role === 'editor' || (role === 'coder' && note?.authorId === user.id)
  const old = shown.textVersion !== all[0]?.textVersion
  return (
    <>
      <div className="versions__head">
        <div>
          <h2>{t('versions.version', { n: shown.textVersion })}</h2>
          <p className="sm muted">{maker(shown)}</p>
        </div>
        {all.length > 1 && (
          <Select
            label={t('versions.against')}
            data={all
              .filter((v) => v.textVersion !== shown.textVersion)
              .map((v) => ({
                value: String(v.textVersion),
                label: `${t('versions.version', { n: v.textVersion })}, ${maker(v)}`,
              }))}
            value={against ? String(against.textVersion) : null}
            placeholder={t('versions.nothing')}
            onChange={(value) =>
              void navigate({
                to: '/projects/$project/notes/$note/versions',
                params: { project, note: noteID },
                search: { version: shown.textVersion, ...(value && { against: Number(value) }) },
              })
            }
          />
        )}
        {old && note && mayChange && (
          <Button variant="default" onClick={() => setRestoring({ version: shown.textVersion, opened: true })}>
            {t('versions.restore', { n: shown.textVersion })}
          </Button>
        )}
      </div>
      {all.length === 1 && <p className="muted">{t('versions.only')}</p>}
      {fault && (
        <Problem
          error={fault}
          again={() => {
            for (const query of [before, after, changes]) if (query.error) void query.refetch()
          }}
        />
      )}
      {!fault && !(before.data && after.data && changes.data) && <Lines count={12} />}
      {against && before.data && after.data && changes.data && (
        <Difference
          key={`${from} ${shown.textVersion}`}
          from={before.data}
          to={after.data}
          changes={changes.data}
          language={note?.language ?? ''}
        />
      )}
      {!against && all.length > 1 && <p className="muted">{t('versions.first')}</p>}
      {!against && after.data && <Plain text={after.data} language={note?.language ?? ''} />}
      {note && (
        <Restore
          note={note}
          textVersion={restoring.version}
          opened={restoring.opened}
          onClose={() => setRestoring({ ...restoring, opened: false })}
          onRestored={onRestored}
        />
      )}
    </>
  )
}

/** A text that is compared with nothing. */
function Plain({ text, language }: { text: NoteText; language: string }) {
  const points = useMemo(() => new Points(text.text), [text])
  return (
    <div className="diff" lang={language || undefined}>
      {text.blocks.map((block) => (
        <p key={block.start} className={block.kind === 'heading' ? 'diff__p diff__p--heading' : 'diff__p'}>
          {points.slice(block.start, block.end)}
        </p>
      ))}
    </div>
  )
}
