import { expect, test } from 'vitest'
import { tree } from './tree'

const records = [
  { id: 'town', name: 'Town' },
  { id: 'office', name: 'Office', parentId: 'town' },
  { id: 'desk', name: 'Desk', parentId: 'office' },
  { id: 'agency', name: 'Agency' },
  { id: 'lost', name: 'Lost', parentId: 'gone' },
]
const shown = (counts: Record<string, number>, chosen: string[], apart: boolean) =>
  tree(records, counts, chosen, apart).map((b) => `${'-'.repeat(b.depth)}${b.record.id} ${b.least}..${b.most}`)

test('a place counts what is within it', () => {
  expect(shown({ town: 1, desk: 4, agency: 2 }, [], true)).toEqual(['town 5..5', '-office 4..4', '--desk 4..4', 'agency 2..2'])
})

test('of codes, which lie upon each other, only bounds are known', () => {
  expect(shown({ town: 3, office: 4, desk: 1 }, [], false)).toEqual(['town 4..8', '-office 4..5', '--desk 1..1'])
})

test('what is chosen stays, and what has lost its parent stands by itself', () => {
  expect(shown({ lost: 1 }, ['desk'], true)).toEqual(['lost 1..1', 'town 0..0', '-office 0..0', '--desk 0..0'])
})
