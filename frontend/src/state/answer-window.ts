// What one window writes in a submission: at hand at once, on this device with each key, and on the server
// within two seconds of the first key that it lacks.

import { v7 as newID } from 'uuid'
import { type About, chosen, isUnsent, type Kept, latest, newKept, type Start, taken, written } from './answer'
import { answerHere, forget, keep, keptOf, replace, rowHere, type SubmissionView, sendAnswer } from './answers'
import { onNews } from './device'
import { Keeping } from './keeping'
import { flush } from './queue'

// How long after the first key that the server lacks it is sent, while typing goes on.
const soon = 1200

/** How far what is written has come. */
export type Place = 'saved' | 'saving' | 'here' | 'nowhere'

type Where = { user: string; exercise: string; submission: string }

/** One window that writes in a submission. */
export class AnswerWindow {
  private readonly rows = new Map<string, Kept>()
  private readonly keepings = new Map<string, Keeping>()
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>()
  private readonly listeners = new Set<() => void>()
  private readonly ends: (() => void)[] = []
  private full = false
  private at = ''
  /** Counts what happens here, for whoever shows it. */
  changes = 0

  private constructor(
    private readonly where: Where,
    readonly writer: string,
  ) {}

  /** Opens what this window wrote before a reload, or what a window that is gone has left. */
  static async open(where: Where): Promise<AnswerWindow> {
    const all = await keptOf(where.user, where.submission).catch(() => [])
    const { writer, free } = await writerOf(where, all)
    const here = new AnswerWindow(where, writer)
    here.ends.push(free)
    for (const row of all) if (row.writer === writer) here.rows.set(row.record, row)
    here.ends.push(onNews((news) => news.about === 'answer' && news.writer === writer && void here.hear(news.record)))
    const leave = () => document.visibilityState === 'hidden' && void here.send()
    document.addEventListener('visibilitychange', leave)
    window.addEventListener('pagehide', leave)
    here.ends.push(() => {
      document.removeEventListener('visibilitychange', leave)
      window.removeEventListener('pagehide', leave)
    })
    void flush()
    return here
  }

  /** Calls back whenever something changes here; gives what ends that. */
  readonly listen = (changed: () => void) => {
    this.listeners.add(changed)
    return () => {
      this.listeners.delete(changed)
    }
  }

  /** What this window has of a place; undefined where the server's words stand. */
  row(record: string): Kept | undefined {
    return this.rows.get(record)
  }

  /** Writes: the words go on from those that stood there. */
  write(about: About, record: string, from: Start, text: string): void {
    const before = this.rows.get(record) ?? newKept({ ...this.where, about, record, writer: this.writer }, from)
    if (before.text === text) return
    this.put(written(before, text, new Date().toISOString()))
    void this.keeping(record).change()
    this.sendSoon(record)
  }

  /** Settles which of several versions of an answer stands, over all that are known here. */
  async choose(record: string, text: string): Promise<void> {
    await this.send()
    const there = answerHere(this.where.submission, record)
    if (!there) return
    const before = this.rows.get(record) ?? newKept({ ...this.where, about: 'answer', record, writer: this.writer }, there)
    const row = chosen(before, there, text, newID(), new Date().toISOString())
    this.put(row)
    await replace(before, row)
    await this.send()
  }

  /** Has what is written here of an organisation stand, though somebody else has changed it meanwhile. */
  async insist(record: string, from: Start): Promise<void> {
    const before = this.rows.get(record)
    if (!before) return
    const row = {
      ...written(before, before.text, new Date().toISOString()),
      beside: false,
      base: from.text,
      version: from.version,
    }
    this.put(row)
    await replace(before, row)
    await this.send()
  }

  /** Brings in how the answers stand on the server. */
  take(view: SubmissionView): void {
    for (const there of view.answers) {
      const row = this.rows.get(there.promptId)
      if (!row || this.keepings.get(there.promptId)?.behind) continue
      const next = taken(row, there)
      if (next === row) continue
      this.put(next)
      void replace(row, next).catch(() => undefined)
    }
    if (view.submission.handIn > 0) return
    // What couldn't be sent since all was submitted can be now.
    for (const row of this.rows.values()) {
      if (row.refused?.code !== 'submitted') continue
      const { refused: _, ...again } = row
      this.put(again)
      void this.keeping(row.record).change()
      this.sendSoon(row.record)
    }
  }

  /** Sends what isn't sent; gives whether the server has all. */
  async send(): Promise<boolean> {
    await Promise.all([...this.rows.values()].filter((row) => isUnsent(row)).map((row) => this.sendNow(row.record)))
    return ![...this.rows.values()].some(isUnsent)
  }

  /** Whether the server has refused something that is written here. */
  get isRefused(): boolean {
    return [...this.rows.values()].some((row) => isUnsent(row) && row.refused)
  }

  /** Lets go of words that the server doesn't take. */
  async drop(record: string): Promise<Kept | undefined> {
    const row = this.rows.get(record)
    if (!row) return undefined
    this.rows.delete(record)
    await forget(row)
    this.changed()
    return row
  }

  /** How far all that is written here has come. */
  place(away: boolean): Place {
    const rows = [...this.rows.values()]
    if (this.full) return 'nowhere'
    if ([...this.keepings.values()].some((keeping) => keeping.behind)) return 'saving'
    const unsent = rows.filter(isUnsent)
    if (unsent.length === 0) return 'saved'
    return away || unsent.every((row) => row.refused || row.beside) ? 'here' : 'saving'
  }

  /** When something of this window reached the server last; empty if nothing has. */
  get savedAt(): string {
    return this.at
  }

  /** Ends the writing; what isn't sent yet goes. */
  close(): void {
    for (const timer of this.timers.values()) clearTimeout(timer)
    void this.send().finally(() => {
      for (const end of this.ends) end()
    })
  }

  private put(row: Kept) {
    this.rows.set(row.record, row)
    this.changed()
  }

  private changed() {
    this.changes++
    for (const listen of this.listeners) listen()
  }

  private keeping(record: string): Keeping {
    const known = this.keepings.get(record)
    if (known) return known
    const made = new Keeping(
      async () => {
        const row = this.rows.get(record)
        if (!row) return () => undefined
        const there = await keep(row)
        return () => this.learn(there)
      },
      (failed) => {
        this.full = failed
        this.changed()
      },
    )
    this.keepings.set(record, made)
    return made
  }

  private sendSoon(record: string) {
    if (this.timers.has(record)) return
    this.timers.set(
      record,
      setTimeout(() => void this.sendNow(record), soon),
    )
  }

  private async sendNow(record: string) {
    clearTimeout(this.timers.get(record))
    this.timers.delete(record)
    await this.keeping(record).now()
    const row = this.rows.get(record)
    if (!row) return
    const later = await sendAnswer(row).catch(() => 0)
    if (later !== undefined) void flush()
    await this.hear(record)
  }

  /** Takes in what the sender says of a row. */
  private async hear(record: string) {
    const row = this.rows.get(record)
    const there = row && (await rowHere(row).catch(() => undefined))
    if (there) this.learn(there)
  }

  private learn(there: Kept) {
    const row = this.rows.get(there.record)
    if (!row) return
    if (there.sent > row.sent) this.at = new Date().toISOString()
    const { text, rev, updatedAt } = row
    const now = { ...there, text, rev, updatedAt }
    if (rev > there.rev) delete now.refused
    // The server tells these itself, once it has them.
    if (now.about !== 'answer' && !isUnsent(now) && !now.beside) {
      this.rows.delete(now.record)
      void forget(now)
      this.changed()
    } else this.put(now)
  }
}

const nameOf = (writer: string) => `feltbog writer ${writer}`

/**
 * Who this window is as a writer: the one it was before a reload, or one whose window is gone and who left
 * something, or a new one. No other window is the same as long as `free` isn't called.
 */
async function writerOf({ submission }: Where, rows: readonly Kept[]): Promise<{ writer: string; free: () => void }> {
  const item = `writer ${submission}`
  const own = sessionStorage.getItem(item)
  const left = rows.filter((row) => row.writer !== own)
  const candidates = [own, latest(left)?.writer].filter((writer) => writer != null)
  for (const writer of candidates) {
    const free = await hold(writer)
    if (!free) continue
    sessionStorage.setItem(item, writer)
    return { writer, free }
  }
  const writer = newID()
  sessionStorage.setItem(item, writer)
  return { writer, free: (await hold(writer)) ?? (() => undefined) }
}

// A page that is loaded again takes over from itself, which may take a moment.
const patience = 300

/** Holds the name of a writer, so that no other window writes under it; undefined if one does. */
async function hold(writer: string): Promise<(() => void) | undefined> {
  if (!navigator.locks) return () => undefined
  return new Promise((resolve) => {
    navigator.locks
      .request(nameOf(writer), { signal: AbortSignal.timeout(patience) }, () => new Promise<void>((free) => resolve(free)))
      .catch(() => resolve(undefined))
  })
}
