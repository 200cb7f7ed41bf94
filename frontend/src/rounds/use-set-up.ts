import { useCallback, useEffect, useRef, useState } from 'react'
import { Refused } from '../api/client'
import { useDraft } from '../codebook/draft'
import type { Round } from '../state/queries'
import { adoptRound, changeRound, type RoundFields } from '../state/rounds'
import { clashes, type Field, rest, sendable, type Unsaved, without } from './set-up'

const pause = 500 // milliseconds without a change after which it is saved
const patience = 5000 // before it is tried again without a network

/** What others wrote in the same fields meanwhile. */
export type Clash = { theirs: Round; fields: Field[] }

export type SetUp = {
  /** The round with what isn't saved yet. */
  round: Round
  change: (fields: RoundFields) => void
  /** Saves what isn't yet, and gives the round as it then is; undefined if that failed. */
  save: () => Promise<Round | undefined>
  state: 'saved' | 'saving' | 'kept'
  fault: unknown
  clash: Clash | undefined
  settle: (keep: boolean) => void
}

/** A draft that saves itself. What others write in other fields comes in; what they write in the same is asked about. */
export function useSetUp(round: Round): SetUp {
  const [unsaved, keep] = useDraft<Unsaved>(`round ${round.id}`)
  const [state, setState] = useState<SetUp['state']>('saved')
  const [fault, setFault] = useState<unknown>()
  const [clash, setClash] = useState<Clash>()
  const latest = useRef({ round, unsaved, clash })
  if (round.version >= latest.current.round.version) latest.current.round = round
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const running = useRef<Promise<boolean>>(undefined)

  const set = useCallback(
    (next: Unsaved | undefined) => {
      latest.current.unsaved = next
      keep(next)
    },
    [keep],
  )

  /** Sends what isn't saved until nothing is left; false if that failed. */
  const send = useCallback(async (): Promise<boolean> => {
    for (;;) {
      const now = latest.current.unsaved
      const sent = now && sendable(now.mine)
      if (!now || !sent || Object.keys(sent).length === 0) break
      if (latest.current.clash) return false
      setState('saving')
      try {
        const saved = await changeRound(now.base, sent)
        latest.current.round = saved
        set(rest(latest.current.unsaved ?? now, sent, saved))
        setFault(undefined)
      } catch (error) {
        const theirs = current(error)
        if (theirs) {
          adoptRound(theirs)
          latest.current.round = theirs
          const unsaved = latest.current.unsaved ?? now
          const fields = clashes(unsaved, theirs)
          if (fields.length === 0) {
            set({ base: theirs, mine: unsaved.mine })
            continue
          }
          latest.current.clash = { theirs, fields }
          setClash(latest.current.clash)
          setState('kept')
          return false
        }
        setState('kept')
        if (error instanceof Refused && !error.problem) timer.current = setTimeout(() => void latestFlush.current(), patience)
        else {
          setFault(error)
          // It can't be saved as it is: what the server has stands, and is shown.
          set(undefined)
          setState('saved')
        }
        return false
      }
    }
    setState('saved')
    return true
  }, [set])

  const flush = useCallback(async (): Promise<Round | undefined> => {
    clearTimeout(timer.current)
    running.current ??= send().finally(() => {
      running.current = undefined
    })
    return (await running.current) ? latest.current.round : undefined
  }, [send])
  const latestFlush = useRef(flush)
  latestFlush.current = flush

  // What was written and not sent, as after a reload or when the view is left, goes out.
  useEffect(() => {
    if (latest.current.unsaved) void latestFlush.current()
    return () => void latestFlush.current()
  }, [])

  const change = useCallback(
    (fields: RoundFields) => {
      const { unsaved, round } = latest.current
      set({ base: unsaved?.base ?? round, mine: { ...unsaved?.mine, ...fields } })
      clearTimeout(timer.current)
      timer.current = setTimeout(() => void flush(), pause)
    },
    [flush, set],
  )

  const settle = useCallback(
    (keepMine: boolean) => {
      const { clash, unsaved } = latest.current
      latest.current.clash = undefined
      setClash(undefined)
      if (clash && unsaved) {
        set(keepMine ? { base: clash.theirs, mine: unsaved.mine } : without(unsaved, clash.fields, clash.theirs))
      }
      void flush()
    },
    [flush, set],
  )

  // What was just typed isn't saved yet, though nothing is under way.
  const waits = unsaved && (state === 'kept' || Object.keys(sendable(unsaved.mine)).length === 0)
  const standing = unsaved ? (waits ? 'kept' : 'saving') : state
  return { round: { ...round, ...unsaved?.mine } as Round, change, save: flush, state: standing, fault, clash, settle }
}

/** The round as the server has it, if a change was refused because it was changed meanwhile. */
function current(error: unknown): Round | undefined {
  return error instanceof Refused && error.problem?.status === 412 ? (error.problem.current as Round | undefined) : undefined
}
