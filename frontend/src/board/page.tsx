import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { locale } from '../i18n'
import { useActions } from '../shell/palette'
import { type Board as BoardData, board } from '../state/board'
import { useBoardLive } from '../state/board-live'
import { type Exercise, exerciseCodes } from '../state/exercises'
import { useCourse } from '../teaching/course-frame'
import { useExercise } from '../teaching/exercise-frame'
import { useKeys } from '../ui/keys'
import { Lines, Problem } from '../ui/problem'
import type { Opened } from './address'
import { BoardHead, Choices } from './head'
import { Panel } from './panel'
import { arranged, type Choice, keyOf, needsHelp } from './rows'
import { BoardTable } from './table'
import './board.css'
import './panel.css'

/** Who has come how far with an exercise, while they work on it. */
export function Board() {
  const exercise = useExercise()
  const seen = useQuery(board(exercise.id))
  if (seen.data) return <Loaded exercise={exercise} board={seen.data} />
  return (
    <main className="view bd__wait" id="text" tabIndex={-1}>
      {seen.error ? <Problem error={seen.error} again={() => void seen.refetch()} /> : <Lines count={14} />}
    </main>
  )
}

function Loaded({ exercise, board }: { exercise: Exercise; board: BoardData }) {
  const { t, i18n } = useTranslation()
  const { may } = useCourse()
  const go = useNavigate()
  const { who = '', prompt = '' } = useSearch({ strict: false }) as Opened
  const codes = useQuery(exerciseCodes(exercise.id)).data ?? none
  const [choice, setChoice] = useState<Choice>({ group: '', help: false, order: 'group' })
  const now = useNow()
  const language = locale(i18n.language)
  const open = board.rows.find((row) => keyOf(row) === who)
  const stream = useBoardLive(exercise.id, open?.submissionId)
  const parts = useArranged(board, choice, now, language)
  const shown = useMemo(() => parts.flatMap((part) => part.rows.map(keyOf)), [parts])

  const openAt = useCallback(
    (key: string, at: string) =>
      void go({
        to: '/exercises/$exercise/board',
        params: { exercise: exercise.id },
        search: key ? { who: key, prompt: at } : {},
        replace: true,
      }),
    [go, exercise.id],
  )
  const close = () => {
    const cell = document.querySelector<HTMLElement>(`tr[data-key="${CSS.escape(who)}"] [aria-current]`)
    openAt('', '')
    const back = cell ?? document.querySelector<HTMLElement>('.board button[tabindex="0"]')
    back?.focus()
  }
  const step = (by: 1 | -1) => {
    const at = shown.indexOf(who)
    const next = at < 0 ? shown[0] : shown[(at + by + shown.length) % shown.length]
    if (next) openAt(next, prompt || (board.prompts[0]?.id ?? ''))
  }
  const toggleHelp = () => setChoice({ ...choice, help: !choice.help })
  useKeys({
    ...(open && { n: () => step(1), p: () => step(-1), Escape: close }),
    h: toggleHelp,
  })
  const group = t('classBoard.title')
  useActions([
    { id: 'board help', group, name: t('classBoard.showHelp'), keys: 'H', run: toggleHelp },
    { id: 'board next', group, name: t('boardPanel.next'), keys: 'N', run: () => step(1) },
    { id: 'board previous', group, name: t('boardPanel.previous'), keys: 'P', run: () => step(-1) },
  ])

  return (
    <div className={open ? 'bd bd--open' : 'bd'}>
      <main className="bd__main" id="text" tabIndex={-1}>
        <BoardHead
          exercise={exercise}
          board={board}
          stream={stream}
          mayReturn={may('returnWork')}
          mayExport={may('exportWork')}
        />
        <Choices
          rows={board.rows}
          choice={choice}
          help={board.rows.filter((row) => needsHelp(row, now)).length}
          onChange={setChoice}
        />
        <div className="bd__scroll">
          {board.rows.length === 0 && <p className="bd__none">{t('classBoard.none')}</p>}
          {board.rows.length > 0 && shown.length === 0 && (
            <p className="bd__none">{t(choice.help ? 'classBoard.nobodyNeedsHelp' : 'classBoard.nobody')}</p>
          )}
          {shown.length > 0 && (
            <BoardTable
              prompts={board.prompts}
              parts={parts}
              codes={codes}
              isGroups={exercise.work === 'group'}
              now={now}
              open={open && { key: who, prompt }}
              onOpen={openAt}
            />
          )}
        </div>
      </main>
      {open && (
        <Panel
          exercise={exercise}
          row={open}
          prompt={prompt}
          codes={codes}
          onStep={shown.length > 1 ? step : undefined}
          onClose={close}
        />
      )}
    </div>
  )
}

const none: [] = []

/** The time, as often as what is said of it may change. */
function useNow(): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 20_000)
    return () => clearInterval(timer)
  }, [])
  return now
}

/**
 * The rows in their order. Rows stay where they are while others write: the order is made anew when another
 * one is chosen, somebody comes or goes, or who needs help changes.
 */
function useArranged(board: BoardData, choice: Choice, now: number, language: string) {
  const who = board.rows.map((row) => `${keyOf(row)}${row.group}${row.name}`).join()
  const help = choice.help ? board.rows.map((row) => Number(needsHelp(row, now))).join('') : ''
  // biome-ignore lint/correctness/useExhaustiveDependencies: nothing else moves a row
  const order = useMemo(
    () => arranged(board.rows, choice, now, language).map((part) => ({ name: part.name, keys: part.rows.map(keyOf) })),
    [choice, language, who, help],
  )
  return useMemo(() => {
    const byKey = new Map(board.rows.map((row) => [keyOf(row), row]))
    return order.map(({ name, keys }) => ({ name, rows: keys.flatMap((key) => byKey.get(key) ?? []) }))
  }, [order, board.rows])
}
