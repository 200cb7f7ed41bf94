import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useProject } from '../shell/project'
import { rounds } from '../state/queries'
import { Lines, Problem } from '../ui/problem'
import { Running } from './running'
import { SetUpPage } from './set-up-page'
import './rounds.css'

/** A round: its set-up while it is a draft, and how it goes from then on. */
export function RoundPage() {
  const { t } = useTranslation()
  const { id, role } = useProject()
  const { round: wanted } = useParams({ strict: false })
  const list = useQuery(rounds(id))
  const round = list.data?.find((r) => r.id === wanted)
  const mayManage = role === 'owner' || role === 'editor'
  return (
    <main className="view" id="text" tabIndex={-1}>
      <div className="rounds">
        <p className="sm">
          <Link to="/projects/$project/rounds" params={{ project: id }}>
            {t('round.all')}
          </Link>
        </p>
        {list.isPending && <Lines count={12} />}
        {list.error && !list.data && <Problem error={list.error} again={() => void list.refetch()} />}
        {list.data && !round && <p>{t('round.missing')}</p>}
        {round?.state === 'draft' && mayManage && <SetUpPage key={round.id} saved={round} />}
        {round && !(round.state === 'draft' && mayManage) && <Running round={round} />}
      </div>
    </main>
  )
}
