// Drives the built binary through a browser, on real engines: FELTBOG names the binary.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { chromium } from 'playwright-core'

const flags = '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'
const axe = await readFile(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')

let server, data, browser, address, secret

/** A port that nobody listens on. */
const freePort = () =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })

before(async () => {
  data = await mkdtemp(join(tmpdir(), 'feltbog-browser-'))
  const port = await freePort()
  address = `http://127.0.0.1:${port}`
  server = spawn(process.env.FELTBOG, ['serve', '--demo', '--addr', `127.0.0.1:${port}`, '--data', data])
  let printed = ''
  secret = await new Promise((resolve, reject) => {
    const read = (chunk) => {
      printed += chunk
      const found = /Password\s+(\S+)/.exec(printed)
      if (found) resolve(found[1])
    }
    server.stdout.on('data', read)
    server.stderr.on('data', read)
    server.on('exit', (code) => reject(new Error(`the server ended with ${code}:\n${printed}`)))
  })
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: flags.split(' ') })
})

after(async () => {
  await browser?.close()
  if (server && server.exitCode === null) {
    const gone = new Promise((resolve) => server.on('exit', resolve))
    server.kill('SIGTERM')
    await gone
  }
  await rm(data, { recursive: true, force: true })
})

/** A window in which the administrator of the demo is signed in; faults of the page fail the test. */
async function signIn(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB', ...options })
  const page = await context.newPage()
  const faults = []
  page.on('pageerror', (error) => faults.push(error.stack))
  page.on('console', (message) => message.text().includes('Content Security Policy') && faults.push(message.text()))
  await page.goto(address)
  await page.locator('[name=email]').fill('admin@feltbog.localhost')
  await page.locator('[name=password]').fill(secret)
  await page.keyboard.press('Enter')
  await page.locator('.proj').first().waitFor()
  return { page, faults, close: () => context.close() }
}

/** Opens a note of the demo that has codings. */
async function openNote(page) {
  await page.locator('.proj', { hasText: 'an invented study' }).click()
  await page.locator('.src').first().waitFor()
  await page.locator('.src').nth(2).click()
  await page.locator('.cod').first().waitFor()
}

/** Waits until a note has so many codings, also after a reload. */
async function codings(page, wanted) {
  await page.waitForFunction((n) => document.querySelectorAll('.cod').length === n, wanted)
  await page.getByText('All changes saved').waitFor()
  await page.reload()
  await page.locator('.cod').first().waitFor()
  assert.equal(await page.locator('.cod').count(), wanted)
}

test('a wrong password is answered with a sentence', async () => {
  const page = await browser.newPage()
  await page.goto(address)
  await page.locator('[name=email]').fill('admin@feltbog.localhost')
  await page.locator('[name=password]').fill('not this one, surely')
  await page.keyboard.press('Enter')
  assert.match(await page.getByRole('alert').innerText(), /password/i)
  await page.close()
})

test('a note is coded with the keyboard alone, and undone and redone', async () => {
  const { page, faults, close } = await signIn()
  await openNote(page)
  const n = await page.locator('.cod').count()
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await page.keyboard.press('3')
  await codings(page, n + 1)
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await page.keyboard.type('connec')
  await page.keyboard.press('Enter')
  await page.waitForFunction((wanted) => document.querySelectorAll('.cod').length === wanted, n + 2)
  await page.keyboard.press('Control+z')
  await codings(page, n + 1)
  await page.keyboard.press('j')
  await page.keyboard.press('6')
  await page.keyboard.press('Control+z')
  await page.keyboard.press('Control+Shift+z')
  await codings(page, n + 2)
  assert.deepEqual(faults, [])
  await close()
})

test('words selected with the mouse get a code, are painted, and lose it again', async () => {
  const { page, faults, close } = await signIn()
  await openNote(page)
  const n = await page.locator('.cod').count()
  const words = page.locator('p.blk__text [data-start]').first()
  const box = await words.boundingBox()
  await page.mouse.move(box.x + 2, box.y + 12)
  await page.mouse.down()
  await page.mouse.move(box.x + 180, box.y + 12, { steps: 5 })
  await page.mouse.up()
  const selected = await page.evaluate(() => window.getSelection().toString())
  assert.notEqual(selected.trim(), '')
  await page.locator('.pal[data-c="5"]').click()
  const card = page.locator('.cod[aria-pressed=true]')
  await card.waitFor()
  assert.ok((await card.innerText()).includes(selected.trim()))
  const painted = await page.evaluate(() => [...CSS.highlights.get('feltbog-5')].map((range) => range.toString()))
  assert.ok(painted.includes(selected.trim()), `${selected} isn’t among ${painted}`)
  await page.getByRole('button', { name: /^Remove code/ }).click()
  await codings(page, n)
  assert.deepEqual(faults, [])
  await close()
})

test('a coding that the server refuses is taken back, with the reason', async () => {
  const { page, close } = await signIn()
  await openNote(page)
  const n = await page.locator('.cod').count()
  await page.route('**/codings', (route) => (route.request().method() === 'POST' ? route.abort() : route.continue()))
  await page.keyboard.press('j')
  await page.keyboard.press('3')
  await page.getByText('can’t be reached').first().waitFor()
  assert.equal(await page.locator('.cod').count(), n)
  await close()
})

test('the address of a note opens it, and one that isn’t there says so', async () => {
  const { page, close } = await signIn()
  await openNote(page)
  const title = await page.locator('h1').innerText()
  await page.goto(page.url())
  await page.locator('.cod').first().waitFor()
  assert.equal(await page.locator('h1').innerText(), title)
  await page.goto(`${address}/projects/01a20248-11e6-7a6b-b9da-15bcbb1a4915`)
  await page.getByText('There is nothing at this address').waitFor()
  await close()
})

test('a project is made, in Danish', async () => {
  const { page, close } = await signIn({ locale: 'da-DK' })
  await page.getByRole('heading', { name: 'Projekter' }).waitFor()
  await page.getByLabel('Navn').fill('<script>alert(1)</script> på Ærø')
  await page.getByRole('button', { name: 'Opret projekt' }).click()
  await page.getByText('Ingen noter endnu').waitFor()
  await page.getByRole('link', { name: '<script>alert(1)</script> på Ærø' }).waitFor()
  await close()
})

for (const colorScheme of ['light', 'dark']) {
  test(`axe finds nothing, ${colorScheme}`, async () => {
    const { page, close } = await signIn({ colorScheme, reducedMotion: 'reduce' }) // else axe may measure a dialog while it fades in
    const check = async (view) => {
      await page.evaluate(axe)
      const { violations } = await page.evaluate(() => window.axe.run())
      assert.deepEqual(
        violations.map((v) => `${view}: ${v.id} ${v.nodes[0].html}`),
        [],
      )
    }
    await check('projects')
    await openNote(page)
    await check('note')
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await page.getByRole('combobox').waitFor()
    await check('picker')
    await page.keyboard.press('Escape')
    await page.keyboard.press('?')
    await page.getByRole('dialog').waitFor()
    await check('keys')
    await close()
  })
}

test('a phone shows a note without sideways scrolling', async () => {
  const { page, close } = await signIn({ viewport: { width: 390, height: 844 } })
  await openNote(page)
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390)
  assert.ok(await page.locator('.blk__text').first().isVisible())
  await close()
})
