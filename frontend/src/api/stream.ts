// Reads live streams: server-sent events over fetch, which can carry the access token.

import { probe } from './network'
import type { components } from './schema'
import { accessToken, refresh } from './session'

export type StreamMessage =
  | { kind: 'hello' | 'reset'; id: string }
  | { kind: 'change'; id: string; change: components['schemas']['StreamChange'] }
  | News

/** What is told as it is now: it has no position, and can't be taken up again after a break. */
export type News =
  | { kind: 'upload'; upload: UploadNews }
  | { kind: 'presence'; presence: PresenceNews }
  | { kind: 'inbox'; inbox: object }

/** Where a member reads now; an empty note says that they read nowhere any more. */
export type PresenceNews = { userId: string; noteId: string; block: number }

/** How an upload of one's own stands. */
export type UploadNews = { id: string; state: 'receiving' | 'reading' | 'ready' | 'refused' | 'committed'; received: number }

/** How a stream stands: messages come, the network is gone, or the right to read has ended. */
export type StreamState = 'open' | 'lost' | 'ended'

/** What becomes of what a stream tells. */
export type Told<Message> = { message: (message: Message) => void; state: (state: StreamState) => void }

/** Follows a project's stream from a position, or from now. */
export const follow = (project: string, position: string | undefined, signal: AbortSignal, told: Told<StreamMessage>) =>
  read(`projects/${encodeURIComponent(project)}`, parsed, position, signal, told)

/**
 * Follows a stream until it is aborted, and takes it up again after each break. It doesn't go on where the
 * session has ended, or the right to read.
 */
export async function read<Message extends object>(
  of: string,
  parse: (part: string) => Message | undefined,
  position: string | undefined,
  signal: AbortSignal,
  told: Told<Message>,
): Promise<void> {
  let pause = first
  while (!signal.aborted) {
    try {
      const token = await accessToken()
      const response = await fetch(`/api/v1/${of}/stream`, {
        headers: { Authorization: `Bearer ${token}`, ...(position && { 'Last-Event-ID': position }) },
        cache: 'no-store',
        signal,
      })
      if (response.status === 401 && (await refresh())) continue
      if ([401, 403, 404].includes(response.status)) return told.state('ended')
      if (!response.ok || !response.body) throw new Error(`stream: ${response.status}`)
      told.state('open')
      pause = first
      for await (const part of parts(response.body)) {
        const message = parse(part)
        if (!message) continue
        if ('id' in message) position = message.id as string
        told.message(message)
      }
    } catch {
      if (signal.aborted) return
      void probe()
    }
    told.state('lost')
    await wait(pause * (0.75 + Math.random() / 2), signal)
    pause = Math.min(2 * pause, 30_000)
  }
}

const first = 500 // milliseconds before it is tried again the first time

/** Waits, or until the network is said to be back. */
function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      window.removeEventListener('online', end)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, milliseconds)
    window.addEventListener('online', end)
    signal.addEventListener('abort', end)
  })
}

async function* parts(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader()
  let rest = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      const whole = (rest + value).split('\n\n')
      rest = whole.pop() ?? ''
      yield* whole
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

/** A line of a message by its name. */
export const field = (part: string, name: string) =>
  part
    .split('\n')
    .find((line) => line.startsWith(`${name}: `))
    ?.slice(name.length + 2)

/** One message of a project's stream; undefined for a heartbeat. */
function parsed(part: string): StreamMessage | undefined {
  const [id, kind, data] = ['id', 'event', 'data'].map((name) => field(part, name))
  if (data && (kind === 'upload' || kind === 'presence' || kind === 'inbox')) return { kind, [kind]: JSON.parse(data) } as News
  if (id === undefined) return undefined
  if (kind === 'change' && data) return { kind, id, change: JSON.parse(data) }
  return kind === 'hello' || kind === 'reset' ? { kind, id } : undefined
}
