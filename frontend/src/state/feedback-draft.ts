// A mark and a comment while they are typed: sent when the hand rests, kept in this tab until the server has
// them, and never written over what somebody else wrote meanwhile.

export type FeedbackWords = { mark: string; comment: string }
export type FeedbackSeen = FeedbackWords & { version: number }

/** What was typed, and the words on the server that it was typed over. */
export type FeedbackKept = { typed: FeedbackWords; over: FeedbackSeen }

/** How it stands: on the server, on its way, in this tab alone, or beside what somebody else wrote. */
export type FeedbackSaving = 'saved' | 'saving' | 'kept' | 'clash'
export type FeedbackState = { typed: FeedbackWords; saving: FeedbackSaving; theirs?: FeedbackWords; fault?: unknown }

export type FeedbackStore = {
  kept: () => FeedbackKept | undefined
  keep: (what: FeedbackKept | undefined) => void
  send: (over: number, words: FeedbackWords) => Promise<FeedbackSeen>
  read: () => Promise<FeedbackSeen>
  isStale: (error: unknown) => boolean
}

const rest = 800 // milliseconds without a key before it is sent
const patience = 5000 // milliseconds before what didn't get through is sent again

const same = (a: FeedbackWords, b: FeedbackWords) => a.mark === b.mark && a.comment === b.comment
const wordsOf = ({ mark, comment }: FeedbackWords): FeedbackWords => ({ mark, comment })

/** One draft of feedback; it goes on sending when nobody looks any more. */
export class FeedbackDraft {
  private over: FeedbackSeen
  /** What somebody else wrote, until it is chosen. */
  private beside: FeedbackSeen | undefined
  private now: FeedbackState
  private timer: ReturnType<typeof setTimeout> | undefined
  private running: Promise<void> | undefined
  private readonly listeners = new Set<() => void>()

  constructor(
    private readonly store: FeedbackStore,
    seen: FeedbackSeen,
  ) {
    const kept = store.kept()
    this.over = kept?.over ?? seen
    this.now = { typed: kept?.typed ?? wordsOf(seen), saving: kept ? 'kept' : 'saved' }
    if (kept) this.soon(0)
  }

  readonly listen = (changed: () => void) => {
    this.listeners.add(changed)
    return () => {
      this.listeners.delete(changed)
    }
  }

  readonly state = (): FeedbackState => this.now

  /** Takes what was typed. */
  type(words: FeedbackWords): void {
    this.store.keep({ typed: words, over: this.over })
    this.set({ ...this.now, typed: words, saving: this.now.saving === 'clash' ? 'clash' : 'saving' })
    if (this.now.saving !== 'clash') this.soon(rest)
  }

  /** Hears what the server has now: of a newer version nothing is shown over words that are being typed. */
  hear(seen: FeedbackSeen): void {
    if (seen.version <= this.over.version || this.running) return
    if (same(this.now.typed, this.over)) {
      this.over = seen
      this.set({ typed: wordsOf(seen), saving: 'saved' })
    } else if (same(seen, this.over)) this.over = seen
  }

  /** Chooses between what was typed here and what somebody else wrote. */
  choose(whose: 'mine' | 'theirs'): void {
    if (this.now.saving !== 'clash') return
    this.over = this.beside ?? this.over
    const typed = whose === 'mine' ? this.now.typed : wordsOf(this.over)
    this.set({ typed, saving: 'saving' })
    this.store.keep(whose === 'mine' ? { typed, over: this.over } : undefined)
    void this.flush()
  }

  /** Sends what isn't sent yet, at once. */
  flush(): Promise<void> {
    clearTimeout(this.timer)
    this.running ??= this.run().finally(() => {
      this.running = undefined
    })
    return this.running
  }

  private async run(): Promise<void> {
    while (this.now.saving !== 'clash') {
      const typed = this.now.typed
      if (same(typed, this.over)) {
        this.store.keep(undefined)
        this.set({ typed, saving: 'saved' })
        return
      }
      this.set({ typed, saving: 'saving' })
      try {
        this.over = await this.store.send(this.over.version, typed)
      } catch (error) {
        if (!this.store.isStale(error)) return this.fail(error)
        try {
          this.settle(await this.store.read(), typed)
        } catch (unread) {
          return this.fail(unread)
        }
      }
    }
  }

  /** Somebody wrote meanwhile: a remark, the same words, or others. */
  private settle(current: FeedbackSeen, sent: FeedbackWords) {
    if (same(current, this.over) || same(current, sent)) {
      this.over = current
      return
    }
    this.beside = current
    this.set({ typed: this.now.typed, saving: 'clash', theirs: wordsOf(current) })
  }

  private fail(fault: unknown) {
    this.set({ typed: this.now.typed, saving: 'kept', fault })
    this.soon(patience)
  }

  private soon(wait: number) {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.flush(), wait)
  }

  private set(state: FeedbackState) {
    this.now = state
    for (const listen of this.listeners) listen()
  }
}
