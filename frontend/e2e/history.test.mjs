import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accessible, fits, openDemo, openNote, run } from './feltbog.mjs'

const feltbog = run()
const paragraph = (n) => `Afsnit ${n} handler om noget andet.`
const first = ['Registrene bærer os, siger Kirsten.', ...Array.from({ length: 9 }, (_, i) => paragraph(i)), 'Slut.'].join('\n\n')
const second = first.replace('Registrene bærer', 'Kortene bærer').replace(paragraph(8), `${paragraph(8)} Nu også her.`)

let made

/** A project with a note, two codes and a reader, made once. */
const prepared = () => (made ??= prepare())

async function prepare() {
  const { accessToken } = await ask('', 'POST', 'auth/sign-in', { email: feltbog.email, password: feltbog.secret })
  const call = (...request) => ask(accessToken, ...request)
  const project = await call('POST', 'projects', { name: 'Havnsø', template: undefined })
  const at = `projects/${project.id}`
  const code = (name) => call('POST', `${at}/codes`, { name, key: name.toLowerCase() })
  const codes = [await code('Foundation'), await code('Agency')]
  const note = await call('POST', `${at}/notes`, { title: 'Datastyregruppen, 3. møde', kind: 'fieldNote', text: first })
  const on = (quote) => ({ start: first.indexOf(quote), end: first.indexOf(quote) + quote.length, quote })
  const put = (code, ...quotes) =>
    call('POST', `${at}/codings/batch`, { items: quotes.map((q) => ({ noteId: note.id, codeId: code.id, anchor: on(q) })) })
  const reader = await call('POST', 'users', { email: 'ida@example.org', name: 'Ida Holm' })
  await call('POST', `${at}/members`, { email: reader.email, role: 'reader' })
  return { call, at, project, note, codes, put, reader, address: `${feltbog.address}/${at}`, history: `${feltbog.address}/${at}/history` }
}

async function ask(token, method, path, body, headers = {}) {
  const response = await fetch(`${feltbog.address}/api/v1/${path}`, {
    method,
    headers: { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }), ...headers },
    body: body && JSON.stringify(body),
  })
  const text = await response.text()
  assert.ok(response.ok, `${method} ${path}: ${response.status} ${text}`)
  return text === '' ? undefined : JSON.parse(text)
}

let window

/** A page of its own in one window of the administrator's. */
async function opened(address) {
  window ??= feltbog.signIn()
  const { page: front } = await window
  const page = await front.context().newPage()
  const faults = []
  page.on('pageerror', (error) => faults.push(error.stack))
  await page.goto(address)
  return { page, faults, close: () => page.close() }
}

const line = (page, n = 0) => page.locator('.past__line').nth(n)

/** Waits until the newest line says something. */
const says = (page, words) => line(page).filter({ hasText: words }).waitFor()

test('a coding that was put is told, undone, and put back by undoing the undo', async () => {
  const { page, faults, close } = await feltbog.signIn()
  await openNote(page)
  const n = await page.locator('.cod').count()
  const title = await page.locator('h1').innerText()
  await page.keyboard.press('j')
  await page.keyboard.press('3')
  await page.waitForFunction((wanted) => document.querySelectorAll('.cod').length === wanted, n + 1)
  await page.getByText('All changes saved').waitFor()
  const note = page.url()
  await page.goto(note.replace(/\/notes\/.*/, '/history'))
  await says(page, /put .*Data as future on \d+ words in/)
  await line(page).getByRole('link', { name: title }).waitFor()
  await line(page).getByRole('button', { name: 'Undo' }).click()
  await says(page, /Undo.*removed .*Data as future from \d+ words in/s)
  assert.match(await line(page, 1).innerText(), /Undone since/)
  assert.equal(await line(page, 1).getByRole('button', { name: 'Undo' }).count(), 0)
  await line(page).getByRole('button', { name: 'Undo' }).click()
  await says(page, /Undo.*put .*Data as future back on \d+ words in/s)
  assert.doesNotMatch(await line(page, 2).innerText(), /Undone since/)
  await line(page).getByRole('link', { name: title }).click()
  await page.waitForFunction((wanted) => document.querySelectorAll('.cod').length === wanted, n + 1)
  assert.deepEqual(faults, [])
  await close()
})

test('a batch is one line; what moved on is named, and the rest is undone', async () => {
  const study = await prepared()
  const { call, at, note, codes, put } = study
  const batch = await put(codes[0], 'Registrene', 'Kirsten', 'Afsnit 3')
  await call('PATCH', `${at}/codings/${batch.items[1].id}`, { codeId: codes[1].id }, { 'If-Match': '"1"' })
  const { page, faults, close } = await opened(study.history)
  await says(page, /gave a passage in Datastyregruppen, 3. møde .*Agency instead of .*Foundation/)
  const deed = line(page, 1)
  assert.match(await deed.innerText(), /put .*Foundation on 3 passages/s)
  const unfold = deed.getByRole('button', { name: 'Show 3 changes' })
  await unfold.focus()
  await page.keyboard.press('Enter')
  assert.equal(await deed.locator('.past__events li').count(), 3)
  await deed.getByRole('button', { name: 'Undo', exact: true }).click()
  const refusal = deed.getByRole('alert')
  assert.match(await refusal.innerText(), /1 of these was changed again since.*Kirsten/s)
  await refusal.getByRole('button', { name: 'Undo the other 2' }).click()
  await says(page, /Undo.*removed .*Foundation from 2 passages/s)
  const left = await call('GET', `${at}/notes/${note.id}/codings`)
  assert.deepEqual(
    left.items.map((c) => c.anchor.quote),
    ['Kirsten'],
  )
  await page.getByRole('status').getByRole('button', { name: 'Undo' }).click()
  await says(page, /put .*Foundation back on 2 passages/s)
  assert.deepEqual(faults, [])
  await close()
})

test('the history is filtered, also by its address', async () => {
  const study = await prepared()
  const { page, close } = await opened(study.history)
  await line(page).waitFor()
  await page.getByRole('combobox', { name: 'Kind' }).click()
  await page.getByRole('option', { name: 'Members' }).click()
  await page.waitForURL(/kind=member/)
  await says(page, 'added Ida Holm as a reader')
  await page.reload()
  await says(page, 'added Ida Holm as a reader')
  assert.ok((await page.locator('.past__line').allInnerTexts()).every((words) => /added/.test(words)))
  await page.goto(`${study.history}?to=2001-01-01`)
  await page.getByText('Nothing in the history matches').waitFor()
  await page.getByRole('main').getByRole('button', { name: 'Show everything' }).last().click()
  await line(page).waitFor()
  await close()
})

test('two versions are compared, and the earlier one is restored and given up again', async () => {
  const study = await prepared()
  const { call, at, note } = study
  await call('PUT', `${at}/notes/${note.id}/text`, { text: second }, { 'If-Match': '"1"' })
  const { page, faults, close } = await opened(study.history)
  await says(page, /edited the text of Datastyregruppen/)
  await line(page).getByRole('link', { name: 'See what changed' }).click()
  await page.locator('.diff ins').first().waitFor()
  assert.equal((await page.locator('.diff del').allTextContents()).join(), 'Removed: Registrene')
  assert.deepEqual(await page.locator('.diff ins').allTextContents(), ['Added: Kortene', 'Added:  Nu også her.'])
  const decoration = (tag) => page.locator(`.diff ${tag}`).first().evaluate((e) => getComputedStyle(e).textDecorationLine)
  assert.deepEqual([await decoration('del'), await decoration('ins')], ['line-through', 'underline'])
  await page.keyboard.press('n')
  await page.keyboard.press('n')
  await page.getByText('Change 2 of 2').waitFor()
  assert.match(await page.evaluate(() => document.activeElement.innerText), /Nu også her/)
  await page.keyboard.press('Shift+N')
  await page.getByText('Change 1 of 2').waitFor()
  await page.getByRole('button', { name: /paragraphs are the same/ }).first().click()
  await page.getByText(paragraph(4)).waitFor()

  await page.getByRole('link', { name: /Version 1/ }).click()
  await page.getByRole('button', { name: 'Restore version 1' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText(/stay on their words/).waitFor()
  await dialog.getByRole('button', { name: 'Restore version 1' }).click()
  await page.getByRole('heading', { name: 'Version 3', exact: true }).waitFor()
  await page.locator('.diff ins', { hasText: 'Registrene' }).waitFor()
  assert.equal((await call('GET', `${at}/notes/${note.id}/text`)).text, first)
  await page.getByRole('status').getByRole('button', { name: 'Undo' }).click()
  await page.getByRole('link', { name: /Version 4/ }).waitFor()
  assert.equal((await call('GET', `${at}/notes/${note.id}/text`)).text, second)
  assert.deepEqual(faults, [])
  await close()
})

test('a reader sees what happened and no way to undo it', async () => {
  const study = await prepared()
  const as = Object.assign(Object.create(feltbog), { email: study.reader.email, secret: study.reader.password })
  const { page, close } = await as.signIn()
  await page.goto(study.history)
  await line(page, 3).waitFor()
  assert.equal(await page.getByRole('button', { name: 'Undo', exact: true }).count(), 0)
  await page.goto(`${study.address}/notes/${study.note.id}/versions?version=1`)
  await page.getByRole('heading', { name: 'Version 1' }).waitFor()
  await page.getByText(paragraph(4)).waitFor()
  assert.equal(await page.getByRole('button', { name: /Restore/ }).count(), 0)
  await close()
})

for (const colorScheme of ['light', 'dark']) {
  test(`axe finds nothing, ${colorScheme}`, async () => {
  const study = await prepared()
    const { page, close } = await feltbog.signIn({ colorScheme })
    await page.goto(study.history)
    await page.getByRole('button', { name: /^Show \d+ changes$/ }).first().click()
    await accessible(page, 'history')
    await page.goto(`${study.address}/notes/${study.note.id}/versions?version=2&against=1`)
    await page.locator('.diff ins').first().waitFor()
    await accessible(page, 'versions')
    await page.getByRole('button', { name: 'Restore version 2' }).click()
    await page.getByRole('dialog').getByText(/stay on their words|No codings/).waitFor()
    await accessible(page, 'restore')
    await page.keyboard.press('Escape')
    await close()
  })
}

test('a phone shows both in Danish without sideways scrolling', async () => {
  const study = await prepared()
  const { page, close } = await feltbog.signIn({ locale: 'da-DK', viewport: { width: 390, height: 844 } })
  await openDemo(page)
  await page.goto(study.history)
  await page.getByRole('heading', { name: 'Historik' }).waitFor()
  await line(page, 3).waitFor()
  await page.getByText(/tilføjede noten Datastyregruppen, 3. møde/).waitFor()
  await fits(page)
  await page.goto(`${study.address}/notes/${study.note.id}/versions?version=2&against=1`)
  await page.getByRole('button', { name: /afsnit er de samme/ }).first().waitFor()
  await fits(page)
  await close()
})
