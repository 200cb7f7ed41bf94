import { type RefObject, useLayoutEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Span } from '../text/edges'
import type { Pieces } from './painter'

type Props = {
  span: Span
  pieces: RefObject<Pieces | null>
  page: RefObject<HTMLElement | null>
  width: number
  onMove: (span: Span) => void
  onEnd: () => void
}

/** Two handles at the ends of the chosen coding, to be dragged to other words. The keys do the same. */
export function Edges({ span, pieces, page, width, onMove, onEnd }: Props) {
  const { t } = useTranslation()
  const start = useRef<HTMLDivElement>(null)
  const end = useRef<HTMLDivElement>(null)

  // biome-ignore lint/correctness/useExhaustiveDependencies: the width of the page moves the words
  useLayoutEffect(() => {
    const [from, all] = [page.current, pieces.current]
    if (!from || !all) return
    const base = from.getBoundingClientRect()
    const put = (handle: HTMLElement | null, place: number, side: 'left' | 'right') => {
      const box = all.box(place, place + 1)
      if (!handle || !box) return
      handle.style.left = `${box[side] - base.left}px`
      handle.style.top = `${box.top - base.top}px`
      handle.style.height = `${box.height}px`
    }
    put(start.current, span.start, 'left')
    put(end.current, span.end - 1, 'right')
  }, [span.start, span.end, width, page, pieces])

  const drag = (edge: 'start' | 'end') => ({
    onPointerDown: (event: React.PointerEvent<HTMLElement>) => {
      event.preventDefault()
      event.currentTarget.setPointerCapture(event.pointerId)
    },
    onPointerMove: (event: React.PointerEvent<HTMLElement>) => {
      if (!event.currentTarget.hasPointerCapture(event.pointerId)) return
      const place = pieces.current?.point(event.clientX, event.clientY)
      if (place === undefined) return
      const next = { ...span, [edge]: place }
      if (next.start < next.end) onMove(next)
    },
    onLostPointerCapture: onEnd,
    onClick: (event: React.MouseEvent) => event.stopPropagation(),
  })

  return (
    <>
      <div ref={start} className="edge edge--start" title={t('note.edgeStart')} {...drag('start')} />
      <div ref={end} className="edge edge--end" title={t('note.edgeEnd')} {...drag('end')} />
    </>
  )
}
