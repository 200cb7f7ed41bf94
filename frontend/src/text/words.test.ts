import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { countWords } from './words'

type Vectors = { texts: { name: string; text: string; words: number }[] }
const vectors: Vectors = JSON.parse(readFileSync(new URL('../../../testdata/words.json', import.meta.url), 'utf8'))

test.each(vectors.texts)('$name', ({ text, words }) => expect(countWords(text)).toBe(words))
test('a line break behind a text changes nothing', () => {
  for (const { text, words } of vectors.texts) expect(countWords(`${text}\n`), text).toBe(words)
})
