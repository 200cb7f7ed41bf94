import type { AnswerState } from '../state/board'
import { Icon } from '../ui/icons'

// Drawn as those of ui/icons.tsx are; only the board has them.
const own = {
  notBegun: 'M3 8a5 5 0 1 0 10 0a5 5 0 1 0-10 0',
  submitted: 'M2.5 8 13.5 3l-3 10.5-3-4.5zM7.5 9l6-6',
  returned: 'M6 4.5 2.8 7.7 6 10.9M3 7.7h6.6a3.4 3.4 0 0 1 0 6.8H8',
} as const
const shared = { writing: 'fieldNote', evidenceMissing: 'review', ready: 'check' } as const

/** The mark of how far an answer is. Its name stands beside it, or is told. */
export function StateMark({ state }: { state: AnswerState }) {
  if (state === 'writing' || state === 'evidenceMissing' || state === 'ready') return <Icon name={shared[state]} />
  return (
    <svg className={`icon mark mark--${state}`} viewBox="0 0 16 16" aria-hidden="true">
      <path d={own[state]} />
    </svg>
  )
}

const tones: Partial<Record<AnswerState, string>> = { ready: 'ok', submitted: 'ok', returned: 'ok', evidenceMissing: 'warn' }

/** How far an answer or somebody's work is, in words. */
export function StateBadge({ state, words }: { state: AnswerState; words: string }) {
  return (
    <span className={`badge badge--${tones[state] ?? 'plain'}`}>
      <StateMark state={state} />
      <span className="begins">{words}</span>
    </span>
  )
}
