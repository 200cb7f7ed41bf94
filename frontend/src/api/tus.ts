// Files on their way to the server by the tus protocol: in pieces, so that what broke off goes on from
// where it was. Nothing of a file is remembered here; the server's list of open uploads tells what is there.

import { DetailedError, Upload } from 'tus-js-client'
import { isProblem, Refused } from './client'
import { reached } from './network'
import { accessToken, refresh } from './session'

type Way = {
  /** The upload that holds the beginning of the file already. */
  upload: string | undefined
  signal: AbortSignal
  /** Called with the upload's id as soon as the server has given one. */
  begun: (upload: string) => void
  /** Called with how many bytes have gone out. */
  sent: (bytes: number) => void
}

/** A piece is small enough to be signed anew before a token ends, also on a slow line. */
const piece = 16 * 1024 * 1024
/** A file as small as this goes out with the request that announces it. */
const small = 1024 * 1024

/** Sends a file, or what the server lacks of it. It throws Refused, or what the signal was aborted with. */
export async function send(project: string, file: File, path: string, way: Way): Promise<void> {
  let upload = way.upload
  const begun = (id: string) => {
    upload = id
    way.begun(id)
  }
  for (let again = true; ; again = false) {
    try {
      return await attempt(project, file, path, { ...way, upload, begun })
    } catch (error) {
      way.signal.throwIfAborted()
      const response = error instanceof DetailedError ? error.originalResponse : null
      if (response?.getStatus() === 401 && again && (await refresh().catch(() => undefined))) continue
      reached(response !== null)
      throw new Refused(response ? problem(response.getStatus(), response.getBody()) : undefined)
    }
  }
}

function attempt(project: string, file: File, path: string, way: Way): Promise<void> {
  const endpoint = `${location.origin}/api/v1/projects/${project}/uploads`
  return new Promise((resolve, reject) => {
    way.signal.throwIfAborted()
    const upload = new Upload(file, {
      // With both addresses, one that can't be asked for just now would be taken for one that is gone.
      ...(way.upload ? { uploadUrl: `${endpoint}/${way.upload}` } : { endpoint }),
      metadata: { filename: file.name, ...(path && { path }) },
      chunkSize: piece,
      uploadDataDuringCreation: !way.upload && file.size <= small,
      retryDelays: null, // the queue knows what else goes on, and when the network is back
      storeFingerprintForResuming: false,
      onBeforeRequest: async (request) => request.setHeader('Authorization', `Bearer ${await accessToken()}`),
      onAfterResponse: () => reached(true),
      onUploadUrlAvailable: () => upload.url && way.begun(upload.url.slice(upload.url.lastIndexOf('/') + 1)),
      onProgress: (bytes) => way.sent(bytes),
      onSuccess: () => end(resolve),
      onError: (error) => end(() => reject(error)),
    })
    const stop = () => void upload.abort().finally(() => reject(way.signal.reason))
    const end = (then: () => void) => {
      way.signal.removeEventListener('abort', stop)
      then()
    }
    way.signal.addEventListener('abort', stop, { once: true })
    upload.start()
  })
}

/** The problem in an answer; one without a sentence, where something else than our server answered. */
function problem(status: number, body: string) {
  try {
    const read: unknown = JSON.parse(body)
    if (isProblem(read)) return read
  } catch {
    // An answer to HEAD has no body.
  }
  return { type: 'about:blank' as const, title: String(status), status, detail: '', code: 'internal' as const }
}
