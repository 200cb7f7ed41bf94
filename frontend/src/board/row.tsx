import type { TFunction } from 'i18next'
import { memo } from 'react'
import type { BoardRow } from '../state/board'
import { Icon } from '../ui/icons'
import { Who } from '../ui/tile'
import { StateBadge, StateMark } from './marks'
import { as } from './roles'
import { isIn, keyOf, standsAt } from './rows'
import type { useDurations } from './words'

type Props = {
  row: BoardRow
  /** Since when nothing was written, in minutes. */
  minutes: number | undefined
  isStill: boolean
  /** The column that the keys are in, -1 for another row. */
  here: number
  /** The column that is open beside the board, -1 for none of this row. */
  open: number
  t: TFunction
  durations: ReturnType<typeof useDurations>
}

/** A student or a group. It is drawn anew only when something of it changes. */
export const Row = memo(function Row({ row, minutes, isStill, here, open, t, durations }: Props) {
  const stands = isStill ? standsAt(row) : undefined
  const still = isStill && minutes !== undefined ? t('classBoard.still', { time: durations.long(minutes) }) : ''
  return (
    <tr data-key={keyOf(row)} {...as.row}>
      <th scope="row" {...as.name}>
        <span className="row">
          <span className="board__who" aria-hidden="true">
            <Who name={row.name} small />
          </span>
          <span className="clip" title={row.people.length > 0 ? row.people.join(', ') : undefined}>
            {row.name}
            {row.organisation.name && <span className="muted xs board__at"> · {row.organisation.name}</span>}
          </span>
        </span>
      </th>
      {row.cells.map((cell, column) => {
        const isStandstill = stands === cell.promptId
        const name = { name: row.name, n: column + 1, state: t(`answerState.${cell.state}`) }
        return (
          <td key={cell.promptId} {...as.cell} className="c">
            <button
              type="button"
              className={`st st--${cell.state}`}
              data-column={column}
              tabIndex={here === column ? 0 : -1}
              aria-label={isStandstill ? `${t('classBoard.cell', name)}, ${still}` : t('classBoard.cell', name)}
              aria-current={open === column || undefined}
              title={`${t('classBoard.words', { count: cell.words })}, ${t('classBoard.passages', { count: cell.passages })}`}
            >
              <StateMark state={cell.state} />
              {isStandstill && (
                <span className="st__still">
                  <Icon name="clock" />
                </span>
              )}
              {cell.others > 0 && <span className="st__others num">+{cell.others}</span>}
            </button>
          </td>
        )
      })}
      <td {...as.cell} className="when num">
        <When row={row} minutes={minutes} still={still} t={t} durations={durations} />
      </td>
    </tr>
  )
})

type WhenProps = Pick<Props, 'row' | 'minutes' | 't' | 'durations'> & { still: string }

function When({ row, minutes, still, t, durations }: WhenProps) {
  if (isIn(row)) {
    const key =
      row.state === 'returned' ? 'answerState.returned' : row.late ? 'classBoard.submittedLate' : 'answerState.submitted'
    return <StateBadge state={row.state} words={t(key)} />
  }
  if (still) {
    return (
      <span className="badge badge--bad">
        <Icon name="clock" />
        <span className="begins">{still}</span>
      </span>
    )
  }
  if (minutes === undefined) return <span className="sr">{t('answerState.notBegun')}</span>
  return minutes < 1 ? t('classBoard.writingNow') : durations.ago(minutes)
}
