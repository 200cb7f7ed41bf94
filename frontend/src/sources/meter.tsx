import { useTranslation } from 'react-i18next'
import type { Progress } from '../state/sources'
import { percent } from './query'
import './meter.css'

/** How much of a note is coded, as a bar and a number. Nothing is shown before it is known. */
export function Meter({ progress }: { progress: Progress | undefined }) {
  const { t } = useTranslation()
  if (!progress) return <span className="meter meter--unknown" aria-hidden="true" />
  const part = percent(progress)
  const words = t('sources.coded', { coded: progress.codedBlocks, count: progress.blocks })
  return (
    <span className="meter" role="img" aria-label={words} title={words}>
      <i aria-hidden="true">
        <i style={{ width: `${part}%` }} />
      </i>
      <span className="num" aria-hidden="true">
        {part}%
      </span>
    </span>
  )
}
