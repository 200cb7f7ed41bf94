import { useQuery } from '@tanstack/react-query'
import { useMemo, useRef } from 'react'
import { type Coding, codings, type NoteText } from '../state/queries'

const none: Coding[] = []

/**
 * The codings of a note in a layer as they lie on the words that are shown. When somebody has edited the text
 * meanwhile, codings already lie on other words; they stay where they were until the reader asks for those.
 */
export function useCodings(project: string, words: NoteText, layer: string) {
  const query = useQuery(codings(project, words.noteId, layer))
  const kept = useRef<{ words: NoteText; at: Map<string, Coding> }>(null)
  const shown = useMemo(() => {
    if (kept.current?.words !== words) kept.current = { words, at: new Map() }
    const { at } = kept.current
    return (query.data ?? none).flatMap((c) => {
      if (c.anchor.textVersion > words.textVersion) return at.get(c.id) ?? []
      at.set(c.id, c)
      return c
    })
  }, [query.data, words])
  return { query, shown }
}
