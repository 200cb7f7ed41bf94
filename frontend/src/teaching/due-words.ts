import { useTranslation } from 'react-i18next'
import { locale } from '../i18n'
import { inWords, ownZone, timeName, zoneName } from './due'

/** How a due time is said: in the zone of its exercise, and by the clocks of this device where those differ. */
export function useDueWords(): (at: Date, zone: string) => { there: string; here: string | undefined } {
  const { t, i18n } = useTranslation()
  const language = locale(i18n.language)
  return (at, zone) => {
    const words = inWords(at, zone, language)
    const own = ownZone()
    const ours = inWords(at, own, language)
    const there = t('exerciseDue.there', { moment: words, zone: zoneName(zone), time: timeName(at, zone, language) })
    return { there, here: ours === words ? undefined : t('exerciseDue.here', { moment: ours, zone: zoneName(own) }) }
  }
}
