// How far an answer is, and what it lacks: the rule of the server (teaching/state.go), so that it can be said
// while somebody types and without a network. Pure.

import type { Schemas } from '../api/client'
import { countWords } from '../text/words'

/** What an exercise asks of each answer. */
export type Asked = Pick<Schemas['Exercise'], 'minWords' | 'maxWords' | 'passages' | 'reasons'>
export type Evidence = Pick<Schemas['Evidence'], 'id' | 'why' | 'withdrawn'>

export type State = 'notBegun' | 'writing' | 'evidenceMissing' | 'ready' | 'submitted' | 'returned'

/** Something that an answer lacks. */
export type Lack =
  | { what: 'answer'; words: number; passages: number }
  | { what: 'words' | 'tooMany' | 'passages'; count: number }
  | { what: 'choice' }
  | { what: 'reason'; evidence: string; number: number }

export type Progress = { state: State; words: number; passages: number; lacks: Lack[] }

/** Tells how far an answer is that isn't submitted, of which there are so many other versions. */
export function progressOf(asked: Asked, text: string, evidence: readonly Evidence[], others = 0): Progress {
  const words = countWords(text)
  const standing = evidence.filter((e) => !e.withdrawn)
  const passages = standing.length
  const short = Math.max(0, Math.max(asked.minWords, 1) - words)
  const over = asked.maxWords > 0 ? Math.max(0, words - asked.maxWords) : 0
  const few = Math.max(0, asked.passages - passages)
  const bare = asked.reasons ? standing.filter((e) => e.why.trim() === '') : []
  const isEmpty = text.trim() === ''
  const lacks: Lack[] = []
  const begun = !isEmpty || passages > 0 || others > 0
  if (!begun) lacks.push({ what: 'answer', words: asked.minWords, passages: few })
  else {
    if (short > 0) lacks.push({ what: 'words', count: short })
    if (over > 0) lacks.push({ what: 'tooMany', count: over })
    if (others > 0) lacks.push({ what: 'choice' })
    if (few > 0) lacks.push({ what: 'passages', count: few })
    for (const e of bare) lacks.push({ what: 'reason', evidence: e.id, number: evidence.indexOf(e) + 1 })
  }
  return { state: stateOf(begun, short + over + others, few + bare.length), words, passages, lacks }
}

function stateOf(begun: boolean, wrong: number, missing: number): State {
  if (!begun) return 'notBegun'
  if (wrong > 0) return 'writing'
  return missing > 0 ? 'evidenceMissing' : 'ready'
}

/** Whether a submission says which organisation it is about, and why. */
export const isNamed = ({ name, kind }: Schemas['Organisation']) => name.trim() !== '' && kind !== ''
