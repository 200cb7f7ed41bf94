import { useQuery } from '@tanstack/react-query'
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { locale } from '../i18n'
import { useUser } from '../shell/user'
import { putCoding, redo, removeCodings, undo } from '../state/actions'
import {
  type Code,
  type Coding,
  codes,
  codings,
  members,
  type Note,
  type NoteText,
  notes,
  type Project,
  text,
} from '../state/queries'
import { at, trimmed } from '../text/runs'
import { Points } from '../text/units'
import { Icon } from '../ui/icons'
import { Lines, Problem, useSentence } from '../ui/problem'
import { hush, say } from '../ui/toast'
import { Block, type Card } from './block'
import { CodeBar, Keys } from './code-bar'
import { Pieces, paint, unpaint } from './painter'
import { Picker } from './picker'

type Props = { project: string; note: string; role: Project['role'] | undefined }

/** A note to read and to code. */
export function Reader({ project, note, role }: Props) {
  const words = useQuery(text(project, note))
  const record = useQuery(notes(project)).data?.find((n) => n.id === note)
  if (words.error) {
    return (
      <main className="read" id="text">
        <Problem error={words.error} again={() => void words.refetch()} />
      </main>
    )
  }
  return (
    <main className="read" id="text" tabIndex={-1} aria-label={record?.title}>
      {words.data ? <Page project={project} note={record} words={words.data} role={role} /> : <Pending />}
    </main>
  )
}

function Pending() {
  return (
    <>
      <div className="tools" />
      <div className="scroll">
        <div className="page__head">
          <Lines count={12} />
        </div>
      </div>
    </>
  )
}

/** Words that were selected, as code points of the note. */
type Selected = { start: number; end: number; quote: string }

function Page({ project, note, words, role }: { project: string; note: Note | undefined; words: NoteText; role: Props['role'] }) {
  const { t, i18n } = useTranslation()
  const sentence = useSentence()
  const user = useUser()
  const page = useRef<HTMLElement>(null)
  const pieces = useRef<Pieces>(null)
  const last = useRef<Code>(null)
  const back = useRef<Element>(null)
  const [now, setNow] = useState(0)
  const [chosen, setChosen] = useState<string>()
  const [picking, setPicking] = useState<{ words: Selected; at: { x: number; y: number } }>()
  const [sending, setSending] = useState(0)
  const [keysShown, setKeysShown] = useState(false)

  const book = useQuery(codes(project)).data
  const put = useQuery(codings(project, words.noteId))
  const people = useQuery(members(project)).data
  const points = useMemo(() => new Points(words.text), [words.text])
  const byID = useMemo(() => new Map(book?.map((c) => [c.id as string, c])), [book])
  const active = useMemo(() => book?.filter((c) => !c.archived && !c.mergedInto) ?? [], [book])
  const cards = useMemo(
    () => cardsOfBlocks(words, put.data ?? [], byID, new Map(people?.map((m) => [m.userId as string, m.name])), user.id),
    [words, put.data, byID, people, user.id],
  )
  const spans = useMemo(
    () =>
      (put.data ?? []).flatMap((c) => {
        const code = byID.get(c.codeId)
        return code ? [{ id: c.id, start: c.anchor.start, end: c.anchor.end, colour: code.colour }] : []
      }),
    [put.data, byID],
  )
  const mayCode = role !== undefined && role !== 'reader'
  const counts = useMemo(() => count(put.data ?? []), [put.data])

  // biome-ignore lint/correctness/useExhaustiveDependencies: the pieces are those of these words
  useLayoutEffect(() => {
    pieces.current = page.current && new Pieces(page.current)
  }, [words])
  useLayoutEffect(() => {
    if (pieces.current)
      paint(
        pieces.current,
        spans,
        spans.find((s) => s.id === chosen),
      )
  }, [spans, chosen])
  useEffect(() => unpaint, [])
  function track(sent: Promise<void>) {
    setSending((n) => n + 1)
    sent.catch((error) => say(sentence(error))).finally(() => setSending((n) => n - 1))
  }

  function selected(): Selected | undefined {
    const selection = window.getSelection()
    if (selection && !selection.isCollapsed && selection.rangeCount > 0 && page.current?.contains(selection.anchorNode)) {
      const span = pieces.current?.span(selection.getRangeAt(0))
      return span && trimmed(points.slice(span.start, span.end), span.start)
    }
    const block = words.blocks[now - 1]
    return block && trimmed(points.slice(block.start, block.end), block.start)
  }

  function putCode(code: Code, on = selected()) {
    if (!mayCode) return say(t('code.readOnly'))
    if (!on) return say(t('code.select'))
    last.current = code
    const { coding, sent } = putCoding({ project, note: words.noteId, textVersion: words.textVersion, ...on }, code.id, user.id)
    window.getSelection()?.removeAllRanges()
    setChosen(coding.id)
    track(sent)
    const amount = on.quote.split(/\s+/).length
    say(t('code.put', { code: code.name, count: amount }), takeBack)
  }

  function remove(id: string) {
    const coding = put.data?.find((c) => c.id === id)
    if (!coding || coding.coderId !== user.id) return
    setChosen(undefined)
    track(removeCodings(project, words.noteId, [coding]))
    say(t('code.removed', { code: byID.get(coding.codeId)?.name ?? '' }), takeBack)
    page.current?.querySelectorAll<HTMLElement>('.blk')[now - 1]?.focus()
  }

  function takeBack(forward = false) {
    const result = (forward ? redo : undo)(project, words.noteId)
    if (!result) return say(t('code.nothing'))
    track(result.sent)
    setChosen(result.action.changes[0]?.after?.id)
    say(t(forward ? 'code.redid' : 'code.undid'))
  }

  function goTo(n: number) {
    const target = page.current?.querySelectorAll<HTMLElement>('.blk')[n - 1]
    if (!target) return
    setNow(n)
    target.focus({ preventScroll: true })
    target.scrollIntoView({ block: 'nearest' })
  }

  function step(by: number) {
    const order = cards.flatMap((all, i) => all.map((c) => ({ id: c.coding.id as string, n: i + 1 })))
    const from = order.findIndex((c) => c.id === chosen)
    const next = from < 0 ? order.find((c) => c.n >= now) : order[from + by]
    if (!next) return
    choose(next.id, next.n)
    page.current?.querySelector<HTMLElement>(`[data-coding="${next.id}"]`)?.focus({ preventScroll: true })
  }

  function choose(id: string, n: number) {
    setChosen(id)
    setNow(n)
    page.current?.querySelectorAll('.blk')[n - 1]?.scrollIntoView({ block: 'nearest' })
  }

  function pick() {
    const on = selected()
    if (!mayCode) return say(t('code.readOnly'))
    if (!on) return say(t('code.select'))
    const box = pieces.current?.ranges(on.start, on.end).at(-1)?.getBoundingClientRect()
    back.current = document.activeElement
    setPicking({ words: on, at: { x: box?.left ?? 100, y: box?.bottom ?? 100 } })
  }

  function close() {
    setPicking(undefined)
    if (back.current instanceof HTMLElement) back.current.focus({ preventScroll: true })
  }

  const keys = useRef<(event: KeyboardEvent) => void>(() => undefined)
  keys.current = (event) => {
    const target = event.target
    if (target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable], [role=dialog], [role=menu]'))
      return
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'z') {
      event.preventDefault()
      return takeBack(event.shiftKey)
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const onButton = target instanceof HTMLElement && target.closest('button, a, summary')
    const code = active.find((c) => c.shortcut !== '' && c.shortcut === event.key)
    if (code) putCode(code)
    else if (event.key === 'j' || (event.key === 'ArrowDown' && now > 0 && !onButton))
      goTo(Math.min(now + 1, words.blocks.length))
    else if (event.key === 'k' || (event.key === 'ArrowUp' && now > 0 && !onButton)) goTo(Math.max(now - 1, 1))
    else if (event.key === '?') setKeysShown(true)
    else if (event.key === 'n') step(1)
    else if (event.key === 'N') step(-1)
    else if (event.key === '.') last.current ? putCode(last.current) : say(t('code.again'))
    else if (event.key === 'Enter' && !onButton) pick()
    else if ((event.key === 'Delete' || event.key === 'Backspace') && chosen) remove(chosen)
    else if (event.key === 'Escape') {
      window.getSelection()?.removeAllRanges()
      setChosen(undefined)
      hush()
    } else return
    event.preventDefault()
  }
  useEffect(() => {
    const listen = (event: KeyboardEvent) => keys.current(event)
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [])

  /** A click on coded words chooses the smallest coding there; the next click the next. */
  function onClick(event: React.MouseEvent) {
    if (!(event.target instanceof Element) || event.target.closest('button, a, summary')) return
    const block = event.target.closest('.blk')
    if (block) setNow([...(page.current?.querySelectorAll('.blk') ?? [])].indexOf(block) + 1)
    if (!window.getSelection()?.isCollapsed) return
    const point = pieces.current?.point(event.clientX, event.clientY)
    const here = point === undefined ? [] : at(spans, point)
    const before = here.findIndex((s) => s.id === chosen)
    setChosen(here[(before + 1) % Math.max(here.length, 1)]?.id)
  }

  const day = new Intl.DateTimeFormat(locale(i18n.language), { dateStyle: 'full', timeZone: 'UTC' })
  const amount = useMemo(() => words.text.split(/\s+/).filter(Boolean).length, [words.text])
  const observer = people?.find((m) => m.userId === note?.observerId)?.name
  const facts = note && [
    note.observedOn &&
      day.format(new Date(note.observedOn)) +
        [note.startsAt && ` ${note.startsAt}`, note.endsAt && `–${note.endsAt}`].filter(Boolean).join(''),
    observer && t('note.observer', { name: observer }),
    note.participantIds.length > 0 && t('note.participants', { count: note.participantIds.length }),
    t('note.words', { count: amount }),
    put.data && t('note.codings', { count: put.data.length }),
  ]
  const meeting = note?.meeting && (note.meeting.purpose || note.meeting.agenda.length > 0) ? note.meeting : undefined

  return (
    <>
      <div className="tools">
        {note && <Icon name={note.kind} />}
        <span className="sm grow clip">{note && t(`kind.${note.kind}`)}</span>
        <span className="xs muted">{t(sending > 0 ? 'note.saving' : 'note.saved')}</span>
      </div>
      <div className="scroll">
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: the cards do the same by keyboard */}
        <article className="page" ref={page} onClick={onClick}>
          <header className="page__head">
            <h1 lang={note?.language || undefined}>{note?.title}</h1>
            {facts && <p className="sm muted">{facts.filter(Boolean).join(' · ')}</p>}
            {meeting && (
              <details className="sm">
                <summary>{t('note.agenda')}</summary>
                <p>{meeting.purpose}</p>
                <ol>
                  {meeting.agenda.map((item) => (
                    <li key={item}>{item}</li>
                  ))}
                </ol>
              </details>
            )}
            {put.error && <Problem error={put.error} again={() => void put.refetch()} />}
          </header>
          {words.blocks.map((block, i) => (
            <Block
              key={block.start}
              n={i + 1}
              block={block}
              points={points}
              marks={words.marks}
              cards={cards[i] ?? none}
              now={now === i + 1}
              chosen={cards[i]?.some((c) => c.coding.id === chosen) ? chosen : undefined}
              language={note?.language ?? ''}
              onChoose={(coding) => choose(coding.id, i + 1)}
              onRemove={(coding) => remove(coding.id)}
            />
          ))}
        </article>
      </div>
      {picking && (
        <Picker
          codes={active}
          characters={Array.from(picking.words.quote).length}
          at={picking.at}
          onPick={(code) => {
            putCode(code, picking.words)
            close()
          }}
          onClose={close}
        />
      )}
      <CodeBar codes={active} counts={counts} disabled={!mayCode} onPut={putCode} onKeys={() => setKeysShown(true)} />
      <Keys shown={keysShown} onClose={() => setKeysShown(false)} />
    </>
  )
}

const none: readonly Card[] = []

/** The cards of each block: those of the codings that begin in it, in the order of their places. */
function cardsOfBlocks(
  words: NoteText,
  all: readonly Coding[],
  book: Map<string, Code>,
  names: Map<string, string>,
  me: string,
): Card[][] {
  const cards: Card[][] = words.blocks.map(() => [])
  const sorted = all.toSorted(
    (a, b) => a.anchor.start - b.anchor.start || b.anchor.end - a.anchor.end || a.id.localeCompare(b.id),
  )
  let block = 0
  for (const coding of sorted) {
    while (block + 1 < words.blocks.length && (words.blocks[block + 1]?.start ?? 0) <= coding.anchor.start) block++
    const code = book.get(coding.codeId)
    if (code) cards[block]?.push({ coding, code, coder: names.get(coding.coderId) ?? '', mine: coding.coderId === me })
  }
  return cards
}

function count(all: readonly Coding[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { codeId } of all) counts.set(codeId, (counts.get(codeId) ?? 0) + 1)
  return counts
}
