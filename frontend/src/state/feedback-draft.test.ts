import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { FeedbackDraft, type FeedbackKept, type FeedbackSeen } from './feedback-draft'

const stale = new Error('stale')
const away = new Error('away')

/** A server with one record, and what a tab keeps. */
function world(begins: FeedbackSeen = { version: 0, mark: '', comment: '' }) {
  const there = { record: begins, kept: undefined as FeedbackKept | undefined, isAway: false, sent: 0 }
  const store = {
    kept: () => there.kept,
    keep: (what: FeedbackKept | undefined) => {
      there.kept = what
    },
    async send(over: number, words: { mark: string; comment: string }) {
      there.sent++
      if (there.isAway) throw away
      if (over !== there.record.version) throw stale
      there.record = { ...words, version: over + 1 }
      return there.record
    },
    read: async () => there.record,
    isStale: (error: unknown) => error === stale,
  }
  return { there, draft: () => new FeedbackDraft(store, there.record) }
}

describe('a draft of feedback', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('is sent once when the hand rests, and then kept no longer', async () => {
    const { there, draft } = world()
    const mine = draft()
    mine.type({ mark: '', comment: 'W' })
    mine.type({ mark: '', comment: 'Well' })
    expect(there.kept?.typed.comment).toBe('Well')
    await vi.advanceTimersByTimeAsync(1000)
    expect(there).toMatchObject({ sent: 1, kept: undefined, record: { version: 1, comment: 'Well' } })
    expect(mine.state().saving).toBe('saved')
  })

  it('stays in the tab without a network, and arrives later, also from another visit', async () => {
    const { there, draft } = world()
    there.isAway = true
    const mine = draft()
    mine.type({ mark: '10', comment: '' })
    await vi.advanceTimersByTimeAsync(1000)
    expect(mine.state()).toMatchObject({ saving: 'kept', fault: away })
    const later = draft()
    expect(later.state()).toMatchObject({ saving: 'kept', typed: { mark: '10' } })
    there.isAway = false
    await vi.advanceTimersByTimeAsync(10_000)
    expect(there.record).toMatchObject({ mark: '10' })
    expect([mine.state().saving, later.state().saving]).toEqual(['saved', 'saved'])
  })

  it('goes on over a remark that came between', async () => {
    const { there, draft } = world({ version: 3, mark: '', comment: 'a' })
    const mine = draft()
    mine.type({ mark: '', comment: 'ab' })
    there.record = { ...there.record, version: 4 }
    await vi.advanceTimersByTimeAsync(1000)
    expect(there.record).toEqual({ version: 5, mark: '', comment: 'ab' })
  })

  it('writes over nobody: one chooses', async () => {
    const { there, draft } = world({ version: 3, mark: '', comment: 'a' })
    const mine = draft()
    mine.type({ mark: '', comment: 'mine' })
    there.record = { version: 4, mark: '7', comment: 'theirs' }
    await vi.advanceTimersByTimeAsync(1000)
    expect(mine.state()).toMatchObject({ saving: 'clash', typed: { comment: 'mine' }, theirs: { mark: '7', comment: 'theirs' } })
    mine.type({ mark: '', comment: 'mine still' })
    await vi.advanceTimersByTimeAsync(10_000)
    expect(there.record.version).toBe(4)
    expect(there.kept?.over.version).toBe(3)
    mine.choose('mine')
    await vi.advanceTimersByTimeAsync(0)
    expect(there.record).toEqual({ version: 5, mark: '', comment: 'mine still' })
    expect(there.kept).toBeUndefined()
  })

  it('takes theirs if that is wished', async () => {
    const { there, draft } = world({ version: 3, mark: '', comment: 'a' })
    const mine = draft()
    mine.type({ mark: '', comment: 'mine' })
    there.record = { version: 4, mark: '7', comment: 'theirs' }
    await vi.advanceTimersByTimeAsync(1000)
    mine.choose('theirs')
    await vi.advanceTimersByTimeAsync(0)
    expect(mine.state()).toEqual({ typed: { mark: '7', comment: 'theirs' }, saving: 'saved' })
    expect(there.record.version).toBe(4)
  })

  it('shows what another wrote where nothing is typed', () => {
    const { draft } = world({ version: 3, mark: '', comment: 'a' })
    const mine = draft()
    mine.hear({ version: 4, mark: '2', comment: 'b' })
    expect(mine.state()).toEqual({ typed: { mark: '2', comment: 'b' }, saving: 'saved' })
    mine.hear({ version: 3, mark: '', comment: 'a' })
    expect(mine.state().typed.mark).toBe('2')
  })
})
