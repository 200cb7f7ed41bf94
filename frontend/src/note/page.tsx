import { Button } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useCallback, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { withWords } from '../i18n'
import { control } from '../shell/bar'
import { useActions } from '../shell/palette'
import { useUser } from '../shell/user'
import { comments, talkOf } from '../state/comments'
import { filesOf, wayOf } from '../state/files'
import { links } from '../state/links'
import { noteMemos } from '../state/memos'
import { codes, everybody, type Note, type NoteText, open, type Project, type Round } from '../state/queries'
import { at } from '../text/runs'
import { Points } from '../text/units'
import { useKeys } from '../ui/keys'
import { behind, lazily } from '../ui/lazily'
import { Problem } from '../ui/problem'
import { Block } from './block'
import { bare, lanes as lanesOf, Margins } from './cards'
import { CodeBar } from './code-bar'
import { type Desk, DeskContext } from './desk'
import { FilterMenu, filtered, useFilter } from './filter'
import { Head } from './head'
import { useBegun } from './linking'
import { CodingMap } from './map'
import { Painter, Pieces } from './painter'
import { Picker } from './picker'
import { type Player, SeekContext } from './time-code'
import { Tools } from './tools'
import { useChosen } from './use-chosen'
import { useCodings } from './use-codings'
import { useDeeds } from './use-deeds'
import { useArranged, useNear } from './use-margins'
import { useMarks } from './use-marks'
import { useSelection } from './use-selection'

const Edges = lazily(() => import('./edges'), 'Edges')
// The place of its controls is kept free while it comes, so that the words don't move.
const Recording = lazily(() => import('./recording'), 'Recording', <div style={{ height: 67 }} />)
const Keys = lazily(() => withWords('rounds', import('./keys')), 'Keys')
const RoundBand = lazily(() => withWords('rounds', import('../rounds/band')), 'RoundBand')
const Presence = lazily(() => behind(() => withWords('talk', import('./presence'))), 'Presence')
const LinkBand = lazily(() => import('./link-band'), 'LinkBand')

type Props = {
  project: string
  note: Note | undefined
  words: NoteText
  role: Project['role']
  /** The round that the note is coded blind in, or was and isn't revealed. */
  round: Round | undefined
  newer: boolean
  onRenew: () => void
}

/** The words of a note with their codings. */
export function Page({ project, note, words, role, round, newer, onRenew }: Props) {
  const { t } = useTranslation()
  const user = useUser()
  const scroll = useRef<HTMLDivElement>(null)
  const pieces = useRef<Pieces>(null)
  const painter = useRef<Painter>(null)
  const page = useRef<HTMLElement>(null)
  const player = useRef<Player>(null)
  const { ref: measured, width, height } = useElementSize<HTMLDivElement>()
  const [now, setNow] = useState(0)
  const [unfolded, setUnfolded] = useState(0)
  const [keysShown, setKeysShown] = useState(false)
  const [filtering, setFiltering] = useState(false)

  const assigned = round?.assignment.some((a) => a.noteId === words.noteId && a.coderIds.includes(user.id))
  const layer = round && assigned ? round.id : open
  const book = useQuery(codes(project)).data
  const people = useQuery(everybody(project)).data
  const memos = useQuery(noteMemos(project, words.noteId, layer)).data
  const relations = useQuery(links(project, layer)).data
  const said = useQuery(comments(project, words.noteId, layer)).data
  const { query: put, shown } = useCodings(project, words, layer)
  const [filter, setFilter] = useFilter(project)
  const begun = useBegun(project)
  const chosen = useChosen()

  const mayCode = role !== 'reader' && (!round || (assigned && round.state === 'blind')) === true
  const recordings = useMemo(() => (note ? filesOf(note).filter((f) => ['audio', 'video'].includes(wayOf(f))) : []), [note])
  const seek = useMemo(() => (recordings.length > 0 ? (s: number) => player.current?.seek(s) : undefined), [recordings])
  const points = useMemo(() => new Points(words.text), [words.text])
  const byID = useMemo(() => new Map(book?.map((c) => [c.id as string, c])), [book])
  const names = useMemo(() => new Map(people?.map((m) => [m.userId as string, m.name])), [people])
  const active = useMemo(
    () => book?.filter((c) => !c.archived && !c.mergedInto && (layer === open || round?.codeIds.includes(c.id))) ?? [],
    [book, layer, round],
  )
  const visible = useMemo(() => filtered(shown, book ?? [], filter), [shown, book, filter])
  const order = useMemo(() => lanesOf(shown, names, user.id, mayCode), [shown, names, user.id, mayCode])
  const counts = useMemo(() => counted(shown.map((c) => c.codeId)), [shown])
  const memoCounts = useMemo(() => counted(memos?.flatMap((m) => (m.target.noun === 'coding' ? m.target.id : [])) ?? []), [memos])
  const linkCounts = useMemo(() => counted(relations?.flatMap((l) => [l.fromId, l.toId]) ?? []), [relations])
  const talk = useMemo(() => talkOf(said ?? []), [said])
  const margins = useMemo(() => new Margins(words), [words])
  const beside = useMemo(
    () => margins.of(visible, order, { codes: byID, names, memos: memoCounts, links: linkCounts, talk, me: user.id }),
    [margins, visible, order, byID, names, memoCounts, linkCounts, talk, user.id],
  )

  const near = useNear(beside, now)

  const selection = useSelection({ page, pieces, points, words, now })
  const goTo = useCallback((n: number, focus = true) => {
    const target = page.current?.querySelectorAll<HTMLElement>('.blk')[n - 1]
    if (!target) return
    setNow(n)
    if (focus) target.focus({ preventScroll: true })
    target.scrollIntoView({ block: 'nearest' })
  }, [])
  const deeds = useDeeds({
    project,
    note,
    words,
    layer,
    round,
    points,
    shown,
    byID,
    names,
    active,
    mayCode,
    chosen,
    selection,
    pieces,
    begun,
    focusBlock: () => goTo(now),
  })
  const { moving } = deeds
  const spans = useMemo(
    () =>
      beside
        .flatMap(({ bars }) => bars)
        .map((bar) => ({ id: bar.id, start: bar.from, end: bar.to, colour: bar.colour, lane: bar.lane })),
    [beside],
  )
  const painted = useMemo(
    () =>
      visible.flatMap((c) => {
        const code = byID.get(c.codeId)
        const { start, end } = moving?.id === c.id ? moving : c.anchor
        return code ? [{ id: c.id as string, start, end, colour: code.colour }] : []
      }),
    [visible, byID, moving],
  )
  const marks = useMarks({ painter, words, shown, choose: (id) => chosen.set([id]), goTo, blockAt })

  useLayoutEffect(() => {
    if (!page.current || !words) return
    pieces.current = new Pieces(page.current)
    painter.current = new Painter(pieces.current)
    return () => painter.current?.clear()
  }, [words])
  useLayoutEffect(() => {
    if (words) painter.current?.paint(painted)
  }, [painted, words])
  useLayoutEffect(() => {
    painter.current?.over(
      'strong',
      painted.filter((s) => chosen.ids.includes(s.id)),
    )
  }, [painted, chosen.ids])

  useArranged({ page, scroller: scroll, pieces, beside: near, width })

  /** The block, counted from one, in which a place of the text lies. */
  function blockAt(place: number): number {
    const next = words.blocks.findIndex((b) => b.start > place)
    return next < 0 ? words.blocks.length : Math.max(next, 1)
  }

  /** Shows which turn is heard. */
  function hear(seconds: number) {
    const heard = words.blocks.findLastIndex((b) => b.seconds !== undefined && b.seconds <= seconds)
    page.current?.querySelectorAll('.blk').forEach((block, i) => {
      block.classList.toggle('is-heard', i === heard)
    })
  }

  function choose(id: string, more: boolean) {
    const coding = shown.find((c) => c.id === id)
    chosen.choose(id, more)
    if (coding) goTo(blockAt(coding.anchor.start), false)
  }

  function step(by: 1 | -1) {
    const all = beside.flatMap(({ cards }) => cards.map((c) => c.coding.id as string))
    const from = all.indexOf(chosen.ids.at(-1) ?? '')
    const start = words.blocks[now - 1]?.start ?? 0
    const ahead = () => beside.slice(0, Math.max(blockAt(start) - 1, 0)).reduce((n, { cards }) => n + cards.length, 0)
    const next = all[from >= 0 ? from + by : by > 0 ? ahead() : ahead() - 1]
    if (!next) return
    choose(next, false)
    page.current?.querySelector<HTMLElement>(`[data-coding="${next}"]`)?.focus({ preventScroll: true })
  }

  function uncoded() {
    const next = words.blocks.findIndex((b, i) => i >= now && b.kind !== 'heading' && beside[i]?.bars.length === 0)
    if (next >= 0) goTo(next + 1)
    else deeds.announce(t('note.allCoded'))
  }

  function close() {
    if (deeds.cancelMoving()) return
    if (unfolded > 0) return setUnfolded(0)
    selection.clear()
    chosen.set([])
    deeds.quiet()
  }

  useKeys({
    ...Object.fromEntries(active.filter((c) => c.shortcut).map((code) => [code.shortcut, () => deeds.put(code)])),
    ...deeds.keys,
    ...selection.keys(chosen.ids.length > 0),
    ...marks.keys,
    j: () => goTo(Math.min(now + 1, words.blocks.length)),
    k: () => goTo(Math.max(now - 1, 1)),
    ...(!selection.made &&
      now > 0 && { ArrowDown: () => goTo(Math.min(now + 1, words.blocks.length)), ArrowUp: () => goTo(Math.max(now - 1, 1)) }),
    n: () => step(1),
    N: () => step(-1),
    u: uncoded,
    ...(recordings.length > 0 && { p: () => player.current?.toggle() }),
    f: () => setFiltering(true),
    '?': () => setKeysShown(true),
    Escape: close,
  })

  useActions(
    [
      { id: 'note uncoded', name: t('palette.uncoded'), keys: 'U', run: uncoded },
      { id: 'note filter', name: t('palette.filter'), keys: 'F', run: () => setFiltering(true) },
      { id: 'note memo', name: t('palette.memo'), keys: 'M', run: () => deeds.write({ what: 'memo', on: words.noteId }) },
      { id: 'note comment', name: t('palette.comment'), keys: 'C', run: deeds.comment },
      { id: 'note undo', name: t('palette.undo'), keys: `${control} Z`, run: () => deeds.takeBack() },
      { id: 'note redo', name: t('palette.redo'), keys: `${control} Shift Z`, run: () => deeds.takeBack(true) },
      { id: 'note keys', name: t('palette.keys'), keys: '?', run: () => setKeysShown(true) },
    ].map((action) => ({ ...action, group: t('palette.note') })),
  )

  /** A click on coded words chooses the smallest coding there; the next click the next. */
  function onClick(event: React.MouseEvent) {
    if (!(event.target instanceof Element) || event.target.closest('button, a, summary, form, .cod__body, .memos')) return
    const block = event.target.closest('.blk')
    if (block) setNow([...(page.current?.querySelectorAll('.blk') ?? [])].indexOf(block) + 1)
    setUnfolded(0)
    if (!window.getSelection()?.isCollapsed || event.target.closest('.cards, .lanes')) return
    const place = pieces.current?.point(event.clientX, event.clientY)
    const here = place === undefined ? [] : at(painted, place)
    const before = here.findIndex((s) => s.id === chosen.one)
    const next = here[(before + 1) % Math.max(here.length, 1)]?.id
    if (next && (event.ctrlKey || event.metaKey)) chosen.choose(next, true)
    else chosen.set(next ? [next] : [])
  }

  /** Paints the chosen codings stronger, and the one that is pointed at. */
  function point(id?: string) {
    painter.current?.over(
      'strong',
      painted.filter((s) => s.id === id || chosen.ids.includes(s.id)),
    )
  }

  // The cards ask for deeds of now through functions that stay, so that they needn't be drawn again.
  const deedsNow = useRef({ ...deeds, choose, point })
  deedsNow.current = { ...deeds, choose, point }
  const desk = useMemo<Desk>(
    () => ({
      project,
      note: words.noteId,
      layer,
      mayCode,
      point: (id) => deedsNow.current.point(id),
      choose: (id, more) => deedsNow.current.choose(id, more),
      remove: () => deedsNow.current.remove(),
      recode: () => deedsNow.current.recode(),
      link: (coding) => deedsNow.current.link(coding),
      write: (writing) => deedsNow.current.write(writing),
      settle: (coding, onSelection) => deedsNow.current.settle(coding, onSelection),
      words: (coding) => points.slice(coding.anchor.start, coding.anchor.end),
    }),
    [project, words.noteId, layer, mayCode, points],
  )

  const only = chosen.one ? painted.find((s) => s.id === chosen.one) : undefined
  const mine = only && shown.find((c) => c.id === only.id)?.coderId === user.id
  return (
    <DeskContext value={desk}>
      <Tools
        project={project}
        note={note}
        pinned={round !== undefined}
        sending={deeds.sending}
        people={<Presence project={project} words={words} page={page} scroller={scroll} now={now} onGo={goTo} />}
      >
        <FilterMenu
          filter={filter}
          onFilter={setFilter}
          codes={active}
          coders={[...new Set(shown.map((c) => c.coderId as string))].map((id) => ({
            id,
            name: names.get(id) ?? '',
            me: id === user.id,
          }))}
          opened={filtering}
          onOpen={setFiltering}
        />
      </Tools>
      {round && (
        <section className="band" aria-label={t('bar.rounds')}>
          <RoundBand project={project} note={words.noteId} round={round} assigned={assigned === true} />
        </section>
      )}
      {newer && (
        <section className="band" aria-label={t('note.changed')}>
          <span className="grow">{t('note.changed')}</span>
          <Button size="compact-sm" onClick={onRenew}>
            {t('note.renew')}
          </Button>
        </section>
      )}
      {begun && <LinkBand begun={begun} />}
      <div className="desk">
        <div className="scroll" ref={scroll}>
          <div ref={measured}>
            {/* biome-ignore lint/a11y/useKeyWithClickEvents: the cards do the same by keyboard */}
            <article className="page" ref={page} data-lanes={order.length} onClick={onClick}>
              <Head
                project={project}
                note={note}
                words={words}
                codings={put.data && visible.length}
                lanes={order}
                me={user.id}
                mayWrite={mayCode}
                mayChange={!round && (role === 'owner' || role === 'editor' || (role === 'coder' && note?.authorId === user.id))}
                writing={deeds.writing?.on === words.noteId}
                onWrite={(on) => deeds.write(on ? { what: 'memo', on: words.noteId } : undefined)}
              />
              {note && recordings.length > 0 && (
                <Recording project={project} note={note} recordings={recordings} player={player} onTime={hear} />
              )}
              {put.error && <Problem error={put.error} again={() => void put.refetch()} />}
              <SeekContext value={seek}>
                {words.blocks.map((block, i) => {
                  const before = words.blocks[i - 1]
                  const margin = near[i] ?? bare
                  const here = chosen.ids.filter((id) => margin.bars.some((bar) => bar.id === id))
                  return (
                    <Block
                      key={block.start}
                      n={i + 1}
                      block={block}
                      goesOn={block.seconds === undefined && block.kind === 'turn' && before?.speaker === block.speaker}
                      newPage={block.page === before?.page ? undefined : block.page}
                      points={points}
                      marks={words.marks}
                      margin={margin}
                      now={now === i + 1}
                      chosen={here.join(' ')}
                      writing={here.includes(deeds.writing?.on ?? '') ? deeds.writing : undefined}
                      unfolded={unfolded === i + 1}
                      language={note?.language ?? ''}
                      onUnfold={setUnfolded}
                    />
                  )
                })}
              </SeekContext>
              {only && mine && mayCode && (
                <Edges
                  span={only}
                  pieces={pieces}
                  page={page}
                  width={width}
                  onMove={(span) => deeds.move({ id: only.id, ...span })}
                  onEnd={deeds.endMoving}
                />
              )}
            </article>
          </div>
        </div>
        <CodingMap words={words} spans={spans} lanes={order.length} scroller={scroll} size={`${width} ${height}`} />
      </div>
      {deeds.picking && (
        <Picker
          codes={active}
          characters={Array.from(deeds.picking.quote).length}
          at={deeds.picking.at}
          onPick={deeds.picked}
          onNew={layer === open && (role === 'owner' || role === 'editor') && !deeds.picking.recoding ? deeds.makeNew : undefined}
          onClose={deeds.closePicker}
        />
      )}
      <div className="sr" role="status">
        {deeds.announced || selection.spoken}
      </div>
      <CodeBar codes={active} counts={counts} disabled={!mayCode} onPut={deeds.put} onKeys={() => setKeysShown(true)} />
      {keysShown && <Keys onClose={() => setKeysShown(false)} />}
    </DeskContext>
  )
}

function counted(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  return counts
}
