import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { releaseNotes, type Unreleased } from '../state/exercises'
import { useSentence } from '../ui/problem'

type Named = { id: string; title: string }

/** Releases notes to an exercise, and says how far it is and what was refused. */
export function useReleasing(project: string): {
  release: (exercise: string, notes: readonly Named[]) => Promise<number>
  isBusy: boolean
  told: ReactNode
} {
  const { t } = useTranslation()
  const sentence = useSentence()
  const [through, setThrough] = useState<{ done: number; all: number }>()
  const [refused, setRefused] = useState<readonly Unreleased[]>([])

  async function release(exercise: string, notes: readonly Named[]) {
    setRefused([])
    setThrough({ done: 0, all: notes.length })
    try {
      const left = await releaseNotes(exercise, project, notes, (done) => setThrough({ done, all: notes.length }))
      setRefused(left)
      return notes.length - left.length
    } finally {
      setThrough(undefined)
    }
  }

  const told = (
    <>
      {through && (
        <p className="row sm" role="status">
          <progress max={through.all} value={through.done} aria-label={t('release.releasing')} />
          <span className="num">{t('release.through', through)}</span>
        </p>
      )}
      {refused.length > 0 && (
        <div className="problem" role="alert">
          <p>{t('release.refused', { count: refused.length })}</p>
          <ul>
            {refused.map(({ title, error }) => (
              <li key={title}>
                <b>{title}</b>: {sentence(error)}
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  )
  return { release, isBusy: through !== undefined, told }
}
