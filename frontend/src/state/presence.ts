// Who reads where: the stream tells it while it changes, and one tab of this browser tells where its reader is.

import { queryOptions } from '@tanstack/react-query'
import { answer, api } from '../api/client'
import type { PresenceNews } from '../api/stream'
import { alone } from './device'
import { onHello } from './live'

/** Who reads where in a project. Whoever fell silent is left out by the server alone, so it is asked now and then. */
export const presence = (project: string) =>
  queryOptions({
    queryKey: ['project', project, 'presence'],
    queryFn: async (): Promise<PresenceNews[]> =>
      (await answer(api.GET('/api/v1/projects/{project}/presence', { params: { path: { project } } }))).items,
    refetchInterval: 60_000,
  })

const look = 1000 // milliseconds after which it is looked where the reader is, and told if they are elsewhere
const again = 15_000 // milliseconds after which it is told anew that they are still there

/**
 * Tells others where the reader is, for as long as the tab is seen; of several tabs one tells. `placeOf` gives
 * the block that is read, counted from 0. Gives what ends it.
 */
export function tellPlace(project: string, note: string, placeOf: () => number): () => void {
  let ended = false
  let stop: (() => void) | undefined

  const isSeen = () => !ended && document.visibilityState === 'visible'

  function turn() {
    if (!isSeen()) stop?.()
    else if (!stop) begin()
  }

  function begin() {
    let halt = () => {}
    const halted = new Promise<void>((resolve) => {
      halt = resolve
    })
    const mine = () => {
      if (stop === mine) stop = undefined
      halt()
    }
    stop = mine
    // A tab that waited for the others may have been left meanwhile.
    alone(`presence ${project}`, () => (stop === mine ? tell(project, note, placeOf, halted) : Promise.resolve())).catch(
      () => undefined,
    )
  }

  document.addEventListener('visibilitychange', turn)
  turn()
  return () => {
    ended = true
    document.removeEventListener('visibilitychange', turn)
    turn()
  }
}

/** Tells a place until it is halted, and then that the reader is gone. */
async function tell(project: string, note: string, placeOf: () => number, halted: Promise<void>): Promise<void> {
  const params = { path: { project } }
  let told = { block: -1, at: 0 }
  const step = () => {
    const now = { block: placeOf(), at: Date.now() }
    if (now.block === told.block && now.at - told.at < again) return
    told = now
    // What doesn't arrive is told again with the next place.
    void api
      .PUT('/api/v1/projects/{project}/presence', { params, body: { noteId: note, block: now.block } })
      .catch(() => undefined)
  }
  // With the last stream of somebody their place goes too.
  const forget = onHello(() => {
    told = { block: -1, at: 0 }
  })
  const timer = setInterval(step, look)
  step()
  await halted
  clearInterval(timer)
  forget()
  await api.DELETE('/api/v1/projects/{project}/presence', { params, keepalive: true }).catch(() => undefined)
}
