import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accessible, fits, openNote, run } from './feltbog.mjs'

const feltbog = run()
const secret = 'regnvejr kartotek elevator'
let lea
let bo
const meet = async () => {
  lea ??= await colleague('lea@example.org', 'Lea Winther')
  bo ??= await colleague('bo@example.org', 'Bo Thygesen')
}

/** Makes somebody who codes in the demo project, and gives their account. */
async function colleague(email, name, language = 'en') {
  const made = await feltbog.api('POST', '/users', { email, name, password: secret, language })
  const demo = (await feltbog.api('GET', '/projects')).items.find((p) => p.name.includes('an invented study'))
  await feltbog.api('POST', `/projects/${demo.id}/members`, { email, role: 'coder' })
  return made
}

/** A window of one of the two. */
async function as(person, options) {
  const { email, secret: admin } = feltbog
  Object.assign(feltbog, { email: person.email, secret })
  const window = await feltbog.signIn(options)
  Object.assign(feltbog, { email, secret: admin })
  return window
}

const card = (page) => page.locator('.cod[aria-pressed=true]')
const thread = (page) => page.getByRole('region', { name: 'Comments' })
const field = (page) => page.getByLabel('New comment')
const place = (page) => page.locator('.blk').nth(3).evaluate((b) => b.getBoundingClientRect().top)
/** Goes to a coding by the keyboard, from the note as it was opened. */
const choose = async (page, id) => {
  await page.goto(`${page.url().split('?')[0]}?coding=${id}`)
  await page.locator(`.cod[data-coding="${id}"][aria-pressed=true]`).waitFor()
}

test('two people talk at a coding: a mention comes into the inbox, is answered, changed, resolved and reopened', async () => {
  await meet()
  const one = await as(lea)
  const two = await as(bo)
  await openNote(one.page)
  await openNote(two.page)
  const id = await one.page.locator('.cod').nth(1).getAttribute('data-coding')
  assert.equal(await two.page.locator('.bar__inbox .num').count(), 0)

  // Lea writes by the keyboard alone, and nothing moves.
  await one.page.keyboard.press('n')
  await one.page.keyboard.press('n')
  assert.equal(await card(one.page).getAttribute('data-coding'), id)
  const top = await place(one.page)
  await one.page.keyboard.press('c')
  await field(one.page).waitFor()
  await one.page.waitForFunction(() => document.activeElement?.matches('.thread__field textarea'))
  await one.page.keyboard.type('Is this not the same as before, @thy')
  await one.page.getByRole('option', { name: 'Bo Thygesen' }).waitFor()
  await accessible(one.page, 'a mention')
  await one.page.keyboard.press('Enter')
  await one.page.keyboard.type('?')
  await one.page.keyboard.press('Shift+Enter')
  await one.page.keyboard.type('<b>Compare</b> with June.')
  assert.equal(await field(one.page).inputValue(), 'Is this not the same as before, @Bo Thygesen ?\n<b>Compare</b> with June.')
  await one.page.keyboard.press('Enter')
  await thread(one.page).locator('li').filter({ hasText: '@Bo Thygesen ?' }).waitFor()
  assert.equal(await field(one.page).inputValue(), '')
  assert.equal(await place(one.page), top)
  await one.page.keyboard.press('Escape')
  assert.equal(await one.page.evaluate(() => document.activeElement?.getAttribute('data-coding')), id)
  await one.page.getByRole('button', { name: /1 comment$/ }).waitFor()

  // Bo sees the count, the inbox says who, and leads there.
  await two.page.locator(`.cod[data-coding="${id}"]`, { hasText: '1 comment' }).waitFor()
  await two.page.getByRole('link', { name: 'Inbox, 1 unread' }).click()
  const item = two.page.locator('.inbox__item')
  await item.filter({ hasText: 'Lea Winther mentioned you in a comment' }).waitFor()
  assert.equal(await item.count(), 1)
  await accessible(two.page, 'inbox')
  await item.locator('a').click()
  await thread(two.page).getByText('@Bo Thygesen', { exact: true }).waitFor()
  await two.page.getByRole('link', { name: 'Inbox', exact: true }).waitFor()
  await thread(two.page).getByText('<b>Compare</b> with June.').waitFor()
  assert.equal(await thread(two.page).getByRole('button', { name: 'Change your comment' }).count(), 0)

  // He answers and resolves; she sees both where she is.
  await two.page.keyboard.press('c')
  await field(two.page).fill('It is. I merged them.')
  await two.page.keyboard.press('Enter')
  await thread(one.page).getByText('It is. I merged them.').waitFor()
  await two.page.keyboard.press('Escape')
  await thread(two.page).getByRole('button', { name: 'Resolve' }).click()
  await thread(two.page).getByText('You resolved this').waitFor()
  await thread(one.page).getByText('Bo Thygesen resolved this').waitFor()
  await one.page.getByRole('button', { name: /2 comments, resolved$/ }).waitFor()
  await thread(one.page).getByRole('button', { name: 'Reopen' }).click()
  await thread(two.page).getByText('Lea Winther reopened this').waitFor()

  // Her own words can be changed, deleted and taken back.
  await thread(one.page).getByRole('button', { name: 'Change your comment' }).click()
  await one.page.getByLabel('Change the comment').fill('Is it, @Bo Thygesen?')
  await one.page.keyboard.press('Enter')
  await thread(two.page).getByText('Is it, @Bo Thygesen?').waitFor()
  await thread(two.page).getByText(', changed').waitFor()
  await thread(one.page).getByRole('button', { name: 'Delete your comment' }).click()
  await thread(two.page).getByText('Is it, @Bo Thygesen?').waitFor({ state: 'detached' })
  await one.page.locator('.toast button').click()
  await thread(two.page).getByText('Is it, @Bo Thygesen?').waitFor()
  await accessible(one.page, 'a thread')

  // His answer lies in her inbox, once, and all is marked as read and taken back.
  await one.page.keyboard.press('Control+k')
  await one.page.getByRole('combobox', { name: 'Search or jump to' }).fill('inbox')
  await one.page.getByRole('option', { name: 'Inbox', exact: true }).waitFor()
  await one.page.keyboard.press('Enter')
  await one.page.locator('.is-unread', { hasText: 'Bo Thygesen wrote in a thread of yours' }).first().waitFor()
  await one.page.getByRole('button', { name: 'Mark all as read' }).click()
  await one.page.waitForFunction(() => document.querySelectorAll('.is-unread').length === 0)
  await one.page.getByRole('link', { name: 'Inbox', exact: true }).waitFor()
  await one.page.locator('.toast button').click()
  await one.page.locator('.is-unread').first().waitFor()
  await one.page.getByText('Unread', { exact: true }).first().click()
  await one.page.getByRole('button', { name: 'Mark as read' }).first().click()
  await one.page.getByText('You have read everything.').waitFor()
  assert.deepEqual([...one.faults, ...two.faults], [])
  await one.close()
  await two.close()
})

test('what is written without a network is kept, and what is typed outlasts a reload', async () => {
  await meet()
  const { page, close } = await as(lea)
  await openNote(page)
  const id = await page.locator('.cod').nth(2).getAttribute('data-coding')
  await choose(page, id)
  await page.keyboard.press('c')
  await field(page).fill('Half a thought')
  await page.reload()
  await page.locator(`.cod[data-coding="${id}"][aria-pressed=true]`).waitFor()
  await page.keyboard.press('c')
  await field(page).waitFor()
  assert.equal(await field(page).inputValue(), 'Half a thought')
  await page.context().setOffline(true)
  await field(page).press('Enter')
  await thread(page).locator('li', { hasText: 'Half a thought' }).getByText('Waits for the network').waitFor()
  await page.getByRole('button', { name: 'No network. Kept on this device, 1 change' }).waitFor()
  const sent = page.waitForResponse((r) => r.url().endsWith('/comments') && r.request().method() === 'POST')
  await page.context().setOffline(false)
  await (await sent).finished()
  await thread(page).getByText('Waits for the network').waitFor({ state: 'detached' })
  await thread(page).getByText('Half a thought').waitFor()
  const [, , project, , note] = new URL(page.url()).pathname.split('/')
  const { items } = await feltbog.api('GET', `/projects/${project}/comments?coding=${id}`)
  assert.deepEqual(
    items.map((c) => [c.text, c.noteId, c.authorId]),
    [['Half a thought', note, lea.id]],
  )
  await close()
})

test('others who read are shown where they are, without moving anything, until they go or do not want it', async () => {
  await meet()
  const one = await as(lea)
  const two = await as(bo)
  await openNote(one.page)
  const note = one.page.url()
  const top = await place(one.page)
  await openNote(two.page)
  await two.page.locator('.blk').nth(4).evaluate((b) => b.querySelector('.blk__text').click())
  const here = one.page.locator('.here')
  await one.page.locator('#b5 > .here', { hasText: 'BT' }).waitFor()
  assert.equal(await place(one.page), top)
  const head = one.page.getByRole('list', { name: 'Reading this note now' })
  await head.getByRole('button', { name: 'Bo Thygesen, block 5' }).focus()
  await head.getByText('Bo Thygesen, block 5').waitFor()
  await accessible(one.page, 'somebody who reads')
  await two.page.keyboard.press('j')
  await one.page.locator('#b6 > .here', { hasText: 'BT' }).waitFor()
  assert.equal(await here.count(), 1)
  await two.page.getByRole('link', { name: 'Inbox' }).click()
  await here.waitFor({ state: 'detached' })

  await two.page.goto(`${feltbog.address}/settings`)
  await two.page.getByLabel('Show others where I read').click({ force: true })
  await two.page.waitForResponse((r) => r.url().endsWith('/me') && r.request().method() === 'PATCH').catch(() => undefined)
  let told = 0
  two.page.on('request', (r) => r.url().endsWith('/presence') && r.method() === 'PUT' && told++)
  await two.page.goto(note)
  // He sees her, so his own would have been told by now.
  await two.page.locator('.here', { hasText: 'LW' }).waitFor()
  assert.equal(told, 0)
  assert.equal(await here.count(), 0)
  await one.close()
  await two.close()
})

test('one tab of a browser tells where its reader is, and stops when it is left', async () => {
  await meet()
  const { page, close } = await as(lea)
  await openNote(page)
  const tellers = new Set()
  const watch = (tab) => tab.on('request', (r) => r.url().endsWith('/presence') && r.method() === 'PUT' && tellers.add(tab))
  watch(page)
  await page.waitForRequest((r) => r.url().endsWith('/presence') && r.method() === 'PUT')
  const tab = await page.context().newPage()
  watch(tab)
  await tab.goto(page.url())
  await tab.locator('.cod').first().waitFor()
  const gone = page.waitForRequest((r) => r.url().endsWith('/presence') && r.method() === 'DELETE')
  const taken = tab.waitForRequest((r) => r.url().endsWith('/presence') && r.method() === 'PUT')
  // The headless browser calls every tab visible: the first one says otherwise.
  tellers.delete(tab)
  await page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { value: 'hidden' })
    document.dispatchEvent(new Event('visibilitychange'))
  })
  await gone
  await taken
  assert.ok(tellers.has(tab))
  await close()
})

test('a thread and the inbox are in Danish, and fit on a phone and in the dark', async () => {
  await meet()
  for (const [width, colorScheme] of [[390, 'light'], [1440, 'dark']]) {
    const { page, close } = await as(bo, { viewport: { width, height: 844 }, colorScheme, locale: 'da' })
    await openNote(page)
    await page.locator('.cod', { hasText: 'kommentar' }).first().click()
    await page.keyboard.press('c')
    await page.getByLabel('Ny kommentar').fill('@')
    await page.getByRole('option').first().waitFor()
    await fits(page)
    await accessible(page, `a thread at ${width}`)
    await page.goto(`${feltbog.address}/inbox`)
    await page.getByText('nævnte dig i en kommentar').waitFor()
    await fits(page)
    await accessible(page, `inbox at ${width}`)
    await close()
  }
})
