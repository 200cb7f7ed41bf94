import { useMemo, useState } from 'react'
import type { Span } from '../text/edges'

/** Which codings of a note are chosen, and where the edges of the one being changed are for now. */
export function useChosen() {
  const [ids, setIds] = useState<readonly string[]>([])
  return useMemo(
    () => ({
      ids,
      /** The only one that is chosen. */
      one: ids.length === 1 ? ids[0] : undefined,
      set: (next: readonly string[]) => setIds(next),
      choose: (id: string, more: boolean) =>
        setIds((before) => (!more ? [id] : before.includes(id) ? before.filter((other) => other !== id) : [...before, id])),
    }),
    [ids],
  )
}

/** Edges that are being moved and not yet sent. */
export type Moving = { id: string } & Span
