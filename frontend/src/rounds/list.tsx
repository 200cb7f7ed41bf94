import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useActions } from '../shell/palette'
import { useProject } from '../shell/project'
import { type Round, rounds } from '../state/queries'
import { createRound, openTasks } from '../state/rounds'
import { Icon } from '../ui/icons'
import { Lines, Problem, useSentence } from '../ui/problem'
import { say } from '../ui/toast'
import { today, useDay } from './dates'
import { left } from './left'
import { State } from './states'
import './rounds.css'

/** The rounds of a project. */
export function Rounds() {
  const { t } = useTranslation()
  const { id, role } = useProject()
  const go = useNavigate()
  const sentence = useSentence()
  const list = useQuery(rounds(id))
  const open = useQuery(openTasks(id)).data
  const [busy, setBusy] = useState(false)
  const mayManage = role === 'owner' || role === 'editor'

  async function begin() {
    if (busy) return
    setBusy(true)
    try {
      const made = await createRound(id, t('round.newName', { n: (list.data?.length ?? 0) + 1 }))
      await go({ to: '/projects/$project/rounds/$round', params: { project: id, round: made.id } })
    } catch (error) {
      say(sentence(error))
    } finally {
      setBusy(false)
    }
  }

  useActions([
    ...(mayManage ? [{ id: 'round new', group: t('bar.rounds'), name: t('round.new'), run: () => void begin() }] : []),
    ...(list.data ?? []).map((round) => ({
      id: `round ${round.id}`,
      group: t('bar.rounds'),
      name: round.name,
      run: () => void go({ to: '/projects/$project/rounds/$round', params: { project: id, round: round.id } }),
    })),
  ])

  return (
    <main className="view" id="text" tabIndex={-1}>
      <div className="rounds">
        <header className="row rounds__head">
          <h1 className="grow">{t('bar.rounds')}</h1>
          {mayManage && list.data && list.data.length > 0 && (
            <Button leftSection={<Icon name="plus" />} loading={busy} onClick={() => void begin()}>
              {t('round.new')}
            </Button>
          )}
        </header>
        {list.isPending && <Lines count={8} />}
        {list.error && !list.data && <Problem error={list.error} again={() => void list.refetch()} />}
        {list.data?.length === 0 && (
          <section className="rounds__empty">
            <p>{t(mayManage ? 'round.empty' : 'round.emptyForOthers')}</p>
            {mayManage && (
              <Button loading={busy} onClick={() => void begin()}>
                {t('round.new')}
              </Button>
            )}
          </section>
        )}
        <ul className="rounds__list">
          {list.data?.map((round) => (
            <Line key={round.id} round={round} open={left(open ?? []).filter((o) => o.roundId === round.id).length} />
          ))}
        </ul>
      </div>
    </main>
  )
}

function Line({ round, open }: { round: Round; open: number }) {
  const { t } = useTranslation()
  const day = useDay()
  const isRunning = round.state === 'blind'
  const isLate = isRunning && round.dueOn !== '' && round.dueOn < today()
  return (
    <li className="card rounds__one">
      <div className="grow">
        <Link to="/projects/$project/rounds/$round" params={{ project: round.spaceId, round: round.id }}>
          <b>{round.name}</b>
        </Link>
        <p className="sm muted">
          {[
            t('round.notes', { count: round.noteIds.length }),
            t('round.codes', { count: round.codeIds.length }),
            t('round.coders', { count: round.coderIds.length }),
          ].join(', ')}
        </p>
      </div>
      {isRunning && open > 0 && <span className="sm">{t('round.left', { count: open })}</span>}
      {round.dueOn && round.state !== 'revealed' && (
        <span className={isLate ? 'sm bad' : 'sm muted'}>
          {t(isLate ? 'round.late' : 'round.due', { day: day(round.dueOn) })}
        </span>
      )}
      <State state={round.state} />
    </li>
  )
}
