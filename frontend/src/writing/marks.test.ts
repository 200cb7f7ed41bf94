import { expect, it } from 'vitest'
import { type Mark, marked } from './marks'

/** Puts a mark on what stands between | and |, and gives the text with the selection after. */
function put(mark: Mark, text: string): string {
  const start = text.indexOf('|')
  const end = text.lastIndexOf('|') - 1
  const plain = text.replaceAll('|', '')
  const { from, to, insert, select } = marked(plain, start, Math.max(start, end), mark, '14:26')
  const after = plain.slice(0, from) + insert + plain.slice(to)
  return `${after.slice(0, select[0])}|${after.slice(...select)}|${after.slice(select[1])}`
}

it.each<[Mark, string, string]>([
  ['strong', 'the |grey| fields', 'the **|grey|** fields'],
  ['strong', 'the **|grey|** fields', 'the |grey| fields'],
  ['emphasis', 'the |grey| fields', 'the *|grey|* fields'],
  ['emphasis', 'the *|grey|* fields', 'the |grey| fields'],
  ['emphasis', 'the **|grey|** fields', 'the ***|grey|*** fields'],
  ['strong', '||', '**||**'],
  ['heading', 'One\nTw||o\nThree', 'One\n## Two||\nThree'],
  ['list', '|One\nTwo|', '- One\n- Two||'],
  ['list', '|- One\n- Two|', 'One\nTwo||'],
  ['quote', 'He |said|', '> He said||'],
  ['time', 'Before||', 'Before [14:26] ||'],
  ['time', '||', '[14:26] ||'],
])('%s on %j', (mark, before, after) => {
  expect(put(mark, before)).toBe(after)
})
