import { describe, expect, test } from 'vitest'
import { stacked } from './margin'

describe('cards beside a block', () => {
  test('stand where their words are', () => expect(stacked([0, 60, 120], 180)).toEqual([0, 60, 120]))
  test('stand below one another where words are close', () => expect(stacked([0, 0, 30], 180)).toEqual([0, 32, 64]))
  test('stay within the block', () => expect(stacked([0, 150, 150], 180)).toEqual([0, 120, 152].map((y) => y)))
  test('are folded where there is no room', () => expect(stacked([0, 0, 0, 0, 0], 96)).toHaveLength(3))
  test('have one at least beside the shortest block', () => expect(stacked([0, 0], 20)).toEqual([0]))
  test('never overlap and never leave the block, however crowded', () => {
    for (let n = 1; n < 12; n++) {
      for (let height = 40; height < 400; height += 37) {
        const tops = stacked(
          Array.from({ length: n }, (_, i) => (i * 53) % height).sort((a, b) => a - b),
          height,
        )
        tops.forEach((top, i) => {
          expect(top).toBeGreaterThanOrEqual(0)
          expect(top + 28).toBeLessThanOrEqual(height)
          if (i > 0) expect(top - (tops[i - 1] as number)).toBeGreaterThanOrEqual(32)
        })
      }
    }
  })
})
