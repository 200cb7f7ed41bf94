import { describe, expect, it } from 'vitest'
import { light, plain } from './light'
import { Points } from './units'

const shown = (text: string) =>
  light(text).map(
    ({ kind, number, lines }) =>
      `${kind}${number} ${lines
        .flat()
        .map((r) => r.text)
        .join('|')}`,
  )

describe('light', () => {
  it('reads paragraphs, headings, lists and quotes', () => {
    expect(shown('## The nail\n\nOne line\nand the next\n- a list\n2. with numbers\n> said\n> and said again')).toEqual([
      'heading The nail',
      'paragraph One line|and the next',
      'item a list',
      'item2. with numbers',
      'quote said|and said again',
    ])
  })

  it('leaves signs out where they stand at words, and nowhere else', () => {
    expect(shown('a **strong *and* more** end')).toEqual(['paragraph a |strong |and| more| end'])
    expect(shown('2 * 3 * 4 and snake_case_name and *open')).toEqual(['paragraph 2 * 3 * 4 and snake_case_name and *open'])
    const [block] = light('**a** *b* __c__ _d_')
    expect(
      block?.lines
        .flat()
        .filter((r) => r.strong)
        .map((r) => r.text),
    ).toEqual(['a', 'c'])
    expect(
      block?.lines
        .flat()
        .filter((r) => r.emphasis)
        .map((r) => r.text),
    ).toEqual(['b', 'd'])
  })

  it('reads links to the web, and leaves others as they are', () => {
    const [block] = light('see [the *call* list](https://havn.example/list) and [x](javascript:alert)')
    expect(block?.lines.flat().map((r) => [r.text, r.url])).toEqual([
      ['see ', undefined],
      ['the ', 'https://havn.example/list'],
      ['call', 'https://havn.example/list'],
      [' list', 'https://havn.example/list'],
      [' and [x](javascript:alert)', undefined],
    ])
  })

  it('gives the words alone', () => {
    expect(plain('## The **nail**\n\n- and *the* key')).toBe('The nail and the key')
  })

  it('keeps the place of every word, in code points', () => {
    const text = '## 🛟 Havn\n\n- **skibet** er 𝒻orsinket\n> *hvorfor* 👩‍👩‍👧'
    const points = new Points(text)
    const runs = light(text).flatMap((block) => block.lines.flat())
    expect(runs.length).toBeGreaterThan(4)
    for (const run of runs) expect(points.slice(run.start, run.end)).toBe(run.text)
  })

  it('is quick with signs that never end', () => {
    const began = performance.now()
    light('*a '.repeat(20_000))
    light('**a_'.repeat(20_000))
    expect(performance.now() - began).toBeLessThan(3000)
  })

  it('reads a million signs of many marks in a moment', () => {
    const [block] = light('word and **more** of it, [there](https://example.org). '.repeat(20_000))
    expect(block?.lines[0]).toHaveLength(80_001)
  })
})
