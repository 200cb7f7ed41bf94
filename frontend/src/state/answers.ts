// What is written in exercises: kept on this device with each change, and sent. Windows that are closed, and
// servers that are gone, lose nothing: whatever wasn't sent goes with the next start of the app.

import { v7 as newID } from 'uuid'
import { answer, api, type Schemas } from '../api/client'
import { type Reply, replay, type Write } from '../api/replay'
import { arrived, isUnsent, type Kept, onStale, refusalOf, type Try, toSend } from './answer'
import { alone, device, tell } from './device'
import { cache } from './queries'
import { outcome } from './sending'

type Answer = Schemas['SubmissionAnswer']
export type SubmissionView = Schemas['SubmissionView']

/** Where a submission is kept, with its answers. */
export const submissionKey = (submission: string) => ['submission', submission] as const

const keyOf = ({ user, submission, record, writer }: Kept): [string, string, string, string] => [user, submission, record, writer]

/** What this device keeps of a submission. */
export async function keptOf(user: string, submission: string): Promise<Kept[]> {
  return (await (await device()).getAllFromIndex('answers', 'user', user)).filter((k) => k.submission === submission)
}

/** Keeps what was written; how far the server has it is for the sender to say. Gives it as it is kept. */
export async function keep(row: Kept): Promise<Kept> {
  const tx = (await device()).transaction('answers', 'readwrite')
  const there = await tx.store.get(keyOf(row))
  const { tried: _, ...words } = row
  const now = there ? { ...words, ...saidOf(there) } : row
  await tx.store.put(now)
  await tx.done
  news(now)
  return now
}

/** What of a row the sender says. */
function saidOf({ sent, version, beside, tried }: Kept): Pick<Kept, 'sent' | 'version' | 'beside' | 'tried'> {
  return { sent, version, beside, ...(tried && { tried }) }
}

/** Keeps a row as it is given: what was chosen, or taken over from the server. Not if it was written in meanwhile. */
export async function replace(before: Kept, row: Kept): Promise<boolean> {
  const tx = (await device()).transaction('answers', 'readwrite')
  const there = await tx.store.get(keyOf(row))
  const free = !there || (there.rev === before.rev && there.sent >= before.sent)
  if (free) await tx.store.put(row)
  await tx.done
  if (free) news(row)
  return free
}

/** Forgets what is kept of a window. */
export async function forget(row: Kept): Promise<void> {
  await (await device()).delete('answers', keyOf(row))
  news(row)
}

/** Gives one row as this device has it. */
export const rowHere = async (row: Kept): Promise<Kept | undefined> => (await device()).get('answers', keyOf(row))

const news = ({ submission, record, writer }: Kept) => tell({ about: 'answer', submission, record, writer })

/**
 * Sends all of a user's words that the server lacks. Gives in how many seconds to come again where it asked
 * for that, and fails when nobody answers.
 */
export async function sendAnswers(user: string): Promise<number | undefined> {
  for (const row of await (await device()).getAllFromIndex('answers', 'user', user)) {
    const later = await sendAnswer(row)
    if (later !== undefined) return later
  }
  return undefined
}

/** Sends one row as it is now, after what was sent before and isn't answered. The same result as of sendAnswers. */
export function sendAnswer(row: Kept): Promise<number | undefined> {
  return alone(`answer ${keyOf(row).join(' ')}`, async () => {
    for (;;) {
      const now = await rowHere(row)
      if (!now || !isUnsent(now) || now.refused || (now.about === 'organisation' && now.beside)) return undefined
      const trying = toSend(now, newID())
      // Words that are far too long aren't sent over and over while somebody cuts them down.
      const refused = refusalOf({ about: now.about, text: trying.text })
      if (refused) {
        await note(now, { refused, tried: undefined })
        return undefined
      }
      await note(now, { tried: trying })
      const reply = await replay(now.user, writeOf(now, trying))
      if (!reply) return undefined
      const later = await take(now, trying, reply)
      if (later !== undefined || trying.rev >= now.rev) return later
    }
  })
}

/** Writes something that only the sender says, whatever was written meanwhile. */
async function note(row: Kept, said: Partial<Kept>): Promise<void> {
  const tx = (await device()).transaction('answers', 'readwrite')
  const now = await tx.store.get(keyOf(row))
  if (now) await tx.store.put(without({ ...now, ...said }))
  await tx.done
  news(row)
}

/** A row without the parts that were taken from it. */
function without(row: Kept): Kept {
  if (row.tried === undefined) delete row.tried
  if (row.refused === undefined) delete row.refused
  return row
}

function writeOf({ about, submission, record, writer }: Kept, { revision, text, version, settles }: Try): Write {
  const path = `/submissions/${submission}`
  const seen = version > 0 ? { seen: version } : {}
  if (about === 'why') return { method: 'PATCH', project: '', key: '', path: `${path}/evidence/${record}`, body: { why: text } }
  if (about === 'organisation')
    return { method: 'PATCH', project: '', key: '', path, body: { organisation: JSON.parse(text) }, ...seen }
  const body = { text, revision, writer, ...(settles && { settles }) }
  return { method: 'PUT', project: '', key: '', path: `${path}/answers/${record}`, body, ...seen }
}

async function take(row: Kept, trying: Try, { status, body, problem, retryAfter }: Reply): Promise<number | undefined> {
  switch (outcome('PUT', status, problem?.code)) {
    case 'later':
      return retryAfter ?? 0
    case 'sent':
      await note(row, takeIn(row, trying, body))
      return undefined
  }
  if (problem?.code === 'version_stale' && row.about === 'organisation') {
    const params = { path: { submission: row.submission } }
    const view = await answer(api.GET('/api/v1/submissions/{submission}', { params }))
    const { organisation, version } = view.submission
    await note(row, onStale(row, { text: organisationText(organisation), version }))
    cache.setQueryData<SubmissionView>(submissionKey(row.submission), view)
    return undefined
  }
  const { code = 'internal', detail = '' } = problem ?? {}
  await note(row, { refused: { status, code, detail }, tried: undefined })
  // Why it can't be kept any more stands in the submission, which may have been handed in.
  void cache.invalidateQueries({ queryKey: submissionKey(row.submission) })
  return undefined
}

/** Brings what the server answered into what is kept of it, and gives what is to be noted in the row. */
function takeIn(row: Kept, trying: Try, body: unknown): Partial<Kept> {
  if (row.about === 'answer') {
    const saved = body as Schemas['SavedAnswer']
    putAnswer(row.submission, saved.answer)
    return arrived(row, trying, saved.answer)
  }
  if (row.about === 'organisation') {
    const submission = body as Schemas['Submission']
    cache.setQueryData<SubmissionView>(submissionKey(row.submission), (view) => view && { ...view, submission })
    return { sent: trying.rev, tried: undefined, refused: undefined, version: submission.version, base: trying.text }
  }
  putEvidence(row.submission, body as Schemas['Evidence'])
  return { sent: trying.rev, tried: undefined, refused: undefined }
}

/** An answer as this app knows it from the server. */
export const answerHere = (submission: string, prompt: string): Answer | undefined =>
  cache.getQueryData<SubmissionView>(submissionKey(submission))?.answers.find((a) => a.promptId === prompt)

/** Shows an answer as the server has just given it. */
export function putAnswer(submission: string, put: Answer): void {
  cache.setQueryData<SubmissionView>(
    submissionKey(submission),
    (view) =>
      view && {
        ...view,
        answers: view.answers.map((a) => (a.promptId === put.promptId ? { ...a, ...put } : a)),
      },
  )
}

/** Shows a passage as the server has just given it. */
function putEvidence(submission: string, one: Schemas['Evidence']) {
  const view = cache.getQueryData<SubmissionView>(submissionKey(submission))
  const of = view?.answers.find(({ evidence }) => evidence.some((e) => e.id === one.id))
  if (of) putAnswer(submission, { ...of, evidence: of.evidence.map((e) => (e.id === one.id ? one : e)) })
}

/** What somebody says of an organisation, as it is kept here. */
export const organisationText = ({ name, kind, why }: Schemas['Organisation']) => JSON.stringify({ name, kind, why })
