import { useComputedColorScheme } from '@mantine/core'
import { type RefObject, useEffect, useRef } from 'react'
import type { NoteText } from '../state/queries'
import type { Painted } from './painter'

type Props = {
  words: NoteText
  spans: readonly (Painted & { lane: number })[]
  lanes: number
  scroller: RefObject<HTMLElement | null>
  /** The size of the page, with which all places move. */
  size: string
}

/** All codings of a note beside its scroll bar. It is for the eye and the mouse; the cards say the same to others. */
export function CodingMap({ words, spans, lanes, scroller, size }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const window = useRef<HTMLDivElement>(null)
  const theme = useComputedColorScheme('light')

  // biome-ignore lint/correctness/useExhaustiveDependencies: the size of the page moves the blocks, the theme changes the colours
  useEffect(() => {
    const drawing = requestAnimationFrame(() => {
      const [paper, scroll] = [canvas.current, scroller.current]
      if (paper && scroll) draw(paper, scroll, words, spans, Math.max(lanes, 1))
    })
    return () => cancelAnimationFrame(drawing)
  }, [words, spans, lanes, scroller, size, theme])

  // biome-ignore lint/correctness/useExhaustiveDependencies: with its size the share that is seen changes
  useEffect(() => {
    const scroll = scroller.current
    if (!scroll) return
    const follow = () => {
      const view = window.current
      if (!view) return
      const share = scroll.clientHeight / Math.max(scroll.scrollHeight, 1)
      view.hidden = share >= 1
      view.style.height = `${100 * share}%`
      view.style.top = `${(100 * scroll.scrollTop) / Math.max(scroll.scrollHeight, 1)}%`
    }
    follow()
    scroll.addEventListener('scroll', follow, { passive: true })
    return () => scroll.removeEventListener('scroll', follow)
  }, [scroller, words, size])

  function go(event: React.PointerEvent<HTMLElement>) {
    const scroll = scroller.current
    if (!scroll || (event.type === 'pointermove' && event.buttons !== 1)) return
    if (event.type === 'pointerdown') event.currentTarget.setPointerCapture(event.pointerId)
    const box = event.currentTarget.getBoundingClientRect()
    scroll.scrollTop = ((event.clientY - box.top) / box.height) * scroll.scrollHeight - scroll.clientHeight / 2
  }

  return (
    <div className="map" aria-hidden="true" onPointerDown={go} onPointerMove={go}>
      <canvas ref={canvas} />
      <div ref={window} className="map__window" />
    </div>
  )
}

function draw(paper: HTMLCanvasElement, scroll: HTMLElement, words: NoteText, spans: Props['spans'], lanes: number) {
  const box = paper.getBoundingClientRect()
  const scale = devicePixelRatio
  paper.width = Math.round(box.width * scale)
  paper.height = Math.round(box.height * scale)
  const pen = paper.getContext('2d')
  if (!pen || box.height === 0) return
  const style = getComputedStyle(paper)
  const colours = new Map<number, string>()
  const colour = (slot: number) => {
    if (!colours.has(slot)) colours.set(slot, style.getPropertyValue(`--code-${slot}`))
    return colours.get(slot) as string
  }
  const sections = [...scroll.querySelectorAll<HTMLElement>('.blk')].map((s) => ({ top: s.offsetTop, height: s.offsetHeight }))
  const inMap = paper.height / Math.max(scroll.scrollHeight, 1)
  let block = 0
  /** Where on the page a place of the text is, by its share of its block; places come in order. */
  const y = (place: number, from: number) => {
    let i = from
    while (i + 1 < words.blocks.length && (words.blocks[i + 1]?.start ?? 0) <= place) i++
    const [b, s] = [words.blocks[i], sections[i]]
    if (!b || !s) return 0
    return (s.top + (s.height * Math.min(place - b.start, b.end - b.start)) / Math.max(b.end - b.start, 1)) * inMap
  }
  const lane = (paper.width - 8 * scale) / lanes
  for (const span of spans.toSorted((a, b) => a.start - b.start)) {
    while (block + 1 < words.blocks.length && (words.blocks[block + 1]?.start ?? 0) <= span.start) block++
    const [top, bottom] = [y(span.start, block), y(span.end, block)]
    pen.fillStyle = colour(span.colour)
    const x = 4 * scale + lane * (span.lane < 0 ? lanes - 1 : span.lane)
    pen.fillRect(x, top, Math.max(lane - 2 * scale, 2), Math.max(bottom - top, 2 * scale))
  }
}
