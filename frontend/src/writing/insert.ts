/** Puts words into the place of what is selected in a field, so that the browser's own undo takes them out again. */
export function insertInto(area: HTMLTextAreaElement, words: string, changed: (value: string) => void): void {
  area.focus()
  // The only way into a field that the browser's own undo knows of.
  if (document.execCommand('insertText', false, words)) return
  area.setRangeText(words, area.selectionStart, area.selectionEnd, 'end')
  changed(area.value)
}
