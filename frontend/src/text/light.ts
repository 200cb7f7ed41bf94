// Light Markdown as it is read: paragraphs, headings, lists, quotes, and words that are strong, emphasised
// or lead somewhere. What is left keeps its place in the text, in code points, so that words can be pointed at.

import { pointsOf } from './units'

export type LightRun = { start: number; end: number; text: string; strong: boolean; emphasis: boolean; url?: string }
export type LightBlock = { kind: 'paragraph' | 'heading' | 'item' | 'quote'; number: string; lines: LightRun[][] }

type Style = Pick<LightRun, 'strong' | 'emphasis' | 'url'>
/** Lines that belong together, by UTF-16 units. */
type Piece = { kind: LightBlock['kind']; number: string; parts: { from: number; text: string }[] }

const heading = /^#{1,6}\s+(?=\S)/
const item = /^\s{0,8}(?:[-*+•]|(\d{1,4}[.)]))\s+(?=\S)/
const quote = /^>\s?/
// Signs stand at words, and not within them; what is between them isn't longer than a sentence may be.
const signed = /(?<![\p{L}\p{N}_*])(\*\*|__|\*|_)(?=[^\s*_])([\s\S]{0,1000}?[^\s*_]|[^\s*_])\1(?![\p{L}\p{N}_*])/u
const link = /\[([^[\]\n]{1,300})\]\((https?:\/\/[^\s()<>]{1,2000})\)/

/** Reads a text as blocks; the signs of Markdown are in none of them. */
export function light(text: string): LightBlock[] {
  let units = 0
  let points = 0
  // Places only grow, so each stretch of the text is walked once.
  const pointAt = (unit: number) => {
    if (unit < units) return pointsOf(text, unit)
    points += pointsOf(text.slice(units, unit), unit - units)
    units = unit
    return points
  }
  return pieces(text).map(({ kind, number, parts }) => ({
    kind,
    number,
    lines: parts.map((part) =>
      styled(part.text, part.from, { strong: false, emphasis: false }).map((run) => ({
        ...run,
        start: pointAt(run.start),
        end: pointAt(run.end),
      })),
    ),
  }))
}

/** The words of a text without the signs of Markdown, on one line. */
export const plain = (text: string): string =>
  light(text)
    .flatMap(({ lines }) => lines.map((line) => line.map((run) => run.text).join('')))
    .join(' ')

function pieces(text: string): Piece[] {
  const out: Piece[] = []
  let open: Piece | undefined
  let from = 0
  for (const line of text.split('\n')) {
    const [kind, sign, number] = kindOf(line)
    const part = { from: from + sign, text: line.slice(sign) }
    const goesOn = open?.kind === kind && (kind === 'paragraph' || kind === 'quote')
    if (line.trim() === '') open = undefined
    else if (goesOn && open) open.parts.push(part)
    else {
      open = { kind, number, parts: [part] }
      out.push(open)
    }
    from += line.length + 1
  }
  return out
}

function kindOf(line: string): [Piece['kind'], number, string] {
  const asItem = item.exec(line)
  if (asItem) return ['item', asItem[0].length, asItem[1] ?? '']
  const asHeading = heading.exec(line)
  if (asHeading) return ['heading', asHeading[0].length, '']
  const asQuote = quote.exec(line)
  return asQuote ? ['quote', asQuote[0].length, ''] : ['paragraph', 0, '']
}

/** Cuts words where they become strong, emphasised or a link, and leaves the signs out. Places are in units. */
function styled(words: string, from: number, style: Style): LightRun[] {
  const out: LightRun[] = []
  const add = (text: string, at: number) => text && out.push({ start: at, end: at + text.length, text, ...style })
  let rest = words
  let at = from
  // What was found further on stays found while what stands before it is cut off.
  let linked = search(link, rest)
  let signedWords = search(signed, rest)
  for (let found = first(linked, signedWords); found; found = first(linked, signedWords)) {
    add(rest.slice(0, found.index), at)
    for (const run of styled(found.within, at + found.index + found.sign, { ...style, ...found.style })) out.push(run)
    const cut = found.index + found.length
    at += cut
    rest = rest.slice(cut)
    linked = further(link, linked, cut, rest)
    signedWords = further(signed, signedWords, cut, rest)
  }
  add(rest, at)
  return out
}

/** Where a sign was found in some words, and its parts. */
type Found = { index: number; parts: RegExpExecArray }

function search(sign: RegExp, words: string): Found | undefined {
  const parts = sign.exec(words)
  return parts ? { index: parts.index, parts } : undefined
}

/** What was found, after so much was cut off before the rest; it is looked for anew where it was cut. */
function further(sign: RegExp, found: Found | undefined, cut: number, rest: string): Found | undefined {
  if (found && found.index < cut) return search(sign, rest)
  return found && { ...found, index: found.index - cut }
}

/** The sign that stands first: what is within it, and how that is shown. */
function first(linked: Found | undefined, signedWords: Found | undefined) {
  if (linked && (!signedWords || linked.index <= signedWords.index)) {
    const [all, within = '', url = ''] = linked.parts
    return { index: linked.index, length: all.length, sign: 1, within, style: { url } }
  }
  if (!signedWords) return undefined
  const [all, sign = '', within = ''] = signedWords.parts
  const style: Partial<Style> = sign.length === 2 ? { strong: true } : { emphasis: true }
  return { index: signedWords.index, length: all.length, sign: sign.length, within, style }
}
