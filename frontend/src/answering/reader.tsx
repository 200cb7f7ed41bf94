import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Painter, Pieces } from '../note/painter'
import { spansOf } from '../note/use-marks'
import { type Selected, useSelection } from '../note/use-selection'
import {
  type Exercise,
  type ExerciseNote,
  type NewEvidence,
  promptCodes,
  type SubmissionView,
  sourceText,
} from '../state/answering'
import type { Block, NoteText } from '../state/queries'
import { runs, trimmed } from '../text/runs'
import { Points } from '../text/units'
import { pressed } from '../ui/keys'
import { Lines, Problem } from '../ui/problem'
import { useDay } from './days'
import '../note/highlights.css'

type Props = {
  exercise: Exercise
  id: string
  note: ExerciseNote | undefined
  view: SubmissionView
  /** Whether its words can be taken as new evidence. */
  isOffered: boolean
  /** Words to begin at, such as 12-40. */
  at: string | undefined
  onAttach: (added: NewEvidence) => Promise<boolean>
  onBack: () => void
}

/** A note to read, of which words become evidence. */
export function NoteReader({ id, ...props }: Props) {
  const { exercise } = props
  const text = useQuery(sourceText(exercise.id, id))
  if (text.error && !text.data) return <Problem error={text.error} again={() => void text.refetch()} />
  if (!text.data) return <Lines count={10} />
  return <Words words={text.data} {...props} />
}

type WordsProps = Omit<Props, 'id'> & { words: NoteText }

function Words({ exercise, note, words, view, isOffered, at, onAttach, onBack }: WordsProps) {
  const { t } = useTranslation()
  const day = useDay()
  const page = useRef<HTMLDivElement>(null)
  const pieces = useRef<Pieces | null>(null)
  const painter = useRef<Painter | null>(null)
  const [now, setNow] = useState(0)
  const [picked, setPicked] = useState<Selected>()
  const points = useMemo(() => new Points(words.text), [words.text])
  const selection = useSelection({ page, pieces, points, words, now })
  const codes = useQuery(promptCodes(exercise.id)).data
  const colours = useMemo(
    () => new Map(exercise.prompts.map((p) => [p.id as string, codes?.find((c) => c.id === p.codeId)?.colour])),
    [exercise, codes],
  )

  useLayoutEffect(() => {
    if (!page.current) return
    const drawn = new Pieces(page.current)
    pieces.current = drawn
    painter.current = new Painter(drawn)
    return () => painter.current?.clear()
  }, [])

  // What is evidence already stands out in the colour of its prompt.
  const taken = view.answers.flatMap((answer) =>
    answer.evidence.flatMap(({ id, noteId, anchor }) =>
      noteId === words.noteId && anchor ? { id, start: anchor.start, end: anchor.end, prompt: answer.promptId } : [],
    ),
  )
  useEffect(() => {
    painter.current?.paint(taken.map(({ id, start, end, prompt }) => ({ id, start, end, colour: colours.get(prompt) ?? 9 })))
  })

  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each place
  useEffect(() => {
    const [span] = spansOf(at, words.length)
    painter.current?.over('mark', span ? [span] : [])
    const n = span ? words.blocks.filter((b) => b.start <= span.start).length : 1
    goTo(n, 'center')
  }, [at])

  // A tap on the button may take the selection away, so what was selected last in the words is held.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it reads what is current
  useEffect(() => {
    const look = () => {
      const span = selection.current()
      if (span) setPicked(span)
      else if (page.current?.contains(document.getSelection()?.anchorNode ?? null)) setPicked(undefined)
    }
    document.addEventListener('selectionchange', look)
    return () => document.removeEventListener('selectionchange', look)
  }, [points])

  function goTo(n: number, block: ScrollLogicalPosition = 'nearest') {
    const target = page.current?.querySelectorAll<HTMLElement>('.blk')[n - 1]
    if (!target) return
    setNow(n)
    target.focus({ preventScroll: true })
    target.scrollIntoView({ block })
  }

  function choose(n: number) {
    const block = words.blocks[n - 1]
    const span = block && trimmed(points.slice(block.start, block.end), block.start)
    if (!span) return
    setNow(n)
    pieces.current?.select(span.start, span.end)
    setPicked(span)
  }

  async function use() {
    const span = selection.current() ?? picked ?? selection.orBlock()
    if (!span) return
    const { start, end, quote } = span
    const added = await onAttach({ noteId: words.noteId, anchor: { start, end, quote, textVersion: words.textVersion } })
    if (!added) return
    selection.clear()
    setPicked(undefined)
  }

  function press(event: KeyboardEvent) {
    if (event.target instanceof Element && event.target.closest('button, a')) return
    const next = () => goTo(Math.min(now + 1, words.blocks.length))
    const before = () => goTo(Math.max(now - 1, 1))
    const clear = () => {
      if (!selection.made && !picked) return onBack()
      selection.clear()
      setPicked(undefined)
    }
    const keys: Record<string, (() => void) | undefined> = {
      j: next,
      k: before,
      ...(!selection.made && { ArrowDown: next, ArrowUp: before }),
      ...(selection.keys(false) as Record<string, () => void>),
      v: selection.begin,
      ...(isOffered && { Enter: () => void use() }),
      Escape: clear,
    }
    const run = keys[pressed(event.nativeEvent)]
    if (!run) return
    event.preventDefault()
    event.stopPropagation()
    run()
  }

  const facts =
    note && [t(`kind.${note.kind}`), note.observedOn && day(note.observedOn), note.siteName].filter(Boolean).join(' · ')
  const people = note?.participants.map((p) => [p.pseudonym, p.actorRole].filter(Boolean).join(', ')).join(' · ')
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the blocks within take the focus; their keys are heard here */}
      <div className="ans__read" ref={page} onKeyDown={press}>
        {note && (
          <div className="ans__readhead">
            <h3 lang={note.language || undefined}>{note.title}</h3>
            <p className="xs muted">{facts}</p>
            {people && <p className="xs muted">{people}</p>}
          </div>
        )}
        {words.blocks.map((block, i) => (
          <ReadBlock
            // biome-ignore lint/suspicious/noArrayIndexKey: a text never changes
            key={i}
            n={i + 1}
            block={block}
            goesOn={i > 0 && words.blocks[i - 1]?.speaker === block.speaker}
            now={now === i + 1}
            points={points}
            marks={words.marks}
            language={note?.language ?? ''}
            taken={taken.filter(({ start }) => start >= block.start && start < block.end).length}
            onChoose={choose}
            onNow={setNow}
          />
        ))}
      </div>
      <div className="ans__use">
        {isOffered ? (
          <>
            <p className="xs muted grow">{picked ? <q className="clip ans__picked">{picked.quote}</q> : t('answer.read.how')}</p>
            <Button
              size="xs"
              disabled={!picked && now === 0}
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => void use()}
            >
              {t(picked ? 'answer.read.use' : 'answer.read.useBlock')}
            </Button>
          </>
        ) : (
          <p className="xs muted grow">{t('answer.read.notOffered')}</p>
        )}
      </div>
      <p className="sr" role="status">
        {selection.spoken}
      </p>
    </>
  )
}

type BlockProps = {
  n: number
  block: Block
  goesOn: boolean
  now: boolean
  points: Points
  marks: NoteText['marks']
  language: string
  taken: number
  onChoose: (n: number) => void
  onNow: (n: number) => void
}

/** A paragraph of a note with its number, which chooses all of it. */
function ReadBlock({ n, block, goesOn, now, points, marks, language, taken, onChoose, onNow }: BlockProps) {
  const { t } = useTranslation()
  return (
    <section
      className={`blk ans__block ans__block--${block.kind}${now ? ' is-here' : ''}`}
      tabIndex={-1}
      aria-label={taken > 0 ? t('answer.read.blockTaken', { n, count: taken }) : t('answer.read.block', { n })}
      onFocus={() => onNow(n)}
      onPointerDown={() => onNow(n)}
    >
      <button type="button" className="ans__no num" aria-label={t('answer.read.choose', { n })} onClick={() => onChoose(n)}>
        {n}
      </button>
      <p lang={language || undefined} data-number={block.number}>
        {block.speaker && !goesOn && <b className="ans__speaker">{block.speaker}</b>}
        {runs(block.start, block.end, marks).map((run) => {
          const words = (
            <span key={run.start} data-start={run.start} data-end={run.end}>
              {points.slice(run.start, run.end)}
            </span>
          )
          const is = (kind: string) => run.marks.some((mark) => mark.kind === kind)
          if (is('strong')) return <strong key={run.start}>{words}</strong>
          return is('emphasis') ? <em key={run.start}>{words}</em> : words
        })}
      </p>
    </section>
  )
}
