import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Refused } from '../api/client'

/** What went wrong, as the sentence of the server or one of ours. */
export function useSentence(): (error: unknown) => string {
  const { t } = useTranslation()
  return (error) => {
    if (!(error instanceof Refused)) return t('app.failed')
    return error.problem?.detail ?? t('app.offline')
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
