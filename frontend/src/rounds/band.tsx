import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useActions } from '../shell/palette'
import { useProject } from '../shell/project'
import { useUser } from '../shell/user'
import { notes, type Round } from '../state/queries'
import { markDone, tasks } from '../state/rounds'
import { Icon } from '../ui/icons'
import { useKeys } from '../ui/keys'
import { useSentence } from '../ui/problem'
import { say } from '../ui/toast'
import { useDay } from './dates'
import { after, left } from './left'

type Props = { project: string; note: string; round: Round; assigned: boolean }

/** Says over a note of a round what one sees and may do here until the round is revealed. */
export function RoundBand({ project, note, round, assigned }: Props) {
  const { t } = useTranslation()
  const { role } = useProject()
  const user = useUser()
  const day = useDay()
  const codes = assigned && round.state === 'blind' && role !== 'reader'
  return (
    <>
      <Icon name="eye" />
      <span className="grow">
        {sentence()}{' '}
        <Link to="/projects/$project/rounds/$round" params={{ project, round: round.id }}>
          {round.name}
        </Link>
      </span>
      {codes && <Progress project={project} note={note} round={round} />}
    </>
  )

  function sentence() {
    if (assigned && round.state === 'locked') return t('roundNote.locked')
    if (assigned) return round.dueOn ? t('roundNote.blindDue', { day: day(round.dueOn) }) : t('roundNote.blind')
    if (round.coderIds.includes(user.id)) return t('roundNote.notAssigned')
    return t('roundNote.others')
  }
}

/** Whether I am done with the note, and the way to my next one. */
function Progress({ project, note, round }: Omit<Props, 'assigned'>) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const go = useNavigate()
  const mine = useQuery(tasks(project, round.id)).data
  const title = useQuery(notes(project)).data?.find((n) => n.id === note)?.title ?? ''
  const isDone = mine?.find((task) => task.noteId === note)?.state === 'done'
  const open = left(mine ?? []).filter((task) => task.noteId !== note)
  const next = after(mine ?? [], note)

  function mark(done: boolean) {
    markDone(round, note, done, t('roundNote.doneWith', { title })).catch((error) => say(sentence(error)))
    say(t(done ? 'roundNote.saidDone' : 'roundNote.saidNotDone'), () => mark(!done))
  }
  const goOn = () => next && void go({ to: '/projects/$project/notes/$note', params: { project, note: next.noteId } })

  useKeys({ d: () => mine && mark(!isDone), g: goOn })
  useActions([
    { id: 'round done', group: t('palette.note'), name: t('roundNote.done'), keys: 'D', run: () => mark(!isDone) },
    ...(next ? [{ id: 'round next', group: t('palette.note'), name: t('roundNote.next'), keys: 'G', run: goOn }] : []),
  ])

  return (
    <>
      <span className="muted num">{mine && t('roundNote.left', { count: open.length + (isDone ? 0 : 1) })}</span>
      <Button
        size="compact-sm"
        variant={isDone ? 'light' : 'default'}
        aria-pressed={isDone}
        aria-keyshortcuts="d"
        disabled={!mine}
        leftSection={isDone && <Icon name="check" />}
        onClick={() => mark(!isDone)}
      >
        {t('roundNote.done')}
      </Button>
      <Button size="compact-sm" variant="subtle" aria-keyshortcuts="g" disabled={!next} onClick={goOn}>
        {t('roundNote.next')}
      </Button>
    </>
  )
}
