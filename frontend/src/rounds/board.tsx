import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useUser } from '../shell/user'
import { notes, type Round } from '../state/queries'
import { roundProgress, type Task } from '../state/rounds'
import { Lines, Problem } from '../ui/problem'
import { today, useDay } from './dates'
import { useNames } from './names'
import { Part } from './part'

/** How far every coder is with every note, for owners. One who codes in the round sees it once it is locked. */
export function Board({ round }: { round: Round }) {
  const { t } = useTranslation()
  const user = useUser()
  if (round.state === 'blind' && round.coderIds.includes(user.id)) {
    return (
      <Part title={t('board.title')}>
        <p className="muted">{t('board.notBeforeLocked')}</p>
      </Part>
    )
  }
  return <Progress round={round} />
}

function Progress({ round }: { round: Round }) {
  const { t } = useTranslation()
  const day = useDay()
  const nameOf = useNames(round.spaceId)
  const list = useQuery(notes(round.spaceId)).data
  const progress = useQuery(roundProgress(round.spaceId, round.id))
  const of = new Map(progress.data?.map((p) => [`${p.noteId} ${p.coderId}`, p.state]))
  const isOver = round.state === 'blind' && round.dueOn !== '' && round.dueOn < today()
  const totals = round.coderIds.map((coder) => {
    const theirs = progress.data?.filter((p) => p.coderId === coder) ?? []
    return { coder, all: theirs.length, done: theirs.filter((p) => p.state === 'done').length }
  })
  const behind = isOver ? totals.filter(({ all, done }) => done < all) : []
  const titleOf = (note: string) => list?.find((n) => n.id === note)?.title ?? t('round.goneNote')

  return (
    <Part title={t('board.title')} lead={round.dueOn && round.state === 'blind' && t('round.due', { day: day(round.dueOn) })}>
      {progress.isPending && <Lines count={5} />}
      {progress.error && !progress.data && <Problem error={progress.error} again={() => void progress.refetch()} />}
      {behind.length > 0 && (
        <p className="bad">{t('board.behind', { who: behind.map(({ coder }) => nameOf(coder)).join(', ') })}</p>
      )}
      {progress.data && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what can be scrolled has to be reached by keyboard
        <section className="choose choose--grid" tabIndex={0} aria-label={t('board.caption')}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t('column.title')}</th>
                {totals.map(({ coder, all, done }) => (
                  <th key={coder} scope="col">
                    {nameOf(coder)}
                    <small className="num muted">{t('board.doneOf', { done, all })}</small>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {round.noteIds.map((note) => (
                <tr key={note}>
                  <th scope="row">{titleOf(note)}</th>
                  {round.coderIds.map((coder) => (
                    <td key={coder}>
                      <TaskCell state={of.get(`${note} ${coder}`)} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </Part>
  )
}

function TaskCell({ state }: { state: Task['state'] | undefined }) {
  const { t } = useTranslation()
  if (!state) {
    return (
      <>
        <span className="muted" aria-hidden="true">
          –
        </span>
        <span className="sr">{t('board.notTheirs')}</span>
      </>
    )
  }
  return (
    <span className="tstate" data-state={state}>
      {t(`taskState.${state}`)}
    </span>
  )
}
