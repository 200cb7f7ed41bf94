import { useLocation } from '@tanstack/react-router'
import { type RefObject, useEffect, useRef } from 'react'

/** Keeps the link to where one is in sight, in a row of links that scrolls sideways where it is narrow. */
export function useCurrentInSight<E extends HTMLElement>(): RefObject<E | null> {
  const row = useRef<E>(null)
  const href = useLocation({ select: (at) => at.href })
  // biome-ignore lint/correctness/useExhaustiveDependencies: another link is current with another address
  useEffect(() => {
    row.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }, [href])
  return row
}
