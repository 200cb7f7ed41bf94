import { type PointerEvent, useEffect, useRef, useState } from 'react'

type Drag = { from: number; to: number }

/** Drags things of a list by their grips, with a mouse, a finger or a pen. Escape leaves all as it was. */
export function useOrder(move: (from: number, to: number) => void) {
  const [drag, setDrag] = useState<Drag>()
  const list = useRef<HTMLOListElement>(null)
  const now = useRef<Drag>(undefined)
  const latest = useRef(move)
  latest.current = move

  useEffect(() => {
    const take = (next: Drag | undefined) => {
      now.current = next
      setDrag(next)
    }
    const follow = (event: globalThis.PointerEvent) => {
      if (!now.current || !list.current) return
      event.preventDefault()
      scroll(list.current, event.clientY)
      take({ ...now.current, to: placeAt(list.current, event.clientY) })
    }
    const end = (dropped: boolean) => {
      const last = now.current
      if (!last) return
      take(undefined)
      if (dropped && last.to !== last.from) latest.current(last.from, last.to)
    }
    const up = () => end(true)
    const cancel = () => end(false)
    const key = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || !now.current) return
      event.stopPropagation()
      end(false)
    }
    document.addEventListener('pointermove', follow)
    document.addEventListener('pointerup', up)
    document.addEventListener('pointercancel', cancel)
    document.addEventListener('keydown', key, true)
    return () => {
      document.removeEventListener('pointermove', follow)
      document.removeEventListener('pointerup', up)
      document.removeEventListener('pointercancel', cancel)
      document.removeEventListener('keydown', key, true)
    }
  }, [])

  /** What the grip of the thing at a place listens to. */
  const grip = (from: number) => ({
    onPointerDown: (event: PointerEvent) => {
      if (event.button !== 0) return
      event.preventDefault()
      now.current = { from, to: from }
      setDrag(now.current)
    },
  })
  return { list, drag, grip }
}

/** The place in a list that is at a height of the window. */
function placeAt(list: HTMLElement, y: number): number {
  return Math.max(
    0,
    [...list.children].findLastIndex((child) => child.getBoundingClientRect().top <= y),
  )
}

const edge = 48 // pixels from the edge of the view where it begins to scroll

function scroll(list: HTMLElement, y: number) {
  const view = list.closest('.view')
  if (!view) return
  const { top, bottom } = view.getBoundingClientRect()
  if (y < top + edge) view.scrollBy({ top: -edge / 4 })
  else if (y > bottom - edge) view.scrollBy({ top: edge / 4 })
}
