// Reads a project's live stream: server-sent events over fetch, which can carry the access token.

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

/**
 * Follows a project's stream from a position (or from now) until it is aborted, and takes it up again
 * after each break. It doesn't go on where the session or the membership has ended.
 */
export async function follow(
  project: string,
  position: string | undefined,
  signal: AbortSignal,
  told: { message: (message: StreamMessage) => void; state: (state: StreamState) => void },
): Promise<void> {
  let pause = first
  while (!signal.aborted) {
    try {
      const token = await accessToken()
      const response = await fetch(`/api/v1/projects/${encodeURIComponent(project)}/stream`, {
        headers: { Authorization: `Bearer ${token}`, ...(position && { 'Last-Event-ID': position }) },
        cache: 'no-store',
        signal,
      })
      if (response.status === 401 && (await refresh())) continue
      if ([401, 403, 404].includes(response.status)) return told.state('ended')
      if (!response.ok || !response.body) throw new Error(`stream: ${response.status}`)
      told.state('open')
      pause = first
      for await (const message of messages(response.body)) {
        if ('id' in message) position = message.id
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

async function* messages(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamMessage> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader()
  let rest = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      const parts = (rest + value).split('\n\n')
      rest = parts.pop() ?? ''
      for (const part of parts) {
        const message = parsed(part)
        if (message) yield message
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

/** One message of a stream; undefined for a heartbeat. */
function parsed(part: string): StreamMessage | undefined {
  const field = (name: string) =>
    part
      .split('\n')
      .find((line) => line.startsWith(`${name}: `))
      ?.slice(name.length + 2)
  const [id, kind, data] = [field('id'), field('event'), field('data')]
  if (data && (kind === 'upload' || kind === 'presence' || kind === 'inbox')) return { kind, [kind]: JSON.parse(data) } as News
  if (id === undefined) return undefined
  if (kind === 'change' && data) return { kind, id, change: JSON.parse(data) }
  return kind === 'hello' || kind === 'reset' ? { kind, id } : undefined
}
