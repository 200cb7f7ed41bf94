// What a class does appears on the board while it happens. Whatever isn't in the news is asked for
// at most every other second.

import { useEffect, useMemo, useState } from 'react'
import type { CellNews } from '../api/exercise-stream'
import type { StreamState } from '../api/stream'
import { applied } from '../board/rows'
import { type Board, board } from './board'
import { useExerciseStream } from './exercise-stream'
import { exercise } from './exercises'
import { cache } from './queries'

const pause = 2000 // milliseconds between two times that the same is asked for

/** Keeps the board of an exercise up to date for as long as the view is shown, and the work that is open beside it. */
export function useBoardLive(id: string, open: string | undefined): StreamState {
  const [state, setState] = useState<StreamState>('open')
  const keeper = useMemo(() => keep(id), [id])
  useEffect(() => keeper.stop, [keeper])
  useEffect(() => keeper.open(open), [keeper, open])
  useExerciseStream(id, {
    state: setState,
    message(message) {
      if (message.kind === 'cells') keeper.take(message.cells)
      else if (message.kind === 'submission') keeper.ask(message.submission.submissionId)
      else keeper.askAll()
    },
  })
  return state
}

/** Brings news into what is kept of an exercise. */
function keep(id: string) {
  const key = ['exercise', id]
  const isShown = { work: undefined as string | undefined }
  const again = throttled(pause, (what) => {
    if (what === 'all') void cache.invalidateQueries({ queryKey: exercise(id).queryKey, exact: true })
    if (what === 'all' || what === 'board') void cache.invalidateQueries({ queryKey: board(id).queryKey })
    if (what === 'all' || what === 'work') void cache.invalidateQueries({ queryKey: [...key, 'work', isShown.work] })
  })
  function take(all: readonly CellNews[]) {
    const known = cache.getQueryData(board(id).queryKey)
    if (!known) return
    const { board: now, unknown } = applied(known, all)
    cache.setQueryData<Board>(board(id).queryKey, now)
    if (unknown) again.ask('board')
    if (all.some(({ submissionId }) => submissionId === isShown.work)) again.ask('work')
  }
  return {
    take,
    /** Work was submitted, taken back, returned or begun. */
    ask(submission: string) {
      again.ask('board')
      if (submission === isShown.work) again.ask('work')
    },
    /** What was fetched before may lack what happened since. */
    askAll: () => again.ask('all'),
    open(work: string | undefined) {
      isShown.work = work
    },
    stop: again.stop,
  }
}

/** Does something at once, and after that at most once in a while however often it is asked for. */
export function throttled(wait: number, run: (what: string) => void) {
  const waits = new Map<string, { again: boolean; timer: ReturnType<typeof setTimeout> }>()
  function ask(what: string) {
    const waiting = waits.get(what)
    if (waiting) {
      waiting.again = true
      return
    }
    const timer = setTimeout(() => {
      const isAsked = waits.get(what)?.again
      waits.delete(what)
      if (isAsked) ask(what)
    }, wait)
    waits.set(what, { again: false, timer })
    run(what)
  }
  return {
    ask,
    stop() {
      for (const { timer } of waits.values()) clearTimeout(timer)
      waits.clear()
    },
  }
}
