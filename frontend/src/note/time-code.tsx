import { createContext, useContext } from 'react'
import { useTranslation } from 'react-i18next'
import './files.css'

/** What the page of a note asks of the recording over its words. */
export type Player = { seek: (seconds: number) => void; toggle: () => void }

/** Plays the recording from a second on; undefined where a note has none. */
export const SeekContext = createContext<((seconds: number) => void) | undefined>(undefined)

/** When a turn was said; where there is a recording, it is played from there. */
export function TimeCode({ seconds }: { seconds: number }) {
  const { t } = useTranslation()
  const seek = useContext(SeekContext)
  const time = clock(seconds)
  if (!seek) return time
  return (
    <button type="button" className="speaker__time" aria-label={t('files.playFrom', { time })} onClick={() => seek(seconds)}>
      {time}
    </button>
  )
}

/** Seconds as hh:mm:ss. */
function clock(seconds: number): string {
  const whole = Math.floor(seconds)
  const two = (n: number) => String(n).padStart(2, '0')
  return `${two(Math.floor(whole / 3600))}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`
}
