import { expect, test } from 'vitest'
import { batches } from './batches'

const note = (uploadId: string) => ({ uploadId })
const beside = (uploadId: string, attachTo: string) => ({ uploadId, attachTo })
const ids = (all: { uploadId: string }[][]) => all.map((batch) => batch.map((i) => i.uploadId).join(' '))

test('files are imported some at once, in their order', () => {
  expect(ids(batches([note('a'), note('b'), note('c')], 2))).toEqual(['a b', 'c'])
})
test('what belongs to a file goes with it', () => {
  expect(ids(batches([beside('sound', 'c'), note('a'), note('b'), note('c')], 3))).toEqual(['a b', 'c sound'])
})
test('nothing is no batch', () => expect(batches([])).toEqual([]))
