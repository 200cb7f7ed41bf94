import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import { type Reading, reading } from './address'

/** Says how the search box was understood, or what can be written in it. */
export function Reads({ q }: { q: string }) {
  const { t } = useTranslation()
  const read = reading(q)
  if (read.length === 0) return <p className="sm muted">{t('search.howTo')}</p>
  const parts: { words: string; of: Reading[] }[] = [
    { words: t('search.readWords'), of: read.filter((r) => !r.phrase && !r.not) },
    { words: t('search.readPhrases'), of: read.filter((r) => r.phrase && !r.not) },
    { words: t('search.readWithout'), of: read.filter((r) => r.not) },
  ]
  return (
    <p className="sm muted">
      {parts
        .filter((p) => p.of.length > 0)
        .map((p) => (
          <Fragment key={p.words}>
            {p.words}{' '}
            {p.of.map((r, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a word may stand twice
              <Fragment key={i}>
                {i > 0 && ', '}
                <b>{r.words}</b>
              </Fragment>
            ))}
            {'. '}
          </Fragment>
        ))}
    </p>
  )
}
