import { type PointerEvent, useEffect, useRef, useState } from 'react'
import type { Side } from './tree'

/** A code that is dragged, and what it would be dropped on. */
export type Drag = { id: string; over: { id: string; side: Side } | undefined }

const begins = 5 // pixels that a press may stray before it is a drag
const edge = 48 // pixels from the edge of the page where it begins to scroll

/** Drags rows with a mouse, and by their grips with a finger or a pen. Escape leaves all as it was. */
export function useDrag(may: boolean, drop: (id: string, target: string, side: Side) => void) {
  const [drag, setDrag] = useState<Drag>()
  const pressed = useRef<{ id: string; x: number; y: number }>(undefined)
  const now = useRef<Drag>(undefined)
  const latest = useRef(drop)
  latest.current = drop

  useEffect(() => {
    const take = (next: Drag | undefined) => {
      now.current = next
      setDrag(next)
    }
    const move = (event: globalThis.PointerEvent) => {
      const from = pressed.current
      if (!from) return
      if (!now.current && Math.hypot(event.clientX - from.x, event.clientY - from.y) < begins) return
      event.preventDefault()
      scroll(event.clientX, event.clientY)
      take({ id: from.id, over: under(event.clientX, event.clientY, from.id) })
    }
    const end = (dropped: boolean) => {
      const last = now.current
      pressed.current = undefined
      if (!last) return
      take(undefined)
      if (dropped && last.over) latest.current(last.id, last.over.id, last.over.side)
    }
    const up = () => end(true)
    const cancel = () => end(false)
    const key = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || !now.current) return
      event.stopPropagation()
      end(false)
    }
    document.addEventListener('pointermove', move)
    document.addEventListener('pointerup', up)
    document.addEventListener('pointercancel', cancel)
    document.addEventListener('keydown', key, true)
    return () => {
      document.removeEventListener('pointermove', move)
      document.removeEventListener('pointerup', up)
      document.removeEventListener('pointercancel', cancel)
      document.removeEventListener('keydown', key, true)
    }
  }, [])

  function onPointerDown(event: PointerEvent) {
    if (!may || event.button !== 0 || !(event.target instanceof Element)) return
    const row = event.target.closest<HTMLElement>('[data-code]')
    const gripped = event.target.closest('[data-grip]')
    if (!row || (event.pointerType !== 'mouse' && !gripped)) return
    pressed.current = { id: row.dataset.code as string, x: event.clientX, y: event.clientY }
  }

  return { drag, onPointerDown }
}

/** The row under a point, and whether a code dropped there goes before it, after it or into it. */
function under(x: number, y: number, id: string): Drag['over'] {
  const row = document.elementFromPoint(x, y)?.closest<HTMLElement>('[data-code]')
  if (!row || row.dataset.code === id) return undefined
  const box = row.getBoundingClientRect()
  const part = (y - box.top) / box.height
  return { id: row.dataset.code as string, side: part < 0.3 ? 'before' : part > 0.7 ? 'after' : 'into' }
}

function scroll(x: number, y: number) {
  const page = document.elementFromPoint(x, y)?.closest('.book__page')
  if (!page) return
  const box = page.getBoundingClientRect()
  if (y < box.top + edge) page.scrollBy({ top: -edge / 4 })
  else if (y > box.bottom - edge) page.scrollBy({ top: edge / 4 })
}
