import { Button, NativeSelect } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { StreamState } from '../api/stream'
import { locale } from '../i18n'
import type { Board, BoardRow } from '../state/board'
import type { Exercise } from '../state/exercises'
import { useDueWords } from '../teaching/due-words'
import { useTitle } from '../teaching/exercise-frame'
import { TakeOut, tables } from '../teaching/take-out'
import { Icon } from '../ui/icons'
import { StateMark } from './marks'
import { ReturnAll } from './return-all'
import { type Choice, groupsOf, type Order, orders, tally } from './rows'

type HeadProps = { exercise: Exercise; board: Board; stream: StreamState; mayReturn: boolean; mayExport: boolean }

/** What is being answered, how far all have come, and whether the board is live. */
export function BoardHead({ exercise, board, stream, mayReturn, mayExport }: HeadProps) {
  const { t } = useTranslation()
  const { title, lang } = useTitle()(exercise)
  const due = useDueWords()
  const { rows, submitted, returned, ready, answers } = tally(board.rows)
  const summary = [
    t(exercise.work === 'group' ? 'classBoard.groups' : 'classBoard.students', { count: rows }),
    exercise.due && t('classBoard.due', { at: due(new Date(exercise.due), exercise.timeZone).there }),
    t('classBoard.submitted', { count: submitted }),
    returned > 0 && t('classBoard.returned', { count: returned }),
    t('classBoard.answersReady', { ready, all: answers }),
  ]
  return (
    <div className="row bd__head">
      <div className="grow">
        <h1 className="bd__title" lang={lang}>
          {title}
        </h1>
        <p className="sm muted num">{summary.filter(Boolean).join(' · ')}</p>
      </div>
      <span className={`badge badge--${stream === 'open' ? 'ok' : 'plain'}`} role="status">
        <Icon name={stream === 'open' ? 'check' : 'away'} />
        {t(`classBoard.live.${stream}`)}
      </span>
      {mayExport && (
        <TakeOut from={`/exercises/${exercise.id}`} name={title} formats={tables}>
          {(icon, busy) => (
            <Button variant="default" size="sm" leftSection={icon} aria-busy={busy}>
              {t('takeOut.export')}
            </Button>
          )}
        </TakeOut>
      )}
      {mayReturn && <ReturnAll exercise={exercise.id} rows={board.rows} />}
    </div>
  )
}

type ChoicesProps = { rows: readonly BoardRow[]; choice: Choice; help: number; onChange: (choice: Choice) => void }

/** Which rows are shown in which order, and what the marks mean. */
export function Choices({ rows, choice, help, onChange }: ChoicesProps) {
  const { t, i18n } = useTranslation()
  const groups = groupsOf(rows, locale(i18n.language))
  const kept = orders.filter((order) => order !== 'group' || groups.length > 0)
  return (
    <div className="row bd__choices">
      {groups.length > 0 && (
        <NativeSelect
          size="xs"
          aria-label={t('classBoard.showGroup')}
          value={choice.group}
          onChange={({ currentTarget }) => onChange({ ...choice, group: currentTarget.value })}
          data={[{ value: '', label: t('classBoard.allGroups') }, ...groups.map((name) => ({ value: name, label: name }))]}
        />
      )}
      <Button
        size="xs"
        variant={choice.help ? 'filled' : 'default'}
        aria-pressed={choice.help}
        leftSection={<Icon name="filter" />}
        onClick={() => onChange({ ...choice, help: !choice.help })}
      >
        {t('classBoard.needsHelp')}&nbsp;<span className="num">{help}</span>
      </Button>
      <NativeSelect
        size="xs"
        aria-label={t('classBoard.order')}
        value={kept.includes(choice.order) ? choice.order : 'name'}
        onChange={({ currentTarget }) => onChange({ ...choice, order: currentTarget.value as Order })}
        data={kept.map((order) => ({ value: order, label: t(`classBoard.orders.${order}`) }))}
      />
      <span className="grow" />
      <Key />
    </div>
  )
}

const marks = [
  ['ready', 'ok'],
  ['evidenceMissing', 'warn'],
  ['writing', ''],
  ['notBegun', ''],
  ['submitted', 'ok'],
  ['returned', 'ok'],
] as const

/** The key of marks. */
function Key() {
  const { t } = useTranslation()
  return (
    <ul className="bd__key" aria-label={t('classBoard.key')}>
      {marks.map(([state, tone]) => (
        <li key={state} className={tone}>
          <StateMark state={state} />
          <span className="begins">{t(`answerState.${state}`)}</span>
        </li>
      ))}
      <li className="bad">
        <Icon name="clock" />
        {t('classBoard.stillKey')}
      </li>
    </ul>
  )
}
