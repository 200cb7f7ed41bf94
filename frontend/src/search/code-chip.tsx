import type { ReactNode } from 'react'
import type { Code } from '../state/queries'
import { Tile } from '../ui/tile'

/** A code by its letter, colour and name. */
export function CodeChip({ code, children }: { code: Code; children?: ReactNode }) {
  return (
    <span className="chip" data-c={code.colour}>
      <Tile code={code} />
      <span className="clip">{code.name}</span>
      {children}
    </span>
  )
}
