// Whether the server can be reached, as far as the last request told.

let away = !navigator.onLine
const listeners = new Set<(away: boolean) => void>()

/** Takes note of whether a request was answered, by whatever status. */
export function reached(answered: boolean): void {
  if (away !== answered) return
  away = !answered
  for (const listen of listeners) listen(away)
}

/** Whether the last request went unanswered. */
export const isAway = () => away

/** Tells whenever the server goes out of reach or comes back; gives what ends that. */
export function onNetwork(listen: (away: boolean) => void): () => void {
  listeners.add(listen)
  return () => listeners.delete(listen)
}

/** Asks the server whether it is there. */
export async function probe(): Promise<boolean> {
  const answered = await fetch('/healthz', { cache: 'no-store', signal: AbortSignal.timeout(10_000) }).then(
    (response) => response.ok,
    () => false,
  )
  reached(answered)
  return answered
}

// The browser's word is good news at most: a network isn't the server yet.
addEventListener('offline', () => reached(false))
addEventListener('online', () => void probe())
