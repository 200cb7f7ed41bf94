import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Round } from '../state/queries'
import { openTasks } from '../state/rounds'
import { left } from './left'
import './rail-line.css'

/** What I have left to do in blind rounds, in a quiet line for each. */
export function RoundLines({ project, mine }: { project: string; mine: readonly Round[] }) {
  const { t } = useTranslation()
  const open = left(useQuery(openTasks(project)).data ?? [])
  return mine.map((round) => {
    const count = open.filter((task) => task.roundId === round.id).length
    if (count === 0) return null
    return (
      <Link key={round.id} className="roundline sm" to="/projects/$project/rounds/$round" params={{ project, round: round.id }}>
        <b className="grow clip">{round.name}</b>
        <span className="num muted">{t('round.left', { count })}</span>
      </Link>
    )
  })
}
