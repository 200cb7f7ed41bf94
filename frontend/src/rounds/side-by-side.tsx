import { Button, Checkbox, Popover, Switch } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useActions } from '../shell/palette'
import { useProject } from '../shell/project'
import { useUser } from '../shell/user'
import { codebookAt } from '../state/codebook'
import { version } from '../state/history'
import { noteMemos } from '../state/memos'
import { type Code, codings, type Note, type NoteText, notes, type Round, rounds } from '../state/queries'
import { Points } from '../text/units'
import { Icon } from '../ui/icons'
import { useKeys } from '../ui/keys'
import { Lines, Problem } from '../ui/problem'
import { Who } from '../ui/tile'
import { BlockRow } from './block-row'
import { comparable } from './comparable'
import { codersOf, pinnedOf } from './compared'
import { useDay } from './dates'
import { compare, differences, folded, step } from './differences'
import { useNames } from './names'
import './rounds.css'
import './side-by-side.css'

/** The coders of a note of a round side by side on its words, as they were when it was coded. */
export function SideBySide() {
  const { t } = useTranslation()
  const { id, role } = useProject()
  const user = useUser()
  const { round: wanted = '', note: noteID = '' } = useParams({ strict: false })
  const list = useQuery(rounds(id))
  const round = list.data?.find((r) => r.id === wanted)
  const note = useQuery(notes(id)).data?.find((n) => n.id === noteID)
  const sealed = round !== undefined && round.state !== 'draft' && !comparable(round, role, user.id)
  const pinned = round && !sealed ? pinnedOf(round, noteID) : 0
  const asked = { enabled: pinned > 0 }
  const words = useQuery({ ...version(id, noteID, pinned), ...asked })
  const book = useQuery({ ...codebookAt(id, round?.codebookVersion ?? 0), ...asked })
  const put = useQuery({ ...codings(id, noteID, wanted), ...asked })
  const all = [list, words, book, put]
  const fault = all.find((query) => query.error && !query.data)?.error
  const day = useDay()
  return (
    <main className="view" id="text" tabIndex={-1}>
      <div className="rounds rounds--wide">
        <p className="sm">
          <Link to="/projects/$project/rounds/$round" params={{ project: id, round: wanted }}>
            {round?.name ?? t('round.all')}
          </Link>
        </p>
        <h1 lang={note?.language || undefined}>{note?.title ?? t('side.title')}</h1>
        {note?.observedOn && <p className="sm muted">{day(note.observedOn)}</p>}
        {fault && (
          <Problem
            error={fault}
            again={() => {
              for (const query of all) if (query.error) void query.refetch()
            }}
          />
        )}
        {list.data && pinned === 0 && <p>{t(sealed ? 'side.sealed' : 'side.none')}</p>}
        {!fault && pinned > 0 && !(words.data && book.data && put.data) && <Lines count={12} />}
        {round && words.data && book.data && put.data && (
          <Sides round={round} note={note} noteID={noteID} words={words.data} book={book.data} />
        )}
      </div>
    </main>
  )
}

type Props = { round: Round; note: Note | undefined; noteID: string; words: NoteText; book: readonly Code[] }

function Sides({ round, note, noteID, words, book }: Props) {
  const { t } = useTranslation()
  const project = round.spaceId
  const user = useUser()
  const go = useNavigate()
  const nameOf = useNames(project)
  const { block: open = 0 } = useSearch({ strict: false }) as { block?: number }
  const put = useQuery(codings(project, noteID, round.id)).data ?? none
  const memos = useQuery(noteMemos(project, noteID, round.id)).data ?? none
  const everybody = codersOf(round, noteID)
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const coders = useMemo(() => everybody.filter((id) => !left.has(id)), [everybody, left])
  const [only, setOnly] = useState(true)
  const [unfolded, setUnfolded] = useState<ReadonlySet<number>>(new Set())
  const list = useRef<HTMLOListElement>(null)
  const points = useMemo(() => new Points(words.text), [words.text])
  const codes = useMemo(() => new Map(book.map((c) => [c.id as string, c])), [book])
  const blocks = useMemo(() => compare(words.blocks, put, coders), [words.blocks, put, coders])
  const numbers = useMemo(() => differences(blocks), [blocks])
  const stretches = useMemo(() => {
    return folded(blocks, open > 0 ? new Set([...unfolded, open]) : unfolded, only)
  }, [blocks, unfolded, only, open])
  const at = numbers.indexOf(open)

  const openBlock = useCallback(
    (block: number) =>
      void go({
        to: '/projects/$project/rounds/$round/notes/$note',
        params: { project, round: round.id, note: noteID },
        search: block > 0 ? { block } : {},
        replace: true,
      }),
    [go, project, round.id, noteID],
  )
  const jump = (by: 1 | -1) => () => {
    const next = step(numbers, open, by)
    if (next) openBlock(next)
  }
  useKeys({ n: jump(1), p: jump(-1), Escape: () => openBlock(0) })
  useActions([
    { id: 'side next', group: t('round.this'), name: t('side.next'), keys: 'N', run: jump(1) },
    { id: 'side previous', group: t('round.this'), name: t('side.previous'), keys: 'P', run: jump(-1) },
    { id: 'side only', group: t('round.this'), name: t('side.only'), run: () => setOnly(!only) },
  ])
  useEffect(() => {
    if (open === 0) return
    const row = list.current?.querySelector<HTMLElement>(`[data-block="${open}"]`)
    row?.scrollIntoView({ block: 'center' })
    row?.querySelector<HTMLElement>('.side__no')?.focus({ preventScroll: true })
  }, [open])

  if (everybody.length < 2) return <p className="muted">{t('side.oneCoder')}</p>
  return (
    <>
      <p className="sm muted side__how">{t('side.how')}</p>
      <div className="side" data-lanes={coders.length > 3 ? 'many' : coders.length} data-coders={coders.length}>
        <div className="side__head">
          <div className="row side__tools">
            <Switch size="md" label={t('side.only')} checked={only} onChange={(event) => setOnly(event.currentTarget.checked)} />
            <CoderFilter everybody={everybody} left={left} nameOf={nameOf} onChange={setLeft} />
            <span className="grow" />
            <span className="sm muted num" role="status">
              {numbers.length === 0 && t('side.alike')}
              {numbers.length > 0 && at < 0 && t('compared.count', { count: numbers.length })}
              {at >= 0 && t('side.at', { n: at + 1, all: numbers.length })}
            </span>
            <Button size="compact-sm" variant="default" disabled={numbers.length === 0} onClick={jump(-1)}>
              {t('side.previous')}&nbsp;<kbd>P</kbd>
            </Button>
            <Button size="compact-sm" variant="default" disabled={numbers.length === 0} onClick={jump(1)}>
              {t('side.next')}&nbsp;<kbd>N</kbd>
            </Button>
          </div>
          <div className="side__coders" aria-hidden="true">
            {coders.map((id) => (
              <span key={id} className="row sm">
                <Who name={nameOf(id)} me={id === user.id} small />
                <span className="clip">{nameOf(id)}</span>
              </span>
            ))}
          </div>
        </div>
        <ol className="side__blocks" ref={list} aria-label={t('side.title')}>
          {stretches.map(({ from, to, fold }) =>
            fold ? (
              <li key={from} className="side__fold sm muted">
                {t(from === to ? 'side.foldedOne' : 'side.folded', { from, to })}
                <button
                  type="button"
                  className="quiet"
                  aria-label={`${t(from === to ? 'side.foldedOne' : 'side.folded', { from, to })} ${t('side.show')}`}
                  onClick={() => setUnfolded(new Set([...unfolded, ...range(from, to)]))}
                >
                  {t('side.show')}
                </button>
              </li>
            ) : (
              blocks
                .slice(from - 1, from)
                .map((one) => (
                  <BlockRow
                    key={one.n}
                    round={round}
                    one={one}
                    coders={coders}
                    codes={codes}
                    memos={memos}
                    points={points}
                    language={note?.language ?? ''}
                    nameOf={nameOf}
                    isOpen={open === one.n}
                    onOpen={openBlock}
                  />
                ))
            ),
          )}
        </ol>
      </div>
    </>
  )
}

const none: [] = []
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)

type FilterProps = {
  everybody: readonly string[]
  left: ReadonlySet<string>
  nameOf: (id: string) => string
  onChange: (left: ReadonlySet<string>) => void
}

/** Chooses which coders are compared: two at least. */
function CoderFilter({ everybody, left, nameOf, onChange }: FilterProps) {
  const { t } = useTranslation()
  const compared = everybody.length - left.size
  return (
    <Popover position="bottom-start" trapFocus returnFocus withinPortal>
      <Popover.Target>
        <Button size="compact-sm" variant={left.size > 0 ? 'light' : 'subtle'} leftSection={<Icon name="filter" />}>
          {t('side.coders', { count: compared, all: everybody.length })}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('side.whichCoders')}>
        <div className="side__filter">
          {everybody.map((id) => (
            <Checkbox
              key={id}
              label={nameOf(id)}
              checked={!left.has(id)}
              disabled={!left.has(id) && compared <= 2}
              onChange={(event) => {
                const now = new Set(left)
                if (event.currentTarget.checked) now.delete(id)
                else now.add(id)
                onChange(now)
              }}
            />
          ))}
          {everybody.length > 2 && compared <= 2 && <p className="xs muted">{t('side.twoAtLeast')}</p>}
        </div>
      </Popover.Dropdown>
    </Popover>
  )
}
