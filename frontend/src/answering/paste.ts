import type { ClipboardEvent } from 'react'
import { lightFromHtml } from '../text/from-html'
import { insertInto } from '../writing/insert'

/** Takes what is pasted from a word processor or a page as light Markdown; plain words go in as they are. */
export function pasteLight(event: ClipboardEvent<HTMLTextAreaElement>, changed: (value: string) => void): void {
  const words = lightFromHtml(event.clipboardData.getData('text/html'))
  if (words === undefined) return
  event.preventDefault()
  insertInto(event.currentTarget, words, changed)
}
