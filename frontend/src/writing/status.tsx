import { useDeferredValue, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { words } from '../state/draft'
import type { Place } from './use-draft'

/** Where what was written lies, and how much it is. */
export function Status({ place, text }: { place: Place; text: string }) {
  const { t } = useTranslation()
  const later = useDeferredValue(text)
  const count = useMemo(() => words(later), [later])
  return (
    <span className="status xs muted">
      <span role="status">{t(`write.place.${place}`)}</span>
      <span className="num">{t('note.words', { count })}</span>
    </span>
  )
}
