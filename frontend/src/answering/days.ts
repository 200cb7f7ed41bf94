import { useTranslation } from 'react-i18next'
import { locale } from '../i18n'

/** How a day is written. */
export function useDay(): (day: string) => string {
  const { i18n } = useTranslation()
  const format = new Intl.DateTimeFormat(locale(i18n.language), { dateStyle: 'medium', timeZone: 'UTC' })
  return (day) => format.format(new Date(day))
}

/** How a moment is written. */
export function useMoment(): (at: string) => string {
  const { i18n } = useTranslation()
  const format = new Intl.DateTimeFormat(locale(i18n.language), { dateStyle: 'medium', timeStyle: 'short' })
  return (at) => format.format(new Date(at))
}
