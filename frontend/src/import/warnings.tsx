import { useTranslation } from 'react-i18next'

/** What a reader had to leave out or to guess. */
export function Warnings({ warnings }: { warnings: readonly { code: string; sentence: string }[] }) {
  const { t } = useTranslation()
  if (warnings.length === 0) return null
  return (
    <ul className="import__warnings" aria-label={t('import.warnings')}>
      {warnings.map(({ code, sentence }) => (
        <li key={code + sentence}>{sentence}</li>
      ))}
    </ul>
  )
}
