// Keeps what is newest until nothing newer is there: one writing at a time, however fast somebody types.

/** What is changed here, and how far it was kept. */
export class Keeping {
  private changed = 0
  private kept = 0
  private under: Promise<void> | undefined

  /**
   * `keep` keeps what is newest when it is called, and gives what is to be done then; `ended` is told when
   * all is kept, or can't be.
   */
  constructor(
    private readonly keep: () => Promise<() => void>,
    private readonly ended: (failed: boolean) => void,
  ) {}

  /** Whether something isn't kept yet. */
  get behind(): boolean {
    return this.kept < this.changed
  }

  /** Whether it is being kept. */
  get busy(): boolean {
    return this.under !== undefined
  }

  /** Notes a change, and keeps it. */
  change(): Promise<void> {
    this.changed++
    return this.now()
  }

  /** Keeps what isn't kept yet. */
  now(): Promise<void> {
    this.under ??= this.all()
      .then(
        () => this.ended(false),
        () => this.ended(true),
      )
      .finally(() => {
        this.under = undefined
      })
    return this.under
  }

  private async all() {
    while (this.behind) {
      const upTo = this.changed
      const then = await this.keep()
      this.kept = upTo
      then()
    }
  }
}
