import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { accessible, drop, fits, openDemo, openNote, run } from './feltbog.mjs'

const feltbog = run()

/** Waits until a note has so many codings, also after a reload. */
async function codings(page, wanted) {
  await page.waitForFunction((n) => document.querySelectorAll('.cod').length === n, wanted)
  await page.getByText('All changes saved').waitFor()
  await page.reload()
  await page.locator('.cod').first().waitFor()
  assert.equal(await page.locator('.cod').count(), wanted)
}

test('a wrong password is answered with a sentence', async () => {
  const page = await feltbog.browser.newPage()
  await page.goto(feltbog.address)
  await page.locator('[name=email]').fill(feltbog.email)
  await page.locator('[name=password]').fill('not this one, surely')
  await page.keyboard.press('Enter')
  assert.match(await page.getByRole('alert').innerText(), /password/i)
  await page.close()
})

test('a note is coded with the keyboard alone, and undone and redone', async () => {
  const { page, faults, close } = await feltbog.signIn()
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
  const { page, faults, close } = await feltbog.signIn()
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
  const { page, close } = await feltbog.signIn()
  await openNote(page)
  const n = await page.locator('.cod').count()
  const detail = 'Your role in this project doesn’t allow that. Ask an owner.'
  const refusal = { type: 'about:blank', title: 'Forbidden', status: 403, code: 'role_insufficient', detail }
  await page.route('**/codings', (route) =>
    route.request().method() === 'POST'
      ? route.fulfill({ status: 403, contentType: 'application/problem+json', body: JSON.stringify(refusal) })
      : route.continue(),
  )
  await page.keyboard.press('j')
  await page.keyboard.press('3')
  await page.getByText(detail).first().waitFor()
  assert.equal(await page.locator('.cod').count(), n)
  await close()
})

test('a code that is put before the note’s codings have come is seen with them', async () => {
  const { page, faults, close } = await feltbog.signIn()
  let letThrough
  const held = new Promise((resolve) => {
    letThrough = resolve
  })
  await page.route(/\/notes\/[\w-]+\/codings\?/, async (route) => {
    await held
    await route.continue()
  })
  await openDemo(page)
  await page.locator('.note-link', { hasText: 'Thursdays' }).click()
  await page.locator('.blk__text').first().waitFor()
  const put = page.waitForResponse((r) => r.request().method() === 'POST' && r.url().endsWith('/codings'))
  await page.keyboard.press('j')
  await page.keyboard.press('2')
  const { id } = await (await put).json()
  assert.equal(await page.locator('.cod').count(), 0)
  letThrough()
  await page.locator(`[data-coding="${id}"]`).first().waitFor()
  assert.deepEqual(faults, [])
  await close()
})

test('the address of a note opens it, and one that isn’t there says so', async () => {
  const { page, close } = await feltbog.signIn()
  await openNote(page)
  const title = await page.locator('h1').innerText()
  await page.goto(page.url())
  await page.locator('.cod').first().waitFor()
  assert.equal(await page.locator('h1').innerText(), title)
  await page.goto(`${feltbog.address}/projects/01a20248-11e6-7a6b-b9da-15bcbb1a4915`)
  await page.getByText('There is nothing at this address').waitFor()
  await close()
})

test('a menu that is asked for before its parts have come opens when they do, and gives the focus back', async () => {
  const { page, faults, close } = await feltbog.signIn()
  let send
  const asked = new Promise((tell) => {
    void page.route(/\/assets\/floating-/, async (route) => {
      tell()
      await new Promise((resolve) => {
        send = resolve
      })
      await route.continue()
    })
  })
  await openNote(page) // the projects' own menus don't have them from there
  await page.reload()
  const more = page.getByRole('button', { name: 'More about this note' })
  await more.focus()
  await asked
  await page.keyboard.press('Enter')
  assert.equal(await page.getByRole('menu').count(), 0)
  assert.equal(await more.getAttribute('aria-haspopup'), 'menu')
  send()
  await page.getByRole('menuitem', { name: 'Print' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('menu').waitFor({ state: 'detached' })
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-label')?.startsWith('More'))
  await page.keyboard.press('f')
  await page.getByRole('dialog').waitFor()
  assert.deepEqual(faults, [])
  await close()
})

test('a project is made, in Danish', async () => {
  const { page, close } = await feltbog.signIn({ locale: 'da-DK' })
  await page.getByRole('heading', { name: 'Projekter' }).waitFor()
  await page.getByLabel('Navn').fill('<script>alert(1)</script> på Ærø')
  await page.getByRole('button', { name: 'Opret projekt' }).click()
  await page.getByText('Ingen noter endnu').waitFor()
  await page.getByRole('button', { name: '<script>alert(1)</script> på Ærø' }).waitFor()
  await close()
})

test('what the server says is said in Danish', async () => {
  const context = await feltbog.browser.newContext({ locale: 'da-DK', serviceWorkers: 'block' })
  const stranger = await context.newPage()
  const words = stranger.waitForResponse(/problems-/)
  await stranger.goto(feltbog.address)
  await words
  await stranger.locator('[name=email]').fill(feltbog.email)
  await stranger.locator('[name=password]').fill('ikke den her, vel')
  await stranger.keyboard.press('Enter')
  await stranger.getByRole('alert').getByText('E-mail og adgangskode passer ikke sammen.').waitFor()
  await context.close()

  const { page, faults, close } = await feltbog.signIn({ locale: 'da-DK' })
  await page.getByLabel('Navn').fill('Sprog')
  await page.getByRole('button', { name: 'Opret projekt' }).click()
  await page.locator('.sources__empty').waitFor()
  const documents = new URL('../../exchange/testdata/documents/', import.meta.url)
  await drop(page, [
    ['låst.docx', await readFile(new URL('testWORD_protected_passtika.docx', documents))],
    ['uden tid.vtt', await readFile(new URL('missing_timeframe.vtt', documents))],
    ['tal.csv', 'Tekst;Dato;Start\nEn dag på styrelsen;03/04/2024;snart\n'],
  ])
  const open = (name) => page.locator('.import__list li', { hasText: name }).getByRole('button', { name }).first().click()
  await open('låst.docx')
  await page.getByRole('alert').getByText('Filen er beskyttet. Upload en kopi uden adgangskode').waitFor()
  // Warnings, questions and the faults of rows hold what the server inserts in them.
  await open('uden tid.vtt')
  await page.getByText('Undertekster uden tidskode er udeladt. Antal: 1.').waitFor()
  await open('tal.csv')
  await page.getByText('Hvilket tal er dagen, og hvilket er måneden i “Dato”, for eksempel 03/04/2024?').waitFor()
  await page.getByText('Række 2, Start: “snart” kan ikke læses som et klokkeslæt.').waitFor()
  assert.deepEqual(faults, [])
  await close()
})

for (const colorScheme of ['light', 'dark']) {
  test(`axe finds nothing, ${colorScheme}`, async () => {
    const { page, close } = await feltbog.signIn({ colorScheme })
    await accessible(page, 'projects')
    await openNote(page)
    await accessible(page, 'note')
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await page.getByRole('combobox').waitFor()
    await accessible(page, 'picker')
    await page.keyboard.press('Escape')
    await page.keyboard.press('?')
    await page.getByRole('dialog').waitFor()
    await accessible(page, 'keys')
    await close()
  })
}

test('a phone shows a note without sideways scrolling', async () => {
  const { page, close } = await feltbog.signIn({ viewport: { width: 390, height: 844 } })
  await openNote(page)
  await fits(page)
  assert.ok(await page.locator('.blk__text').first().isVisible())
  await close()
})
