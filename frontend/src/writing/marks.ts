// Light Markdown put into a text by a button. Pure: it tells what to put in the place of what.

export type Mark = 'heading' | 'strong' | 'emphasis' | 'list' | 'quote' | 'time'

/** The words from `from` to `to` become `insert`, and then `select` is selected. All in UTF-16 units. */
export type Marked = { from: number; to: number; insert: string; select: [number, number] }

const around: Partial<Record<Mark, string>> = { strong: '**', emphasis: '*' }
const before: Partial<Record<Mark, string>> = { heading: '## ', list: '- ', quote: '> ' }

/** Puts a mark on the selected words or lines, or takes it away where it stands. */
export function marked(text: string, start: number, end: number, mark: Mark, time: string): Marked {
  const sign = around[mark]
  if (sign !== undefined) return inline(text, start, end, sign)
  const sigil = before[mark]
  if (sigil !== undefined) return lines(text, start, end, sigil)
  const insert = `${start === 0 || text[start - 1] === '\n' || text[start - 1] === ' ' ? '' : ' '}[${time}] `
  return { from: start, to: end, insert, select: [start + insert.length, start + insert.length] }
}

function inline(text: string, start: number, end: number, sign: string): Marked {
  const n = sign.length
  const words = text.slice(start, end)
  const isSigned = text.slice(start - n, start) === sign && text.slice(end, end + n) === sign
  if (isSigned && start >= n && (n > 1 || text[start - 2] !== '*'))
    return { from: start - n, to: end + n, insert: words, select: [start - n, end - n] }
  return { from: start, to: end, insert: sign + words + sign, select: [start + n, end + n] }
}

function lines(text: string, start: number, end: number, sigil: string): Marked {
  const from = text.lastIndexOf('\n', start - 1) + 1
  const after = text.indexOf('\n', end)
  const to = after < 0 ? text.length : after
  const all = text.slice(from, to).split('\n')
  const has = all.every((line) => line.startsWith(sigil))
  const insert = all.map((line) => (has ? line.slice(sigil.length) : sigil + line)).join('\n')
  return { from, to, insert, select: [from + insert.length, from + insert.length] }
}
