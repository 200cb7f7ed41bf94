import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Pieces } from '../note/painter'
import { useSelection } from '../note/use-selection'
import type { Remark } from '../state/board'
import { Points } from '../text/units'
import { pressed } from '../ui/keys'
import { LightText } from './light'
import type { Span } from './remark-draft'

type Props = {
  label: string
  text: string
  remarks: readonly Remark[]
  /** Says what is selected, with the mouse or from the keyboard; undefined for nothing. */
  onSelect: (span: Span | undefined) => void
  /** Begins a remark on what is selected. */
  onRemark: (span: Span) => void
}

/** The words of an answer, of which some can be selected to say something of them. */
export function AnswerWords({ label, text, remarks, onSelect, onRemark }: Props) {
  const { t } = useTranslation()
  const hint = useId()
  const page = useRef<HTMLDivElement>(null)
  const pieces = useRef<Pieces | null>(null)
  const [isIn, setIn] = useState(false)
  const points = useMemo(() => new Points(text), [text])
  const whole = useMemo(
    () => ({ blocks: [{ start: 0, end: points.length }] }) as Parameters<typeof useSelection>[0]['words'],
    [points],
  )
  const marked = useMemo(() => remarks.filter(({ end }) => end > 0), [remarks])
  const selection = useSelection({ page, pieces, points, words: whole, now: 1 })
  useEffect(() => {
    pieces.current = page.current && new Pieces(page.current)
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: it reads what is current
  useEffect(() => {
    const look = () => onSelect(selection.current())
    document.addEventListener('selectionchange', look)
    return () => document.removeEventListener('selectionchange', look)
  }, [points])

  function press(event: KeyboardEvent) {
    const span = selection.current()
    const keys: Record<string, (() => void) | undefined> = {
      ...(selection.keys(false) as Record<string, () => void>),
      v: selection.begin,
      ...(span && { Enter: () => onRemark(span), Escape: selection.clear }),
    }
    const run = keys[pressed(event.nativeEvent)]
    if (!run) return
    event.preventDefault()
    event.stopPropagation()
    run()
  }

  return (
    <>
      {/* biome-ignore lint/a11y: words are selected here from the keyboard as with the mouse */}
      <div
        ref={page}
        className="answer__words"
        role="group"
        aria-label={label}
        aria-describedby={hint}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: words are selected here from the keyboard as with the mouse
        tabIndex={0}
        onKeyDown={press}
        onFocus={() => setIn(true)}
        onBlur={() => setIn(false)}
      >
        <LightText text={text} marked={marked} />
      </div>
      <p id={hint} className={isIn ? 'xs muted answer__hint' : 'sr'}>
        {t(selection.made ? 'remark.keysMore' : 'remark.keys')}
      </p>
      <p className="sr" role="status">
        {selection.spoken}
      </p>
    </>
  )
}
