// What word processors and pages put on the clipboard, as light Markdown. It is read as a document that is never
// shown: nothing of it runs, and nothing is fetched for it.

type Style = { strong: boolean; emphasis: boolean; url: string }
/** A paragraph, an item of a list and so on: the sign before it, and its words. */
type Place = { kind: 'paragraph' | 'line' | 'heading' | 'item' | 'quote'; sign: string }
type Piece = Style & { text: string }

const unseen = 'script, style, template, head, title, meta, link, noscript, iframe, object, svg, math, select, textarea, button'
const blocks =
  'p, div, li, h1, h2, h3, h4, h5, h6, blockquote, tr, pre, ul, ol, dl, dt, dd, table, section, article, header, footer, hr'
const paragraph: Place = { kind: 'paragraph', sign: '' }

/** Reads HTML as light Markdown; undefined where it has nothing that plain words haven't. */
export function lightFromHtml(html: string): string | undefined {
  const reader = new Reader()
  reader.walk(new DOMParser().parseFromString(html, 'text/html').body, paragraph, { strong: false, emphasis: false, url: '' })
  reader.end(paragraph)
  return reader.isRich ? reader.text : undefined
}

class Reader {
  text = ''
  /** Whether anything was met that plain words haven't. */
  isRich = false
  private pieces: Piece[] = []
  private last: Place['kind'] | undefined
  private sign = ''
  // How far the numbered lists are.
  private readonly counts = new WeakMap<Element, number>()

  walk(node: Node, place: Place, style: Style) {
    for (const child of node.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) this.add(child.nodeValue ?? '', style, child.parentElement?.closest('pre') != null)
      else if (child instanceof Element) this.element(child, place, style)
    }
  }

  private element(element: Element, place: Place, style: Style) {
    const css = (element.getAttribute('style') ?? '').toLowerCase()
    if (element.matches(unseen) || /display:\s*none|mso-hide:\s*all/.test(css)) return
    if (/mso-list:\s*ignore/.test(css)) {
      // Word writes the bullet or the number of an item as words of it.
      const number = /\d{1,4}[.)]/.exec(element.textContent ?? '')
      this.sign = number ? `${number[0]} ` : '- '
      return
    }
    if (element.matches('br')) return this.add('\n', style, true)
    const own = styleOf(element, css, style)
    if (place.kind === 'heading') own.strong = false // a heading stands out as it is
    if (!element.matches(blocks)) {
      this.walk(element, place, own)
      if (element.matches('td, th')) this.add(' ', style)
      return
    }
    this.end(place)
    const within = element.matches('li') ? this.item(element) : placeOf(element, css, place)
    this.walk(element, within, own)
    this.end(within)
  }

  private item(item: Element): Place {
    const list = item.parentElement
    if (!list?.matches('ol')) return { kind: 'item', sign: '- ' }
    const number = this.counts.get(list) ?? (Number(list.getAttribute('start')) || 1)
    this.counts.set(list, number + 1)
    return { kind: 'item', sign: `${number}. ` }
  }

  private add(words: string, style: Style, asIs = false) {
    const text = asIs ? words : words.replace(/[\p{Cc}\u00a0 ]+/gu, ' ')
    if (text !== '') this.pieces.push({ text, ...style })
  }

  /** Ends what is being read. */
  end(place: Place) {
    const words = this.words()
    const sign = this.sign || place.sign
    const kind = this.sign ? 'item' : place.kind
    this.pieces = []
    this.sign = ''
    if (words === '') return
    const isTight = kind === this.last && kind !== 'paragraph' && kind !== 'heading'
    if (this.text !== '') this.text += isTight ? '\n' : '\n\n'
    this.text += kind === 'quote' ? words.replace(/^/gm, sign) : `${sign}${kind === 'item' ? words.replaceAll('\n', ' ') : words}`
    this.isRich ||= kind !== 'line'
    this.last = kind
  }

  /** The words of what is being read, with the signs around those that stand out. */
  private words(): string {
    let out = ''
    const pieces = joined(this.pieces)
    for (const [i, piece] of pieces.entries()) {
      const [, before = '', words = '', after = ''] = /^(\s*)([\s\S]*?)(\s*)$/.exec(piece.text) ?? []
      const next = after || pieces[i + 1]?.text || ''
      const isFree = !/[\p{L}\p{N}_*]$/u.test(out + before) && !/^[\p{L}\p{N}_*]/u.test(next)
      out += before + (words && isFree ? this.signed(words, piece) : words) + after
    }
    return out
      .replace(/[ \t]+/g, ' ')
      .replace(/ ?\n ?/g, '\n')
      .trim()
  }

  private signed(words: string, { strong, emphasis, url }: Style): string {
    if (url && url !== words && !/[[\]\n]/.test(words)) {
      this.isRich = true
      return `[${words}](${url})`
    }
    const sign = strong ? '**' : '*'
    if (!(strong || emphasis) || words.length > 1000 || words.includes('\n')) return words
    this.isRich = true
    return sign + words + sign
  }
}

/** Pieces of the same style as one. */
function joined(pieces: Piece[]): Piece[] {
  const out: Piece[] = []
  for (const piece of pieces) {
    const last = out.at(-1)
    const isSame = last?.strong === piece.strong && last.emphasis === piece.emphasis && last.url === piece.url
    if (last && isSame) last.text += piece.text
    else out.push({ ...piece })
  }
  return out
}

function styleOf(element: Element, css: string, before: Style): Style {
  const weight = /(?<!-)font-weight:\s*(\w+)/.exec(css)?.[1]
  const slant = /(?<!-)font-style:\s*(\w+)/.exec(css)?.[1]
  return {
    strong: weight ? /bold|[6-9]00/.test(weight) : before.strong || element.matches('b, strong'),
    emphasis: slant ? /italic|oblique/.test(slant) : before.emphasis || element.matches('i, em'),
    url: (element.matches('a') && addressOf(element.getAttribute('href') ?? '')) || before.url,
  }
}

/** An address of the web, written so that it can stand in parentheses; empty for any other. */
function addressOf(href: string): string {
  return /^https?:\/\/[^\s<>]{1,1900}$/i.test(href) ? href.replaceAll('(', '%28').replaceAll(')', '%29') : ''
}

function placeOf(element: Element, css: string, before: Place): Place {
  if (element.matches('h1, h2, h3, h4, h5, h6')) return { kind: 'heading', sign: '## ' }
  const style = element.className
  if (element.matches('blockquote') || /MsoQuote|MsoIntenseQuote/i.test(style)) return { kind: 'quote', sign: '> ' }
  if (/mso-list:\s*l\d+ level\d/.test(css)) return { kind: 'item', sign: '- ' }
  if (before.kind !== 'paragraph' && before.kind !== 'line') return before
  return element.matches('div, tr, dt, dd, pre') ? { kind: 'line', sign: '' } : paragraph
}
