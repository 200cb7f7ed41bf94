import { createContext, useContext } from 'react'
import type { Coding } from '../state/queries'

/** What is being written: a memo on a coding or on the note, or a comment on a coding, by its id. */
export type Writing = { what: 'memo' | 'comment'; on: string }

/** What the pieces of a note's page ask of the page. */
export type Desk = {
  project: string
  note: string
  /** Where the codings that are shown belong. */
  layer: string
  mayCode: boolean
  /** Chooses a coding; with `more` beside those chosen already. */
  choose: (id: string, more: boolean) => void
  /** Shows where a coding lies while it is pointed at. */
  point: (id: string | undefined) => void
  remove: () => void
  recode: () => void
  /** Begins or ends a link at the coding. */
  link: (coding: Coding) => void
  /** Opens the field for a memo or comment on a coding, or closes it. */
  write: (writing: Writing | undefined) => void
  /** Puts a coding that lost its words on those that are selected, or where it stands now. */
  settle: (coding: Coding, onSelection: boolean) => void
  /** The words of a coding as they stand in the note. */
  words: (coding: Coding) => string
}

export const DeskContext = createContext<Desk | null>(null)

export function useDesk(): Desk {
  const desk = useContext(DeskContext)
  if (!desk) throw new Error('this piece belongs on the page of a note')
  return desk
}
