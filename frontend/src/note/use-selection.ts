import { type RefObject, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { NoteText } from '../state/queries'
import { moved, type Span, type Unit, wordAt } from '../text/edges'
import { trimmed } from '../text/runs'
import type { Points } from '../text/units'
import type { Keymap } from '../ui/keys'
import type { Pieces } from './painter'

/** Words of the note, as code points. */
export type Selected = Span & { quote: string }

type Props = {
  page: RefObject<HTMLElement | null>
  pieces: RefObject<Pieces | null>
  points: Points
  words: Pick<NoteText, 'blocks'>
  now: number
}

export type Selection = ReturnType<typeof useSelection>

/** What of a note is selected, with the mouse or from the keyboard, which can begin and change any selection. */
export function useSelection({ page, pieces, points, words, now }: Props) {
  const { t } = useTranslation()
  const edge = useRef<'start' | 'end'>('end')
  const [made, setMade] = useState(false)
  const [spoken, setSpoken] = useState('')

  /** What the browser has selected within the words of the note. */
  function current(): Selected | undefined {
    const selection = window.getSelection()
    if (!selection || selection.isCollapsed || selection.rangeCount === 0) return undefined
    if (!page.current?.contains(selection.anchorNode)) return undefined
    const span = pieces.current?.span(selection.getRangeAt(0))
    return span && trimmed(points.slice(span.start, span.end), span.start)
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: it reads what is current
  useEffect(() => {
    const look = () => setMade(current() !== undefined)
    document.addEventListener('selectionchange', look)
    return () => document.removeEventListener('selectionchange', look)
  }, [points])

  function select(span: Span) {
    pieces.current?.select(span.start, span.end)
    setMade(true) // the browser says so later, and the next key may come before
    const quote = points.slice(span.start, span.end)
    setSpoken(t('note.selected', { quote: quote.length > 120 ? `${quote.slice(0, 50)} … ${quote.slice(-50)}` : quote }))
    const box = pieces.current?.box(
      edge.current === 'end' ? span.end - 1 : span.start,
      edge.current === 'end' ? span.end : span.start + 1,
    )
    if (box && (box.top < 120 || box.bottom > window.innerHeight - 100)) {
      document.getSelection()?.focusNode?.parentElement?.scrollIntoView({ block: 'nearest' })
    }
  }

  /** Selects the first word of the block that is read, from where the keys go on. */
  function begin() {
    const block = words.blocks[Math.max(now, 1) - 1]
    const word = block && wordAt(points, block.start, block.end)
    if (!word) return
    edge.current = 'end'
    page.current?.querySelectorAll<HTMLElement>('.blk')[Math.max(now, 1) - 1]?.focus({ preventScroll: true })
    select(word)
  }

  const by = (direction: 1 | -1, unit: Unit) => () => {
    const span = current()
    if (span) select(moved(points, span, edge.current, direction, unit))
  }

  return {
    made,
    spoken,
    current,
    /** What is selected, or else the block that is read. */
    orBlock(): Selected | undefined {
      const block = words.blocks[now - 1]
      return current() ?? (block && trimmed(points.slice(block.start, block.end), block.start))
    },
    begin,
    clear() {
      window.getSelection()?.removeAllRanges()
      setSpoken('')
    },
    /** The keys that change a selection; without one, those with Shift are left to the chosen coding. */
    keys: (chosen: boolean): Keymap =>
      made || !chosen
        ? {
            ...(made && {
              ArrowRight: by(1, 'word'),
              ArrowLeft: by(-1, 'word'),
              ArrowDown: by(1, 'sentence'),
              ArrowUp: by(-1, 'sentence'),
              'Shift ArrowRight': by(1, 'character'),
              'Shift ArrowLeft': by(-1, 'character'),
              o: () => {
                edge.current = edge.current === 'end' ? 'start' : 'end'
                setSpoken(t(edge.current === 'end' ? 'note.edgeEnd' : 'note.edgeStart'))
              },
            }),
          }
        : {},
  }
}
