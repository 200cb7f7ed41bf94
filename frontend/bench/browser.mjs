// Drives the app in Chromium for `make bench`. Standard input says which server, what is to be timed and in which notes; what
// was timed is written as JSON. Times are taken in the page: from the event, as the browser stamped it, to
// the end of the frame that shows what was asked for. No limits are known here.
import { text } from 'node:stream/consumers'
import { chromium } from 'playwright-core'

const job = JSON.parse(await text(process.stdin))
const flags =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'
const browser = await chromium.launch({ executablePath: job.chromium, args: flags.split(' ') })

/** A window that has never been here before, signed in. */
async function enter() {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' })
  await context.addInitScript(stopwatch)
  const page = await context.newPage()
  tools.set(page, await context.newCDPSession(page))
  await tools.get(page).send('Performance.enable', { timeDomain: 'threadTicks' })
  await page.goto(job.address)
  await page.locator('[name=email]').fill(job.email)
  await page.locator('[name=password]').fill(job.password)
  await page.keyboard.press('Enter')
  await page.locator('.proj').first().waitFor()
  return page
}

/** Such a window with the notes of the project in its rail. */
async function arrive() {
  const page = await enter()
  await page.goto(`${job.address}/projects/${job.project}`)
  await page.locator('.note-link').nth(job.notes.length).waitFor()
  return page
}

/** Runs in each page: what is waited for, and the frame in which it is there. */
function stopwatch() {
  let before = 0
  window.stopwatch = {
    /** The note that begins so is on the screen, with a card, and its codings are painted. */
    opened(opening) {
      const card = document.querySelector('.cod')
      return (
        document.querySelector('.blk')?.textContent.includes(opening) &&
        card?.getBoundingClientRect().top < innerHeight &&
        [...CSS.highlights.values()].some((h) => h.size > 0)
      )
    },
    /** There is a card more than when this was first asked. */
    put() {
      return document.getElementsByClassName('cod').length > before
    },
    /** Times the next event of a kind until something is shown and its frame is through. */
    start(kind, shown, about) {
      before = document.getElementsByClassName('cod').length
      this.taken = new Promise((resolve, reject) => {
        setTimeout(() => reject(new Error(`nothing was shown (${shown} ${about ?? ''})`)), 300_000)
        const look = (event) => {
          if (!this[shown](about)) return requestAnimationFrame(() => look(event))
          const { port1, port2 } = new MessageChannel()
          port1.onmessage = () => resolve(performance.now() - event.timeStamp)
          port2.postMessage(0)
        }
        addEventListener(kind, (event) => requestAnimationFrame(() => look(event)), { capture: true, once: true })
      })
    },
  }
}

/** Times what a person does, from its event to what it shows, and how long the page's thread itself worked for it. */
async function timed(page, kind, shown, about, act) {
  await page.evaluate(([k, s, a]) => window.stopwatch.start(k, s, a), [kind, shown, about])
  const before = await worked(page)
  await act()
  const wall = await page.evaluate(() => window.stopwatch.taken)
  return { wall, work: (await worked(page)) - before }
}

const tools = new Map()

/** How many milliseconds a page's main thread has been on a core; other work on the machine doesn't count. */
async function worked(page) {
  const { metrics } = await tools.get(page).send('Performance.getMetrics')
  return 1000 * metrics.find((m) => m.name === 'TaskDuration').value
}

const open = (page, note) => timed(page, 'click', 'opened', note.opening, () =>
  page.locator(`:is(.note-link, .src)[href$="${note.id}"]`).first().click(),
)

/** Opens the long note in new windows, and again after another note has been read. */
async function opening() {
  const seen = { cold: [], cached: [] }
  for (let i = 0; i < job.windows; i++) {
    const page = await arrive()
    seen.cold.push(await open(page, job.long))
    for (let k = 0; k < 2; k++) {
      await open(page, job.notes[k])
      seen.cached.push(await open(page, job.long))
    }
    await page.context().close()
  }
  return seen
}

/** The times between frames while the long note is scrolled. */
async function scrolling() {
  const page = await arrive()
  await open(page, job.long)
  const frames = await scrolled(page, '.blk')
  await page.context().close()
  return frames
}

/** The times between frames while a board is scrolled, and how many milliseconds in a second the page works for it. */
async function board() {
  const page = await enter()
  await page.goto(`${job.address}${job.board}`)
  await page.locator('tr[data-key]').nth(job.rows - 1).waitFor({ state: 'attached' })
  const [begun, before] = [performance.now(), await worked(page)]
  const between = await scrolled(page, 'tr[data-key]')
  const work = (1000 * ((await worked(page)) - before)) / (performance.now() - begun)
  await page.context().close()
  return { between, work }
}

/** The times between frames while the box that something is in is scrolled to and fro, step by step, for half a minute at most. */
function scrolled(page, what) {
  return page.evaluate(
    ([what, wanted]) =>
      new Promise((resolve) => {
        let box = document.querySelector(what)
        while (!/auto|scroll/.test(getComputedStyle(box).overflowY)) box = box.parentElement
        const between = []
        const end = performance.now() + 30_000
        let last
        let by = 40
        const step = (now) => {
          if (last !== undefined) between.push(now - last)
          last = now
          const from = box.scrollTop
          box.scrollBy({ top: by, behavior: 'instant' })
          if (box.scrollTop === from) by = -by
          if (between.length < wanted && now < end) requestAnimationFrame(step)
          else resolve(between)
        }
        requestAnimationFrame(step)
      }),
    [what, job.frames],
  )
}

/** Puts a code on one paragraph after the other of the note with the most codings, by its key. */
async function putting() {
  const page = await arrive()
  await open(page, job.full)
  const taken = []
  for (let i = 0; i < job.puts; i++) {
    await page
      .locator('.blk')
      .nth(i)
      .locator('.blk__text')
      .click({ position: { x: 4, y: 4 } })
    await page.keyboard.press('Escape')
    const stored = page.waitForResponse((r) => r.request().method() === 'POST' && r.url().endsWith('/codings'))
    taken.push(await timed(page, 'keydown', 'put', null, () => page.keyboard.press('1')))
    await stored
  }
  await page.context().close()
  return taken
}

/** The heap after every note has been read once and again, and after many more visits. */
async function wandering() {
  const page = await arrive()
  const all = [...job.notes, job.long]
  const heap = async () => {
    await open(page, all[0])
    for (let i = 0; i < 2; i++) await tools.get(page).send('HeapProfiler.collectGarbage')
    return (await tools.get(page).send('Runtime.getHeapUsage')).usedSize
  }
  const visit = async (times) => {
    for (let i = 1; i <= times; i++) await open(page, all[i % all.length])
  }
  await visit(2 * all.length - 1)
  const before = await heap()
  await visit(Math.floor(job.visits / all.length) * all.length - 1)
  const after = await heap()
  await page.context().close()
  return { before, after }
}

const seen = {}
const parts = { opening, scrolling, putting, wandering, board }
for (const name of job.parts) {
  console.error(`${' '.repeat(10)}${name}`)
  seen[name] = await parts[name]()
}
await browser.close()
console.log(JSON.stringify(seen))
