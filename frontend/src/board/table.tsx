import { type CSSProperties, type KeyboardEvent, type MouseEvent, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Board } from '../state/board'
import type { Code } from '../state/queries'
import { inLanguage, languageOf } from '../teaching/bilingual'
import { pressed } from '../ui/keys'
import { Tile } from '../ui/tile'
import { as } from './roles'
import { Row } from './row'
import { isStill, keyOf, moved, type Part, readyFor, tally } from './rows'
import { minutesSince, useDurations } from './words'

type Props = {
  prompts: Board['prompts']
  parts: readonly Part[]
  codes: readonly Code[]
  isGroups: boolean
  now: number
  /** What is open beside the board. */
  open: { key: string; prompt: string } | undefined
  onOpen: (key: string, prompt: string) => void
}

/** Students or groups by prompts. The arrow keys walk from cell to cell; only one of them is in the order of Tab. */
export function BoardTable({ prompts, parts, codes, isGroups, now, open, onOpen }: Props) {
  const { t, i18n } = useTranslation()
  const durations = useDurations()
  const table = useRef<HTMLTableElement>(null)
  const [at, setAt] = useState({ key: '', column: 0 })
  const rows = useMemo(() => parts.flatMap((part) => part.rows), [parts])
  const here = rows.some((row) => keyOf(row) === at.key) ? at : { key: rows[0] ? keyOf(rows[0]) : '', column: 0 }

  function cellOf(target: EventTarget) {
    const button = (target as Element).closest<HTMLElement>('button[data-column]')
    const key = button?.closest<HTMLElement>('tr')?.dataset.key
    return button && key ? { key, column: Number(button.dataset.column) } : undefined
  }

  function click({ target }: MouseEvent) {
    const cell = cellOf(target)
    const prompt = cell && prompts[cell.column]
    if (prompt) onOpen(cell.key, prompt.id)
  }

  function press(event: KeyboardEvent) {
    const cell = cellOf(event.target)
    if (!cell) return
    const row = rows.findIndex((one) => keyOf(one) === cell.key)
    const to = moved({ row, column: cell.column }, pressed(event.nativeEvent), rows.length, prompts.length)
    const next = to && rows[to.row]
    if (!to || !next) return
    event.preventDefault()
    const button = table.current?.querySelector<HTMLElement>(
      `tr[data-key="${CSS.escape(keyOf(next))}"] button[data-column="${to.column}"]`,
    )
    button?.focus()
  }

  return (
    // The buttons in its cells have the clicks and the keys; they are heard here once for all.
    <table
      ref={table}
      className="board"
      {...as.table}
      style={{ '--prompts': prompts.length } as CSSProperties}
      onClick={click}
      onKeyDown={press}
      onFocus={({ target }) => {
        const cell = cellOf(target)
        if (cell && (cell.key !== at.key || cell.column !== at.column)) setAt(cell)
      }}
    >
      <caption className="sr">{t(isGroups ? 'classBoard.captionGroups' : 'classBoard.caption')}</caption>
      <thead {...as.part}>
        <tr {...as.row}>
          <th scope="col" {...as.column}>
            {t(isGroups ? 'classBoard.group' : 'classBoard.student')}{' '}
            <span className="board__at">{t('classBoard.andOrganisation')}</span>
          </th>
          {prompts.map((prompt, i) => {
            const code = codes.find(({ id }) => id === prompt.codeId)
            const title = inLanguage(prompt.title, i18n.language)
            return (
              <th key={prompt.id} scope="col" {...as.column} className="c" title={title}>
                {code && <Tile code={code} />}
                <span className="sr">{i + 1}. </span>
                <span className="board__prompt" lang={languageOf(prompt.title, i18n.language)}>
                  {title}
                </span>
              </th>
            )
          })}
          <th scope="col" {...as.column} className="when">
            {t('classBoard.lastChange')}
          </th>
        </tr>
      </thead>
      {parts.map((part) => (
        <tbody key={part.name} {...as.part}>
          {parts.length > 1 && <Heading part={part} columns={prompts.length + 2} isGroups={isGroups} />}
          {part.rows.map((row) => {
            const key = keyOf(row)
            return (
              <Row
                key={key}
                row={row}
                minutes={minutesSince(row.changedAt, now)}
                isStill={isStill(row, now)}
                here={key === here.key ? here.column : -1}
                open={key === open?.key ? prompts.findIndex(({ id }) => id === open.prompt) : -1}
                t={t}
                durations={durations}
              />
            )
          })}
        </tbody>
      ))}
      <tfoot {...as.part}>
        <tr {...as.row}>
          <th scope="row" {...as.name}>
            {t('classBoard.readyOf', { count: rows.length })}
          </th>
          {prompts.map((prompt) => (
            <td key={prompt.id} {...as.cell} className="c num">
              {readyFor(rows, prompt.id)}
            </td>
          ))}
          <td {...as.cell} />
        </tr>
      </tfoot>
    </table>
  )
}

function Heading({ part, columns, isGroups }: { part: Part; columns: number; isGroups: boolean }) {
  const { t } = useTranslation()
  const { rows, ready, answers } = tally(part.rows)
  return (
    <tr className="grp" {...as.row}>
      <th colSpan={columns} scope="rowgroup" {...as.name} aria-colspan={columns}>
        {part.name || t('classBoard.noGroup')}{' '}
        <span className="muted num">
          · {t(isGroups ? 'classBoard.groups' : 'classBoard.students', { count: rows })},{' '}
          {t('classBoard.readyOfAll', { ready, all: answers })}
        </span>
      </th>
    </tr>
  )
}
