import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { isProblem, Refused } from '../api/client'
import { placesOf, sentenceIn } from './sentence'

/** What went wrong, as the sentence of the server in the language of the app, or one of ours. A problem is told as its refusal is. */
export function useSentence(): (error: unknown) => string {
  const { t, i18n } = useTranslation()
  return (error) => {
    if (error instanceof Refused && !error.problem) return t('app.offline')
    const problem = error instanceof Refused ? error.problem : error
    if (!isProblem(problem)) return t('app.failed')
    const said = { code: problem.code, sentence: problem.detail || t('app.failed'), values: [placesOf(problem.errors)] }
    return sentenceIn(i18n, said, 'problem')
  }
}

/** Stands where something couldn't be shown: what happened, and a way on. */
export function Problem({ error, again }: { error: unknown; again?: () => void }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  return (
    <div className="problem" role="alert">
      <p>{sentence(error)}</p>
      {again && (
        <Button variant="default" onClick={again}>
          {t('app.retry')}
        </Button>
      )}
    </div>
  )
}

/** The shape of what is on its way. */
export function Lines({ count = 6 }: { count?: number }) {
  return (
    <div className="quiet-lines" aria-busy="true">
      {Array.from({ length: count }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all the same
        <i key={i} />
      ))}
    </div>
  )
}
