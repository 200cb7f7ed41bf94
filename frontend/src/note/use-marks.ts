import { useNavigate, useSearch } from '@tanstack/react-router'
import { type RefObject, useEffect, useMemo, useRef } from 'react'
import type { Coding, NoteText } from '../state/queries'
import type { Span } from '../text/edges'
import type { Painter } from './painter'

type Props = {
  painter: RefObject<Painter | null>
  words: NoteText
  shown: readonly Coding[]
  choose: (id: string) => void
  goTo: (n: number, focus?: boolean) => void
  blockAt: (place: number) => number
}

/** Where the address points into the note: `at=12-40,90-95` marks words, `coding=…` chooses a coding. */
export function useMarks({ painter, words, shown, choose, goTo, blockAt }: Props) {
  const { at, coding } = useSearch({ strict: false }) as { at?: string; coding?: string }
  const navigate = useNavigate()
  const marks = useMemo(() => spansOf(at, words.length), [at, words.length])
  const place = useRef(-1)
  const gone = useRef<string>(undefined)

  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each address, and for a new text
  useEffect(() => {
    painter.current?.over('mark', marks)
    place.current = 0
    const first = marks[0]
    if (first) goTo(blockAt(first.start))
  }, [marks, words])

  const target = coding && coding !== gone.current ? shown.find((c) => c.id === coding) : undefined
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, as soon as the coding has come
  useEffect(() => {
    if (!target) return
    gone.current = coding
    choose(target.id)
    goTo(blockAt(target.anchor.start))
  }, [target])

  function step(by: 1 | -1) {
    const next = marks[place.current + by]
    if (!next) return
    place.current += by
    goTo(blockAt(next.start))
  }

  return {
    keys: {
      ...(marks.length > 0 && {
        h: () => step(1),
        H: () => step(-1),
      }),
    },
    /** Takes the marks away, and out of the address. */
    clear: () => void navigate({ to: '.', search: {}, replace: true }),
  }
}

/** Reads spans such as `12-40,90-95`, leaving out what isn't one or lies outside the text. */
export function spansOf(at: string | undefined, length: number): Span[] {
  return (at ?? '')
    .split(',')
    .flatMap((written) => {
      const [, start, end] = (/^(\d+)-(\d+)$/.exec(written) ?? []).map(Number)
      return start !== undefined && end !== undefined && start < end && end <= length ? [{ start, end }] : []
    })
    .slice(0, 1000)
}
