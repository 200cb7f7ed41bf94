import { type RefObject, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { locale } from '../i18n'
import { useUser } from '../shell/user'
import { makeCode, moveCoding, putCoding, putInVivo, recode, redo, removeCodings, undo } from '../state/actions'
import { type Code, type Coding, type Note, type NoteText, open, type Round } from '../state/queries'
import { moved } from '../text/edges'
import type { Points } from '../text/units'
import type { Keymap } from '../ui/keys'
import { useSentence } from '../ui/problem'
import { hush, say } from '../ui/toast'
import type { Writing } from './desk'
import { endLink, setBegun, type useBegun } from './linking'
import type { Pieces } from './painter'
import type { Moving, useChosen } from './use-chosen'
import type { Selected, Selection } from './use-selection'

type Props = {
  project: string
  note: Note | undefined
  words: NoteText
  /** Where codings are put. */
  layer: string
  round: Round | undefined
  points: Points
  shown: readonly Coding[]
  byID: Map<string, Code>
  names: Map<string, string>
  active: readonly Code[]
  mayCode: boolean
  chosen: ReturnType<typeof useChosen>
  selection: Selection
  pieces: RefObject<Pieces | null>
  begun: ReturnType<typeof useBegun>
  focusBlock: () => void
}

const rest = 700 // milliseconds without a key after which moved edges are sent
const twice = 1500 // within which a second V makes a code

/** What can be done to the codings of a note. */
export function useDeeds(props: Props) {
  const { project, note, words, layer, round, points, shown, byID, mayCode, chosen, selection, pieces, begun, focusBlock } = props
  const { t, i18n } = useTranslation()
  const sentence = useSentence()
  const user = useUser()
  const last = useRef<Code>(null)
  const back = useRef<Element>(null)
  const sentAt = useRef<ReturnType<typeof setTimeout>>(undefined)
  const armed = useRef(0)
  const [sending, setSending] = useState(0)
  const [announced, setAnnounced] = useState('')
  const [picking, setPicking] = useState<{ recoding: boolean; words?: Selected; quote: string; at: { x: number; y: number } }>()
  const [writing, setWriting] = useState<Writing>()
  const [moving, setMoving] = useState<Moving>()

  const where = { project, note: words.noteId, layer, textVersion: words.textVersion }
  const mine = () => shown.filter((c) => chosen.ids.includes(c.id) && c.coderId === user.id)

  function track(sent: Promise<unknown>) {
    setSending((n) => n + 1)
    sent.catch((error) => say(sentence(error))).finally(() => setSending((n) => n - 1))
  }

  /** Says why nothing can be coded here; true if it can. */
  function may(on?: Selected | undefined, needs = false): boolean {
    if (!mayCode) say(t(round ? 'roundNote.rests' : 'code.readOnly'))
    else if (needs && !on) say(t('code.select'))
    else return true
    return false
  }

  function put(code: Code, on = selection.orBlock()) {
    if (!may(on, true) || !on) return
    last.current = code
    const { coding, sent } = putCoding({ ...where, ...on }, code.id, user.id)
    selection.clear()
    chosen.set([coding.id])
    track(sent)
    say(t('code.put', { code: code.name, count: on.quote.split(/\s+/).length }), () => takeBack())
  }

  function inVivo() {
    const on = selection.current()
    if (!on) return selection.begin()
    if (layer !== open) return say(t('roundNote.noInVivo'))
    if (performance.now() - armed.current > twice) {
      armed.current = performance.now()
      return setAnnounced(t('code.inVivoAgain'))
    }
    armed.current = 0
    if (!may(on, true)) return
    selection.clear()
    track(
      putInVivo({ ...where, ...on }).then((coding) => {
        chosen.set([coding.id])
        say(t('code.inVivo', { code: on.quote }), () => takeBack())
      }),
    )
  }

  function remove() {
    const removed = mine()
    if (removed.length === 0) return chosen.ids.length > 0 ? say(t('code.notMine')) : undefined
    chosen.set([])
    track(removeCodings(project, words.noteId, layer, removed))
    const [first] = removed
    const only = removed.length === 1 && first ? t('code.removed', { code: byID.get(first.codeId)?.name ?? '' }) : undefined
    say(only ?? t('code.removedSome', { count: removed.length }), () => takeBack())
    focusBlock()
  }

  function takeBack(forward = false) {
    commit()
    const result = (forward ? redo : undo)(project, words.noteId, layer)
    if (!result) return say(t('code.nothing'))
    track(result.sent)
    chosen.set(result.action.changes.flatMap(({ after }) => after?.id ?? []))
    say(t(forward ? 'code.redid' : 'code.undid'))
  }

  function pick(recoding: boolean) {
    const on = recoding ? undefined : selection.orBlock()
    const changed = mine()
    if (!may(on, !recoding)) return
    if (recoding && changed.length === 0) return say(t(chosen.ids.length > 0 ? 'code.notMine' : 'code.chooseFirst'))
    const place = on ?? changed[0]?.anchor
    const box = place && pieces.current?.box(place.start, place.end)
    back.current = document.activeElement
    setPicking({
      recoding,
      ...(on && { words: on }),
      quote: place?.quote ?? '',
      at: { x: box?.left ?? 100, y: box?.bottom ?? 100 },
    })
  }

  function closePicker() {
    setPicking(undefined)
    if (back.current instanceof HTMLElement) back.current.focus({ preventScroll: true })
  }

  function picked(code: Code) {
    if (picking?.recoding) {
      const changed = mine().filter((c) => c.codeId !== code.id)
      if (changed.length > 0) {
        track(recode(project, words.noteId, layer, changed, code.id))
        say(t('code.recoded', { code: code.name, count: changed.length }), () => takeBack())
      }
    } else put(code, picking?.words)
    closePicker()
  }

  /** Makes a code and puts it on the words that it was looked for. */
  function makeNew(name: string) {
    const on = picking?.words
    closePicker()
    if (!on) return
    track(
      makeCode(project, name).then((id) => {
        const { coding, sent } = putCoding({ ...where, ...on }, id, user.id)
        chosen.set([coding.id])
        say(t('code.put', { code: name, count: on.quote.split(/\s+/).length }), () => takeBack())
        return sent
      }),
    )
  }

  /** Sends edges that were moved. */
  function commit(to = moving) {
    clearTimeout(sentAt.current)
    if (!to) return
    setMoving(undefined)
    const coding = shown.find((c) => c.id === to.id)
    if (!coding || (coding.anchor.start === to.start && coding.anchor.end === to.end)) return
    const { start, end } = to
    track(moveCoding(project, coding, { start, end, quote: points.slice(start, end), textVersion: words.textVersion }))
    say(t('code.moved'), () => takeBack())
  }

  const moveEdge = (edge: 'start' | 'end', by: 1 | -1) => () => {
    const coding = mine().find((c) => c.id === chosen.one)
    if (!coding) return chosen.ids.length > 0 ? say(t('code.notMine')) : undefined
    if (!may()) return
    const from = moving?.id === coding.id ? moving : { id: coding.id, start: coding.anchor.start, end: coding.anchor.end }
    const to = { id: coding.id, ...moved(points, { start: from.start, end: from.end }, edge, by, 'word') }
    setMoving(to)
    setAnnounced(points.slice(to.start, to.end).slice(0, 200))
    clearTimeout(sentAt.current)
    sentAt.current = setTimeout(() => latest.current(to), rest)
  }
  const latest = useRef(commit)
  latest.current = commit

  function link(coding: Coding) {
    if (!may()) return
    if (!begun) return setBegun({ project, from: coding, kind: 'contrasts' })
    if (begun.from.id === coding.id) return say(t('link.itself'))
    track(endLink(begun, coding).then(() => say(t('link.made'))))
  }

  function settle(coding: Coding, onSelection: boolean) {
    const { start, end } = coding.anchor
    const on = onSelection ? selection.current() : { start, end, quote: points.slice(start, end) }
    if (!may(on, true) || !on) return
    selection.clear()
    track(moveCoding(project, coding, { ...on, textVersion: words.textVersion }))
    say(t('review.settled'), () => takeBack())
  }

  function comment() {
    if (!may()) return
    if (chosen.one) setWriting({ what: 'comment', on: chosen.one })
    else say(t('code.chooseFirst'))
  }

  function cite() {
    const on = selection.current() ?? shown.find((c) => c.id === chosen.one)?.anchor
    if (!on) return say(t('code.select'))
    const block = words.blocks.filter((b) => b.start <= on.start).length
    const { page } = words.blocks[block - 1] ?? {}
    const day =
      note?.observedOn &&
      new Intl.DateTimeFormat(locale(i18n.language), { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(note.observedOn))
    const source = [note?.title, day, page ? t('note.page', { n: page }) : t('note.block', { n: block })]
      .filter(Boolean)
      .join(', ')
    navigator.clipboard.writeText(`“${on.quote}” (${source})`).then(
      () => say(t('note.cited')),
      () => say(t('app.failed')),
    )
  }

  const keys: Keymap = {
    Enter: () => pick(false),
    '.': () => (last.current ? put(last.current) : say(t('code.again'))),
    v: inVivo,
    x: () => {
      const next = (document.activeElement as HTMLElement | null)?.dataset.coding
      if (next) chosen.choose(next, true)
    },
    r: () => pick(true),
    m: () => may() && setWriting({ what: 'memo', on: chosen.one ?? words.noteId }),
    c: comment,
    l: () => {
      const coding = shown.find((c) => c.id === chosen.one)
      coding ? link(coding) : say(t('code.chooseFirst'))
    },
    y: cite,
    ...(chosen.ids.length > 0 && { Delete: remove, Backspace: remove }),
    ...(chosen.ids.length > 0 &&
      !selection.made && {
        'Shift ArrowRight': moveEdge('end', 1),
        'Shift ArrowLeft': moveEdge('end', -1),
        'Alt Shift ArrowRight': moveEdge('start', 1),
        'Alt Shift ArrowLeft': moveEdge('start', -1),
        '[': moveEdge('start', -1),
        '{': moveEdge('start', 1),
        ']': moveEdge('end', 1),
        '}': moveEdge('end', -1),
      }),
    'Mod z': () => takeBack(),
    'Mod Shift z': () => takeBack(true),
    'Mod y': () => takeBack(true),
  }

  return {
    put,
    picked,
    makeNew,
    closePicker,
    picking,
    sending: sending > 0,
    moving,
    move: setMoving,
    endMoving: () => commit(),
    /** Puts edges that weren't sent yet back; false if there are none. */
    cancelMoving(): boolean {
      clearTimeout(sentAt.current)
      setMoving(undefined)
      return moving !== undefined
    },
    writing,
    write: setWriting,
    announced,
    announce: setAnnounced,
    quiet() {
      setAnnounced('')
      setWriting(undefined)
      hush()
    },
    remove,
    takeBack,
    recode: () => pick(true),
    link,
    comment,
    settle,
    keys,
  }
}
