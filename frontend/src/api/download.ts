import { Refused } from './client'
import { accessToken } from './session'

/** Saves what lies at a path under /api/v1 as a file: under the name that the server gives it, or else `name`. */
export async function download(path: string, name: string): Promise<void> {
  const response = await ask(path)
  if (!response.ok) throw new Refused(await response.json().catch(() => undefined))
  const address = URL.createObjectURL(await response.blob())
  const link = document.createElement('a')
  link.href = address
  link.download = nameIn(response.headers.get('Content-Disposition')) ?? name
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 60_000) // some browsers read it only after the click
}

async function ask(path: string): Promise<Response> {
  try {
    return await fetch(`/api/v1${path}`, { headers: { Authorization: `Bearer ${await accessToken()}` } })
  } catch {
    throw new Refused(undefined)
  }
}

function nameIn(disposition: string | null): string | undefined {
  const encoded = /filename\*=utf-8''([^;]+)/i.exec(disposition ?? '')?.[1]
  if (encoded) return decodeURIComponent(encoded)
  return /filename="([^"]+)"/.exec(disposition ?? '')?.[1]
}
