// Files on their way to the server. XMLHttpRequest is used, since fetch doesn't tell how far it has come.

import { isProblem, Refused, type Schemas } from './client'
import { accessToken, refresh } from './session'

export type UploadFields = Omit<Schemas['UploadMetadata'], 'files'>
export type Imported = Schemas['ImportedFile']

type Way = {
  signal: AbortSignal
  /** Called with how many bytes have gone out. */
  sent: (bytes: number) => void
}

/** Makes a note of a file at an address behind /api/v1, and gives what became of it. It throws Refused, or what the signal was aborted with. */
export async function upload(to: string, file: File, fields: UploadFields, way: Way): Promise<Imported> {
  const form = new FormData()
  form.append('metadata', new Blob([JSON.stringify(fields)], { type: 'application/json' }))
  form.append('files', file, file.name)
  const path = `/api/v1/${to}`
  let answer = await send(path, form, await token(), way)
  if (answer.status === 401 && (await refresh().catch(() => undefined))) answer = await send(path, form, await token(), way)
  if (answer.status !== 200) throw new Refused(isProblem(answer.body) ? answer.body : undefined)
  const { items } = answer.body as { items: Imported[] }
  if (!items[0]) throw new Refused(undefined)
  return items[0]
}

async function token(): Promise<string> {
  try {
    return await accessToken()
  } catch {
    throw new Refused(undefined)
  }
}

function send(path: string, form: FormData, access: string, way: Way): Promise<{ status: number; body: unknown }> {
  return new Promise((resolve, reject) => {
    way.signal.throwIfAborted()
    const request = new XMLHttpRequest()
    const abort = () => request.abort()
    way.signal.addEventListener('abort', abort, { once: true })
    request.upload.onprogress = (event) => way.sent(event.loaded)
    request.onload = () => resolve({ status: request.status, body: request.response })
    request.onerror = () => reject(new Refused(undefined))
    request.onabort = () => reject(way.signal.reason)
    request.onloadend = () => way.signal.removeEventListener('abort', abort)
    request.open('POST', path)
    request.responseType = 'json'
    request.setRequestHeader('Authorization', `Bearer ${access}`)
    request.send(form)
  })
}
