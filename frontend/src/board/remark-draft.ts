// A remark while it is typed, kept in this tab until it is sent.

import { useState } from 'react'
import { commentKey } from '../state/wishes'

/** Words of an answer, as code points. */
export type Span = { start: number; end: number; quote: string }

/** What is typed: of which words, or of the whole answer; `id` names the remark that is changed. */
export type RemarkDraft = { text: string; span?: Span; id?: string }

/** The remark that is being typed on an answer; undefined for none. */
export function useRemarkDraft(submission: string, prompt: string) {
  // What begins so goes with the rest when somebody signs out.
  const key = `${commentKey}remark ${submission} ${prompt}`
  const [draft, setDraft] = useState(() => {
    const kept = sessionStorage.getItem(key)
    return kept ? (JSON.parse(kept) as RemarkDraft) : undefined
  })
  const keep = (next: RemarkDraft | undefined) => {
    setDraft(next)
    if (next) sessionStorage.setItem(key, JSON.stringify(next))
    else sessionStorage.removeItem(key)
  }
  return [draft, keep] as const
}
