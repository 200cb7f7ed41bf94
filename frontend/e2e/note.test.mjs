import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accessible, fits, openNote, run } from './feltbog.mjs'

const feltbog = run()

/** The address of the note that is open, as project and note. */
const here = (page) => {
  const [, , project, , note] = new URL(page.url()).pathname.split('/')
  return { project, note }
}
const saved = (page) => page.locator('.tools__state', { hasText: 'All changes saved' }).waitFor()
const cards = (page) => page.locator('.cod').count()
const chosen = (page) => page.locator('.cod[aria-pressed=true]')
const reads = async (locator, words) => {
  await locator.filter({ hasText: words }).first().waitFor()
}

/** Goes to a block and selects its first words by keyboard. */
async function select(page, block, words) {
  await page.locator('.blk').nth(block - 1).evaluate((b) => b.querySelector('.blk__text').click())
  await page.keyboard.press('v')
  for (let i = 1; i < words; i++) await page.keyboard.press('ArrowRight')
  return page.evaluate(() => window.getSelection().toString())
}

test('a passage is selected, coded, recoded and moved by keyboard, and all of it undone', async () => {
  const { page, faults, close } = await feltbog.signIn()
  await openNote(page)
  const n = await cards(page)
  const words = await select(page, 3, 4)
  assert.equal(words.split(/\s+/).length, 4)
  await page.keyboard.press('4')
  await reads(chosen(page), words)
  await saved(page)
  await page.keyboard.press('Shift+ArrowRight')
  await page.getByText('Moved the edges').waitFor()
  await page.keyboard.press('r')
  await page.keyboard.type('future')
  await page.keyboard.press('Enter')
  await reads(chosen(page), 'Data as future')
  await saved(page)
  const { project, note } = here(page)
  const stored = (await feltbog.api('GET', `/projects/${project}/notes/${note}/codings?limit=1000`)).items
  const mine = stored.filter((c) => c.anchor.quote.startsWith(words))
  assert.equal(mine.length, 1)
  assert.equal(mine[0].anchor.quote.split(/\s+/).length, 5)
  await page.keyboard.press('Control+z')
  await reads(chosen(page), 'Data as practical problem')
  await page.keyboard.press('Control+z')
  await page.keyboard.press('Control+z')
  await page.waitForFunction((wanted) => document.querySelectorAll('.cod').length === wanted, n)
  await saved(page)
  await page.keyboard.press('Control+Shift+z')
  await page.waitForFunction((wanted) => document.querySelectorAll('.cod').length === wanted, n + 1)
  await page.keyboard.press('Control+z')
  await saved(page)
  assert.deepEqual(faults, [])
  await close()
})

test('a memo stays with its coding when that is removed and comes back', async () => {
  const { page, close } = await feltbog.signIn()
  await openNote(page)
  const words = await select(page, 5, 3)
  await page.keyboard.press('1')
  await reads(chosen(page), words)
  await saved(page)
  await page.keyboard.press('m')
  await page.getByLabel('New memo').fill('<b>Compare</b> with June')
  await page.keyboard.press('Control+Enter')
  await page.getByText('<b>Compare</b> with June').waitFor()
  await chosen(page).focus()
  await page.keyboard.press('Delete')
  await page.getByText('Removed Data as foundation').waitFor()
  await page.locator('.toast button').click()
  await page.getByText('<b>Compare</b> with June').waitFor()
  await accessible(page, 'a card with a memo')
  await close()
})

test('two presses of V make a code of the words', async () => {
  const { page, close } = await feltbog.signIn()
  await openNote(page)
  const words = await select(page, 7, 2)
  await page.keyboard.press('v')
  await page.keyboard.press('v')
  await reads(chosen(page), words)
  await page.keyboard.press('Enter')
  await page.keyboard.type(words.slice(0, 12))
  await page.getByRole('option', { name: words }).waitFor()
  await page.keyboard.press('Escape')
  await close()
})

test('several codings are removed at one stroke and come back together', async () => {
  const { page, close } = await feltbog.signIn()
  await openNote(page)
  await select(page, 9, 3)
  await page.keyboard.press('2')
  await select(page, 10, 3)
  await page.keyboard.press('2')
  await saved(page)
  const n = await cards(page)
  const mine = page.locator('.cod', { hasText: 'by you' })
  await mine.nth((await mine.count()) - 2).click()
  await mine.nth((await mine.count()) - 1).click({ modifiers: ['Control'] })
  await page.keyboard.press('Delete')
  await page.getByText('Removed 2 codings').waitFor()
  await saved(page)
  assert.equal(await cards(page), n - 2)
  await page.keyboard.press('Control+z')
  await page.waitForFunction((wanted) => document.querySelectorAll('.cod').length === wanted, n)
  await saved(page)
  await close()
})

test('codings of two notes are linked, and the link leads from one to the other', async () => {
  const { page, close } = await feltbog.signIn()
  await openNote(page)
  await page.locator('.cod').nth(2).click()
  await page.keyboard.press('l')
  await page.getByRole('combobox', { name: 'Kind of link' }).click()
  await page.getByRole('option', { name: 'explains' }).click()
  const from = await page.locator('h1').innerText()
  await page.locator('.src').nth(4).click()
  await page.locator('h1', { hasNotText: from }).waitFor()
  await page.locator('.cod').nth(1).click()
  await page.locator('.cod__body').getByText('Link', { exact: true }).click()
  await page.getByText('Codings linked').waitFor()
  await page.locator('.links').getByText('is explained by').waitFor()
  await page.locator('.links a').first().click()
  await page.locator('h1', { hasText: from }).waitFor()
  await chosen(page).waitFor()
  await close()
})

test('only some codes are shown when that is wished', async () => {
  const { page, close } = await feltbog.signIn()
  await openNote(page)
  const n = await cards(page)
  await page.keyboard.press('f')
  await page.getByRole('checkbox', { name: 'Data as connector' }).check()
  await page.waitForFunction((all) => document.querySelectorAll('.cod').length < all, n)
  const painted = await page.evaluate(() => [1, 3, 4, 5, 6].map((slot) => CSS.highlights.get(`feltbog-${slot}`).size))
  assert.deepEqual(painted, [0, 0, 0, 0, 0])
  await accessible(page, 'filter')
  await page.getByRole('button', { name: 'Show all' }).click()
  await page.waitForFunction((all) => document.querySelectorAll('.cod').length === all, n)
  await close()
})

test('addresses lead to words and to a coding', async () => {
  const { page, close } = await feltbog.signIn()
  await openNote(page)
  const id = await page.locator('.cod').last().getAttribute('data-coding')
  const at = page.url()
  await page.goto(`${at}?coding=${id}`)
  await page.locator(`.cod[data-coding="${id}"][aria-pressed=true]`).waitFor()
  await page.goto(`${at}?at=0-12,400-420`)
  await page.waitForFunction(() => CSS.highlights.get('feltbog-mark')?.size >= 2)
  assert.match(await page.locator('.is-now').getAttribute('id'), /^b1$/)
  await page.keyboard.press('h')
  assert.doesNotMatch(await page.locator('.is-now').getAttribute('id'), /^b1$/)
  await close()
})

test('what a colleague codes appears without moving the text, and an edited text waits to be asked for', async () => {
  const one = await feltbog.signIn()
  const two = await feltbog.signIn()
  await openNote(one.page)
  await two.page.goto(one.page.url())
  await two.page.locator('.cod').first().waitFor()
  const n = await cards(two.page)
  await two.page.locator('.blk').nth(8).evaluate((b) => b.scrollIntoView({ block: 'start' }))
  const place = () => two.page.locator('.blk').nth(8).evaluate((b) => b.getBoundingClientRect().top)
  const before = await place()
  const words = await select(one.page, 2, 5)
  await one.page.keyboard.press('6')
  await two.page.waitForFunction((wanted) => document.querySelectorAll('.cod').length === wanted, n + 1)
  assert.equal(await place(), before)

  // The first words of the block go, and with them the coding's.
  const { project, note } = here(one.page)
  const record = await feltbog.api('GET', `/projects/${project}/notes/${note}`)
  const { text } = await feltbog.api('GET', `/projects/${project}/notes/${note}/text`)
  await feltbog.api('PUT', `/projects/${project}/notes/${note}/text`, { text: text.replace(words, 'Everything was different') }, { 'If-Match': `"${record.version}"` })
  await two.page.getByText('Somebody has changed the text').waitFor()
  assert.equal(await two.page.getByText('Everything was different').count(), 0)
  await two.page.getByRole('button', { name: 'Show the new version' }).click()
  await two.page.getByText('Everything was different').waitFor()

  await one.page.getByRole('link', { name: /^Review/ }).click()
  await one.page.getByRole('heading', { name: 'Codings to review' }).waitFor()
  await accessible(one.page, 'review')
  await one.page.locator('.review__one', { hasText: words }).click()
  await one.page.getByText('These words were edited away').waitFor()
  await one.page.keyboard.press('v')
  await one.page.keyboard.press('ArrowRight')
  await one.page.getByRole('button', { name: 'Put it on the selected words' }).click()
  await one.page.getByText('has its place again').waitFor()
  await saved(one.page)
  await one.page.reload()
  await one.page.locator('.cod').first().waitFor()
  assert.equal(await one.page.locator('.cod__review').count(), 0)
  await one.close()
  await two.close()
})

test('the tabs of a browser share one stream, and the next takes over when the one that reads it is closed', async () => {
  const { page, close } = await feltbog.signIn()
  const streams = new Set()
  page.context().on('request', (request) => request.url().endsWith('/stream') && streams.add(request))
  page.context().on('requestfailed', (request) => streams.delete(request))
  await openNote(page)
  const tabs = [page]
  for (let i = 0; i < 4; i++) {
    const tab = await page.context().newPage()
    await tab.goto(page.url())
    await tab.locator('.cod').first().waitFor()
    tabs.push(tab)
  }
  assert.equal(streams.size, 1)
  const n = await cards(page)
  const { project, note } = here(page)
  const { items: codes } = await feltbog.api('GET', `/projects/${project}/codes`)
  const { text } = await feltbog.api('GET', `/projects/${project}/notes/${note}/text`)
  const put = (start) => {
    const anchor = { start, end: start + 9, quote: [...text].slice(start, start + 9).join('') }
    return feltbog.api('POST', `/projects/${project}/codings`, { noteId: note, codeId: codes[0].id, anchor })
  }
  await put(0)
  for (const tab of tabs)
    await tab.waitForFunction((wanted) => document.querySelectorAll('.cod').length === wanted, n + 1)
  await page.close()
  await put(1)
  for (const tab of tabs.slice(1))
    await tab.waitForFunction((wanted) => document.querySelectorAll('.cod').length === wanted, n + 2)
  await close()
})

test('a note, its open card and its keys fit on a phone and at twice the size', async () => {
  for (const viewport of [
    { width: 390, height: 844 },
    { width: 720, height: 450 },
  ]) {
    const { page, close } = await feltbog.signIn({ viewport })
    await openNote(page)
    await page.locator('.cod').first().click()
    await fits(page)
    await accessible(page, `note at ${viewport.width}`)
    await close()
  }
})
