// Finds names by the beginnings of their words: "pr se" and "prse" both find "Project settings".

const letters = { æ: ['ae', 'a'], ø: ['oe', 'o'], å: ['aa', 'a'] } as const

/** Lower case without accents. The letters æ, ø and å are letters: they stay, or are written out in one of two ways. */
function folded(text: string, way: undefined | 0 | 1): string {
  let out = ''
  for (const letter of text.normalize('NFC').toLocaleLowerCase()) {
    if (letter in letters) out += way === undefined ? letter : letters[letter as keyof typeof letters][way]
    else out += letter.normalize('NFD').replace(/\p{M}/gu, '')
  }
  return out
}

const words = (text: string) => text.split(/[^\p{L}\p{N}]+/u).filter(Boolean)

/**
 * Says how well a name fits what was typed, 0 for best; undefined if it doesn't. Each typed word begins a word
 * of the name, or is put together from beginnings of words that follow each other.
 */
export function rankOf(name: string, typed: string): number | undefined {
  for (const way of [undefined, 0, 1] as const) {
    const rank = rankFolded(folded(name, way), folded(typed, undefined))
    if (rank !== undefined) return way === undefined ? rank : rank + 10
  }
  return undefined
}

function rankFolded(name: string, typed: string): number | undefined {
  const wanted = words(typed)
  if (wanted.length === 0) return 0
  if (name.startsWith(typed.trim())) return 0
  const all = words(name)
  let worst = 0
  for (const [i, word] of wanted.entries()) {
    const at = all.findIndex((w) => w.startsWith(word))
    if (at >= 0) worst = Math.max(worst, at === i ? 1 : 2)
    else if (composed(word, all)) worst = Math.max(worst, 3)
    else return undefined
  }
  return worst
}

/** Whether a word is put together from beginnings of these words, in their order; any of them may be left out. */
function composed(word: string, all: readonly string[]): boolean {
  const reached = new Set([0])
  for (const next of all) {
    for (const from of [...reached]) {
      for (let n = 1; n <= next.length && word[from + n - 1] === next[n - 1]; n++) reached.add(from + n)
    }
  }
  return reached.has(word.length)
}
