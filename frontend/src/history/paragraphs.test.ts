import { expect, test } from 'vitest'
import type { NoteText } from '../state/queries'
import { paragraphsOf, stretchesOf } from './paragraphs'

const text = (words: string): NoteText => ({
  noteId: 'note',
  textVersion: 1,
  text: words,
  blocks: [],
  marks: [],
  length: Array.from(words).length,
  authorId: 'author',
  createdAt: '',
})

const shown = (from: string, to: string, ...changes: [number, number, number, number][]) =>
  paragraphsOf(
    text(from),
    text(to),
    changes.map(([fromStart, fromEnd, toStart, toEnd]) => ({ fromStart, fromEnd, toStart, toEnd })),
  ).map(({ pieces }) => pieces.map((p) => ('same' in p ? p.same : `[${p.gone}|${p.came}]`)).join(''))

test('words that were replaced stand in their paragraph, counted in code points', () => {
  expect(shown('🛰 rød bil.\n\nSlut.', '🛰 blå bil.\n\nSlut.', [2, 5, 2, 5])).toEqual(['🛰 [rød|blå] bil.', 'Slut.'])
})

test('a paragraph that went or came stands by itself', () => {
  expect(shown('Et.\n\nTo.\n\nTre.', 'Et.\n\nTre.', [5, 10, 5, 5])).toEqual(['Et.', '[To.|]', 'Tre.'])
  expect(shown('Et.\n\nTre.', 'Et.\n\nTo.\n\nTre.', [5, 5, 5, 10])).toEqual(['Et.', '[|To.]', 'Tre.'])
})

test('two paragraphs that became one, or one that became two, show where', () => {
  expect(shown('Et.\n\nTo.', 'Et. To.', [3, 5, 3, 4])).toEqual(['Et.[¶| ]To.'])
  expect(shown('Et. To.', 'Et.\n\nTo.', [3, 4, 3, 5])).toEqual(['Et.[ |¶]', 'To.'])
})

test('what is far from a change is folded', () => {
  const words = Array.from({ length: 9 }, (_, i) => `Linje ${i}.`).join('\n\n')
  const at = words.indexOf('Linje 4')
  const paragraphs = paragraphsOf(text(words), text(words), [{ fromStart: at, fromEnd: at + 5, toStart: at, toEnd: at + 5 }])
  expect(stretchesOf(paragraphs).map((s) => ('folded' in s ? -s.folded.length : s.shown.length))).toEqual([-3, 3, -3])
})
