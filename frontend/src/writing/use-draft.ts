import { useCallback, useEffect, useRef, useState } from 'react'
import { type Fork, onNews } from '../state/device'
import { type Draft, isUnsent } from '../state/draft'
import { draftHere, keepDraft, openDraft } from '../state/drafts'
import { Keeping } from '../state/keeping'
import { flush, useAway } from '../state/queue'

/** How far what is written has come. */
export type Place = 'saved' | 'saving' | 'here' | 'nowhere'

type Given = Partial<Pick<Draft, 'note' | 'text' | 'noteId' | 'noteVersion'>>

// How long nothing has to be typed until it is sent, and how long it is put off at most.
const quiet = 1500
const most = 5000

/**
 * A draft while it is written: kept on this device with each change, and on the server soon after. Begin
 * makes it where neither has it; moved is told when it goes on under another id.
 */
export function useDraft(project: string, id: string, begin: () => Draft | undefined, moved: (to: string, reason: Fork) => void) {
  const [draft, setDraft] = useState<Draft>()
  const [error, setError] = useState<unknown>()
  const [full, setFull] = useState(false)
  const [gone, setGone] = useState(false)
  const latest = useRef<Draft>(undefined)
  const firstUnsent = useRef(0)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const tellMoved = useRef(moved)
  tellMoved.current = moved
  const beginning = useRef(begin)
  beginning.current = begin
  const away = useAway()

  const take = useCallback((next: Draft | undefined) => {
    latest.current = next
    setDraft(next)
  }, [])

  const load = useCallback(async () => {
    setError(undefined)
    try {
      take((await openDraft(project, id)) ?? beginning.current())
    } catch (fault) {
      setError(fault)
    }
  }, [project, id, take])
  useEffect(() => {
    // Whoever was moved to this draft goes on where they were.
    if (latest.current?.id === id) return
    take(undefined)
    setGone(false)
    void load()
  }, [id, load, take])

  const [keeping] = useState(
    () =>
      new Keeping(
        async () => {
          const from = latest.current
          if (!from) return () => undefined
          const now = await keepDraft(from)
          const { id: own, rev, sent, version, tried } = now
          return () => {
            take({ ...(latest.current ?? now), id: own, rev, sent, version, tried })
            if (own !== from.id) tellMoved.current(own, 'written')
          }
        },
        (failed) => {
          setFull(failed)
          if (failed) return
          clearTimeout(timer.current)
          firstUnsent.current ||= Date.now()
          const left = firstUnsent.current + most - Date.now()
          timer.current = setTimeout(
            () => {
              firstUnsent.current = 0
              void flush()
            },
            Math.max(0, Math.min(quiet, left)),
          )
        },
      ),
  )

  /** Writes on. */
  const write = useCallback(
    (change: (before: Draft) => Given) => {
      if (!latest.current) return
      const { refused: _, ...before } = latest.current
      take({ ...before, ...change(before) })
      void keeping.change()
    },
    [keeping, take],
  )

  /** Waits until all is on this device. */
  const settle = useCallback(async (): Promise<Draft | undefined> => {
    while (keeping.behind && !full) await keeping.now()
    return latest.current
  }, [keeping, full])

  useEffect(() => {
    const hear = async (project_: string, id_: string) => {
      if (project_ !== project || id_ !== latest.current?.id) return
      const there = await draftHere(project, id_)
      const here = latest.current
      if (!here || here.id !== id_ || keeping.behind) return
      if (!there) return setGone(here.rev > 0)
      setGone(false)
      // Another tab wrote on, or the server has answered.
      if (there.rev >= here.rev) take(there)
    }
    const follow = async (to: string, reason: Fork) => {
      const there = await draftHere(project, to)
      const here = latest.current
      if (!there || !here) return
      take(keeping.behind ? { ...there, note: here.note, text: here.text } : there)
      tellMoved.current(to, reason)
      if (keeping.behind) void keeping.now()
    }
    return onNews((news) => {
      if (news.about === 'draft') void hear(news.project, news.id)
      // Who kept it under another id knows; this is for the others, and for what the server found.
      if (news.about === 'fork' && news.project === project && news.id === latest.current?.id && !keeping.busy)
        void follow(news.to, news.reason)
    })
  }, [project, take, keeping])

  // A tab that is left sends at once.
  useEffect(
    () => () => {
      clearTimeout(timer.current)
      void flush()
    },
    [],
  )

  let place: Place = 'saved'
  if (full) place = 'nowhere'
  else if (keeping.behind) place = 'saving'
  else if (draft && isUnsent(draft)) place = away || draft.refused !== undefined ? 'here' : 'saving'
  return { draft, error, place, gone, again: load, write, settle, adopt: take }
}
