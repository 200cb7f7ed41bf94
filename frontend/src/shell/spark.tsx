import { useTranslation } from 'react-i18next'

const width = 176
const height = 38
const edge = 3

/** How much was changed week by week, as a small picture with a sentence for those who don't see it. */
export function Spark({ weeks }: { weeks: readonly number[] }) {
  const { t } = useTranslation()
  const most = Math.max(...weeks, 1)
  const last = weeks.at(-1) ?? 0
  const points = weeks.map((n, i) => ({
    x: edge + (i * (width - 2 * edge)) / Math.max(weeks.length - 1, 1),
    y: height - edge - (n * (height - 2 * edge)) / most,
  }))
  const line = points.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')
  const end = points.at(-1)
  const total = weeks.reduce((sum, n) => sum + n, 0)
  return (
    <svg
      className="spark"
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={
        total === 0
          ? t('home.noWork', { count: weeks.length })
          : t('home.work', { count: total, weeks: weeks.length, last, most: Math.max(...weeks) })
      }
    >
      <polygon points={`${edge},${height - edge} ${line} ${width - edge},${height - edge}`} />
      <polyline points={line} />
      {end && <circle cx={end.x} cy={end.y} r="2.5" />}
    </svg>
  )
}
