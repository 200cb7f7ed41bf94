import { useLocation } from '@tanstack/react-router'
import { type RefObject, useEffect, useRef } from 'react'

/**
 * Keeps the link to where one is in sight, in a row of links that scrolls sideways where it is narrow; again when
 * what it is drawn of has come.
 */
export function useCurrentInSight<E extends HTMLElement>(drawnOf?: unknown): RefObject<E | null> {
  const row = useRef<E>(null)
  const href = useLocation({ select: (at) => at.href })
  // biome-ignore lint/correctness/useExhaustiveDependencies: another link is current with another address, and elsewhere when the row is drawn anew
  useEffect(() => {
    row.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }, [href, drawnOf])
  return row
}
