// The words and dates of the board, made once for all of its cells.

import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { locale } from '../i18n'

const hour = 60
const day = 24 * hour

/** How long ago something was, in minutes that change no more often than the words that say it. */
export function minutesSince(at: string | undefined, now: number): number | undefined {
  if (!at) return undefined
  const minutes = Math.max(0, Math.floor((now - Date.parse(at)) / 60_000))
  if (minutes < hour) return minutes
  return minutes < day ? Math.floor(minutes / hour) * hour : Math.floor(minutes / day) * day
}

/** Says minutes in words: "4 minutes ago", and "for 2 hours". */
export function useDurations() {
  const { i18n } = useTranslation()
  const language = locale(i18n.language)
  return useMemo(() => {
    const past = new Intl.RelativeTimeFormat(language, { style: 'short' })
    const parts = (minutes: number): [number, 'minute' | 'hour' | 'day'] => {
      if (minutes < hour) return [minutes, 'minute']
      return minutes < day ? [Math.floor(minutes / hour), 'hour'] : [Math.floor(minutes / day), 'day']
    }
    return {
      ago: (minutes: number) => {
        const [count, unit] = parts(minutes)
        return past.format(-count, unit)
      },
      long: (minutes: number) => {
        const [value, unit] = parts(minutes)
        return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short' }).format(value)
      },
    }
  }, [language])
}

/** Says when something was, by the clocks of this device. */
export function useMoment(): (at: string) => string {
  const { i18n } = useTranslation()
  return useMemo(() => {
    const words = new Intl.DateTimeFormat(locale(i18n.language), { dateStyle: 'medium', timeStyle: 'short' })
    return (at) => words.format(new Date(at))
  }, [i18n.language])
}

/** Says a day. */
export function useDay(): (date: string) => string {
  const { i18n } = useTranslation()
  return useMemo(() => {
    const words = new Intl.DateTimeFormat(locale(i18n.language), { dateStyle: 'medium', timeZone: 'UTC' })
    return (date) => (Number.isNaN(Date.parse(date)) ? date : words.format(new Date(date)))
  }, [i18n.language])
}
