import { createContext, useContext } from 'react'
import type { Code, Note } from '../state/queries'

/** What the ids in events are called; undefined as long as it hasn't come. */
export type Names = {
  project: string
  people: Map<string, string> | undefined
  codes: Map<string, Code> | undefined
  notes: Map<string, Note> | undefined
  sites: Map<string, string> | undefined
}

export const NamesContext = createContext<Names | null>(null)

/** What the ids in events are called. */
export function useNamesOf(): Names {
  const names = useContext(NamesContext)
  if (!names) throw new Error('names are told by the history')
  return names
}
