import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { notes, type Round } from '../state/queries'
import { tasks } from '../state/rounds'
import { Lines, Problem } from '../ui/problem'
import { left } from './left'
import { Part } from './part'

/** My notes of a round, and how far I am with each. */
export function Tasks({ round }: { round: Round }) {
  const { t } = useTranslation()
  const project = round.spaceId
  const mine = useQuery(tasks(project, round.id))
  const list = useQuery(notes(project)).data
  const open = left(mine.data ?? [])
  const next = open[0]
  return (
    <Part
      title={t('tasks.title')}
      lead={
        mine.data && round.state === 'blind' && (open.length > 0 ? t('round.left', { count: open.length }) : t('tasks.allDone'))
      }
    >
      {mine.isPending && <Lines count={4} />}
      {mine.error && !mine.data && <Problem error={mine.error} again={() => void mine.refetch()} />}
      {mine.data?.length === 0 && <p className="muted">{t('tasks.none')}</p>}
      <ul className="tasks">
        {mine.data?.map((task) => {
          const note = list?.find((n) => n.id === task.noteId)
          return (
            <li key={task.noteId}>
              <Link
                className="grow"
                to="/projects/$project/notes/$note"
                params={{ project, note: task.noteId }}
                lang={note?.language || undefined}
              >
                {note?.title ?? t('round.goneNote')}
              </Link>
              <span className="tstate" data-state={task.state}>
                {t(`taskState.${task.state}`)}
              </span>
            </li>
          )
        })}
      </ul>
      {next && round.state === 'blind' && (
        <p>
          <Link className="tasks__go" to="/projects/$project/notes/$note" params={{ project, note: next.noteId }}>
            {t('tasks.go')}
          </Link>
        </p>
      )}
    </Part>
  )
}
