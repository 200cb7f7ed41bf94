// Files that the server makes. They need the access token in a header, so no link can fetch them.

import { isProblem, Refused } from './client'
import { accessToken, refresh } from './session'

type Picker = (options: { suggestedName: string }) => Promise<{ createWritable(): Promise<WritableStream> }>

/** Saves what lies at a path under /api/v1 as a file, called so unless the server has a better name: straight to disk where the browser can, out of memory elsewhere. */
export async function download(path: string, name: string): Promise<void> {
  const asked = await place(name)
  if (asked === 'nowhere') return
  const response = await ask(path)
  if (asked) {
    await response.body?.pipeTo(await asked.createWritable()).catch(lost)
    return
  }
  const address = URL.createObjectURL(await response.blob().catch(lost))
  const link = document.createElement('a')
  link.href = address
  link.download = nameIn(response.headers.get('Content-Disposition')) ?? name
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}

/** A name of a file that every system takes. */
export const plainName = (name: string) => name.replace(/[/\\:*?"<>|\p{Cc}]/gu, '-').slice(0, 120)

/** Where the file goes, asked while the click still counts as the person's; undefined where a browser can't ask. */
async function place(name: string) {
  const picker = (window as { showSaveFilePicker?: Picker }).showSaveFilePicker
  if (!picker) return undefined
  try {
    return await picker.call(window, { suggestedName: name })
  } catch (error) {
    // Closed by the person; any other fault is the browser's, and the other way is left.
    return error instanceof DOMException && error.name === 'AbortError' ? 'nowhere' : undefined
  }
}

async function ask(path: string, again = true): Promise<Response> {
  const response = await fetch(`/api/v1${path}`, {
    headers: { Authorization: `Bearer ${await accessToken().catch(lost)}` },
  }).catch(lost)
  if (response.ok) return response
  if (response.status === 401 && again && (await refresh().catch(lost))) return ask(path, false)
  const body: unknown = await response.json().catch(() => undefined)
  throw new Refused(isProblem(body) ? body : undefined)
}

function lost(): never {
  throw new Refused(undefined)
}

/** The name that the server gives a file. */
function nameIn(disposition: string | null): string | undefined {
  const encoded = /filename\*=utf-8''([^;]+)/i.exec(disposition ?? '')?.[1]
  if (encoded) return decodeURIComponent(encoded)
  return /filename="([^"]+)"/.exec(disposition ?? '')?.[1]
}
