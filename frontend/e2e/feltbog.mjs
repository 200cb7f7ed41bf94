// What the tests of the app share: the built binary on real engines (FELTBOG names it), with the demo
// project, and Chromium. Each file of tests that calls run() has a server of its own.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before } from 'node:test'
import { inflateRawSync } from 'node:zlib'
import { chromium } from 'playwright-core'

const flags = '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'
const axe = await readFile(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')

/**
 * A port that nobody listens on. It is below those that systems give to outgoing connections (and to engines):
 * a browser or server of another file of tests could be given it before this file's server listens.
 */
async function freePort() {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 10_000)
    const probe = createServer()
    const free = await new Promise((resolve) => probe.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true)))
    if (!free) continue
    await new Promise((resolve) => probe.close(resolve))
    return port
  }
}

/** Starts the server before the tests of a file and ends it after them. */
export function run() {
  const here = new Feltbog()
  before(() => here.start())
  after(() => here.stop())
  return here
}

class Feltbog {
  email = 'admin@feltbog.localhost'

  async start() {
    this.data = await mkdtemp(join(tmpdir(), 'feltbog-browser-'))
    this.port = await freePort()
    this.address = `http://127.0.0.1:${this.port}`
    this.secret = await this.serve()
    this.browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: flags.split(' ') })
  }

  /** Starts the server on its data and port; gives the password that it prints the first time. */
  serve() {
    this.server = spawn(process.env.FELTBOG, ['serve', '--demo', '--addr', `127.0.0.1:${this.port}`, '--data', this.data])
    let printed = ''
    return new Promise((resolve, reject) => {
      const read = (chunk) => {
        printed += chunk
        const found = /Password\s+(\S+)/.exec(printed)
        if (found) resolve(found[1])
        else if (this.secret && printed.includes(this.address)) resolve(this.secret)
      }
      this.server.stdout.on('data', read)
      this.server.stderr.on('data', read)
      this.server.on('exit', (code) => reject(new Error(`the server ended with ${code}:\n${printed}`)))
    })
  }

  /** Ends the server, as with Ctrl-C unless another signal is named. */
  async end(signal = 'SIGTERM') {
    if (!this.server || this.server.exitCode !== null || this.server.signalCode !== null) return
    const gone = new Promise((resolve) => this.server.on('exit', resolve))
    this.server.kill(signal)
    await gone
  }

  async stop() {
    await this.browser?.close()
    await this.end()
    await rm(this.data, { recursive: true, force: true })
  }

  /** Asks the API as the administrator of the demo: what a colleague does elsewhere. */
  async api(method, path, body, headers = {}) {
    if (!this.token) {
      const signedIn = await fetch(`${this.address}/api/v1/auth/sign-in`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ email: this.email, password: this.secret }),
      })
      this.token = (await signedIn.json()).accessToken
    }
    const response = await fetch(`${this.address}/api/v1${path}`, {
      method,
      headers: { Authorization: `Bearer ${this.token}`, ...(body && { 'Content-Type': 'application/json' }), ...headers },
      body: body && JSON.stringify(body),
    })
    const text = await response.text()
    assert.ok(response.ok, `${method} ${path}: ${response.status} ${text}`)
    return text === '' ? undefined : JSON.parse(text)
  }

  /** A window at an address of the server, of which it knows nobody yet. What goes wrong in the page is put into faults. */
  async visit(path = '', options = {}) {
    const context = await this.browser.newContext({
      viewport: { width: 1440, height: 900 },
      locale: 'en-GB',
      reducedMotion: 'reduce', // else axe may look at a menu while it fades out
      serviceWorkers: 'block', // what a test routes mustn't pass by it
      ...options,
    })
    // A picker of the system's own can't be answered by a test; files are saved as in browsers without one.
    await context.addInitScript(() => delete window.showSaveFilePicker)
    const page = await context.newPage()
    const faults = []
    page.on('pageerror', (error) => faults.push(error.stack))
    page.on('console', (message) => message.text().includes('Content Security Policy') && faults.push(message.text()))
    await page.goto(this.address + path)
    return { page, context, faults, close: () => context.close() }
  }

  /** Such a window in which the administrator of the demo is signed in. */
  async signIn(options = {}) {
    const window = await this.visit('', options)
    const { page } = window
    await page.locator('[name=email]').fill(this.email)
    await page.locator('[name=password]').fill(this.secret)
    await page.keyboard.press('Enter')
    await page.locator('.proj').first().waitFor()
    return window
  }
}

/** Goes to the demo project. */
export async function openDemo(page) {
  await page.locator('.proj', { hasText: 'an invented study' }).click()
}

/** Opens a note of the demo that has codings, from the list of projects. */
export async function openNote(page) {
  await openDemo(page)
  await page.locator('.note-link', { hasText: 'Thursdays' }).click()
  await page.locator('.cod').first().waitFor()
}

/** Drops files on the page, each a name and its words or bytes. */
export const drop = (page, files) =>
  page.evaluate(
    (dropped) => {
      const dataTransfer = new DataTransfer()
      for (const [name, content] of dropped) {
        const part = typeof content === 'string' ? content : new Uint8Array(content)
        dataTransfer.items.add(new File([part], name))
      }
      for (const type of ['dragenter', 'dragover', 'drop'])
        document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }))
    },
    files.map(([name, content]) => [name, typeof content === 'string' ? content : [...content]]),
  )

/** Imports the files that are looked at, so many of them, when they have been read. */
export async function importFiles(page, count) {
  const words = new RegExp(`^(Import ${count} files?|Importér ${count} fil(er)?)$`)
  await page.getByRole('button', { name: words }).click()
}

/** The words of a document of Word, without its marks. */
export async function wordsOf(path) {
  const file = await readFile(path)
  // Entries are told at the end of an archive; each begins where the list says.
  let at = file.readUInt32LE(file.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1')) + 16)
  while (file.readUInt32LE(at) === 0x02014b50) {
    const [name, extra, comment] = [28, 30, 32].map((field) => file.readUInt16LE(at + field))
    if (file.toString('utf8', at + 46, at + 46 + name) === 'word/document.xml') {
      const entry = file.readUInt32LE(at + 42)
      const start = entry + 30 + file.readUInt16LE(entry + 26) + file.readUInt16LE(entry + 28)
      const packed = file.subarray(start, start + file.readUInt32LE(at + 20))
      const xml = file.readUInt16LE(at + 10) === 8 ? inflateRawSync(packed) : packed
      return xml.toString('utf8').replaceAll('</w:p>', '\n').replace(/<[^>]*>/g, '')
    }
    at += 46 + name + extra + comment
  }
  throw new Error(`${path} holds no document`)
}

/** Fails if axe finds anything on what is shown, or in a part of it: an open menu or list, which stands in no region of the page. */
export async function accessible(page, view, part) {
  await page.evaluate(axe)
  // What fades in is looked at once it is there.
  await page.evaluate(() => {
    const ends = document.getAnimations().filter((a) => a.effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY)
    return Promise.allSettled(ends.map((a) => a.finished))
  })
  const { violations } = await page.evaluate((of) => window.axe.run(of ?? document), part)
  assert.deepEqual(
    violations.map((v) => `${view}: ${v.id} ${v.nodes[0].html}`),
    [],
  )
}

/** Fails if a view can be scrolled sideways. */
export async function fits(page) {
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth])
  assert.ok(content <= window, `${content} px of content in a window of ${window}`)
}
