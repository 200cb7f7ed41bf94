import { useTranslation } from 'react-i18next'
import { type Said, sentenceIn } from '../ui/sentence'

/** What a reader had to leave out or to guess. */
export function Warnings({ warnings }: { warnings: readonly Said[] }) {
  const { t, i18n } = useTranslation()
  if (warnings.length === 0) return null
  return (
    <ul className="import__warnings" aria-label={t('import.warnings')}>
      {warnings.map((warning) => (
        <li key={warning.code + warning.sentence}>{sentenceIn(i18n, warning, 'warning')}</li>
      ))}
    </ul>
  )
}
