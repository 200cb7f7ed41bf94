import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accessible, fits, openDemo, openNote, run } from './feltbog.mjs'

process.env.FELTBOG_SIGN_UP = 'open' // anybody may make an account here
const feltbog = run()
const secret = 'four words for everybody'

/** A window in which nobody is signed in. */
async function stranger(options = {}) {
  const context = await feltbog.browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB', ...options })
  const page = await context.newPage()
  await page.goto(feltbog.address)
  return { page, context, close: () => context.close() }
}

/** A window of somebody who has just made an account. */
async function newcomer(name, options) {
  const window = await stranger(options)
  const { page } = window
  await page.locator('form button').last().click()
  await page.locator('[name=name]').fill(name)
  await page.locator('[name=email]').fill(`${name.toLowerCase()}@example.org`)
  await page.locator('[name=password]').fill(secret)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: /Projects|Projekter/ }).waitFor()
  return window
}

async function signIn(page, email, password = secret) {
  await page.locator('.sign [name=email]').fill(email)
  await page.locator('.sign [name=password]').fill(password)
  await page.keyboard.press('Enter')
}

/** What the API answers to somebody. */
async function caller(email, password = secret) {
  const send = async (method, path, body, token, headers) => {
    const answer = await fetch(`${feltbog.address}/api/v1${path}`, {
      method,
      headers: { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }), ...headers },
      ...(body && { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    assert.ok(answer.ok, `${method} ${path}: ${text}`)
    return text && JSON.parse(text)
  }
  const { accessToken } = await send('POST', '/auth/sign-in', { email, password })
  return (method, path, body, headers) => send(method, path, body, accessToken, headers)
}

/** Makes a project of somebody's with one note that has a coding; gives where it is. */
async function project(call, name) {
  const { id } = await call('POST', '/projects', { name, codebookTemplate: 'data-in-organisational-practice' })
  const text = 'The registers carry us.'
  const note = await call('POST', `/projects/${id}/notes`, { title: 'Monday at the town hall', kind: 'fieldNote', text })
  const { items } = await call('GET', `/projects/${id}/codes`)
  const anchor = { start: 4, end: 13, quote: 'registers' }
  await call('POST', `/projects/${id}/codings`, { noteId: note.id, codeId: items[0].id, anchor })
  return { id, note: note.id, address: `${feltbog.address}/projects/${id}` }
}

const toast = (page) => page.locator('.toast')

test('whoever has just come has the demo with one click, in Danish', async () => {
  const { page, close } = await newcomer('Aage', { locale: 'da-DK' })
  await page.getByText('Du er ikke med i noget projekt endnu').waitFor()
  await page.getByRole('button', { name: 'Åbn demoen' }).click()
  await page.locator('.note-link').first().waitFor({ timeout: 90_000 }) // it takes some seconds, and more where much else goes on
  await page.getByRole('link', { name: 'Feltbog' }).click()
  const card = page.locator('.proj')
  await card.getByText(/^[1-9]\d noter$/).waitFor()
  assert.match(await card.getByRole('img').getAttribute('aria-label'), /ændringer på 26 uger/)
  assert.equal(await page.getByRole('button', { name: 'Åbn demoen' }).count(), 0)
  await close()
})

test('the palette finds pages, notes and codes by keyboard, and gives the focus back', async () => {
  const { page, close } = await feltbog.signIn()
  await openDemo(page)
  await page.locator('.note-link').first().waitFor()
  const title = await page.locator('.note-link').nth(4).innerText()
  const find = async (words) => {
    await page.keyboard.press('Control+k')
    await page.getByRole('dialog').getByRole('combobox').waitFor()
    await page.keyboard.type(words)
  }
  await find('memb')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Members' }).waitFor()

  await find(title.toUpperCase())
  assert.ok(await page.getByRole('option', { name: `Search for “${title.toUpperCase()}”` }).isVisible())
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: title }).waitFor()

  const rail = page.getByRole('searchbox')
  await rail.focus()
  await find('found')
  await page.getByRole('option', { name: 'Data as foundation' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  assert.ok(await rail.evaluate((field) => field === document.activeElement))

  await page.keyboard.press('Control+k')
  assert.equal(await page.getByRole('option').first().innerText().then((words) => words.includes(title)), true)
  await page.keyboard.press('Escape')
  await page.goBack()
  await page.getByRole('heading', { level: 1, name: 'Members' }).waitFor()
  await close()
})

test('a session that ends elsewhere asks to sign in again, and keeps what was typed', async () => {
  const here = await newcomer('Sara')
  const away = await stranger()
  await signIn(away.page, 'sara@example.org')
  await away.page.locator('.home').waitFor()
  const made = await project(await caller('sara@example.org'), 'Two places')
  await away.page.goto(`${made.address}/settings`)
  await away.page.getByRole('textbox', { name: 'Description' }).fill('What I typed before it ended')

  await here.page.goto(`${feltbog.address}/settings`)
  await here.page.locator('.lines', { hasText: 'This device' }).waitFor()
  await here.page.getByRole('button', { name: 'Sign out everywhere else' }).click()
  await away.page.getByText('Your session has ended').waitFor()
  assert.equal(await away.page.getByText('Two places').first().isVisible(), false)
  await away.page.locator('.sign [name=password]').fill(secret)
  await away.page.keyboard.press('Enter')
  await away.page.locator('.sign').waitFor({ state: 'detached' })
  assert.equal(away.page.url(), `${made.address}/settings`)
  assert.equal(await away.page.getByRole('textbox', { name: 'Description' }).inputValue(), 'What I typed before it ended')

  // An access token that is no good in the middle of a change: the change is sent again with a new one.
  let refused = 0
  await away.page.route('**/api/v1/projects/*', (route) => {
    if (route.request().method() !== 'PATCH' || refused++ > 0) return route.continue()
    return route.fulfill({ status: 401, contentType: 'application/problem+json', body: '{}' })
  })
  await away.page.getByRole('button', { name: 'Save', exact: true }).click()
  await toast(away.page).getByText('The project is saved').waitFor()

  assert.equal(refused, 2)

  // Signing out in one tab signs out the other.
  const tab = await away.context.newPage()
  await tab.goto(feltbog.address)
  await tab.getByRole('button', { name: 'Sara, Your account' }).click()
  await tab.getByRole('menuitem', { name: 'Sign out' }).click()
  await away.page.getByText('Field notes and meeting observations').waitFor()
  await here.close()
  await away.close()
})

test('a password is changed, and is the one to sign in with', async () => {
  const { page, close } = await newcomer('Per')
  await page.goto(`${feltbog.address}/settings`)
  const form = page.locator('form', { has: page.getByRole('button', { name: 'Change password' }) })
  await form.locator('[name=current]').fill('not this one, surely')
  await form.locator('[name=next]').fill('another four words')
  await page.keyboard.press('Enter')
  await form.getByRole('alert').getByText('isn\'t your current password').waitFor()
  await form.locator('[name=current]').fill(secret)
  await form.getByRole('button', { name: 'Change password' }).click()
  await toast(page).getByText('Your password is changed').waitFor()
  await page.getByLabel('Name', { exact: true }).fill('Per Nymand')
  await page.getByRole('button', { name: 'Save name' }).click()
  await page.getByRole('button', { name: 'Per Nymand, Your account' }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await signIn(page, 'per@example.org', 'another four words')
  await page.getByRole('button', { name: 'Per Nymand, Your account' }).waitFor()

  // Nobody is kept by an account: it goes, once the password is given.
  await page.getByRole('button', { name: 'Delete my account' }).click()
  await page.getByLabel('Your password, to be sure').fill('another four words')
  await page.keyboard.press('Enter')
  await page.getByText('Field notes and meeting observations').waitFor()
  await signIn(page, 'per@example.org', 'another four words')
  await page.getByRole('alert').getByText('don\'t belong together').waitFor()
  await close()
})

test('people are added, get another role, and are removed; an owner always stays', async () => {
  await (await newcomer('Bo')).close()
  const { page, close } = await newcomer('Lea')
  const call = await caller('lea@example.org')
  const { id, address } = await project(call, 'Havnsø')
  const names = async () => (await call('GET', `/projects/${id}/members`)).items.map((m) => `${m.name} ${m.role}`)
  await page.goto(`${address}/members`)
  await page.getByLabel('E-mail').fill('nobody@example.org')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').getByText('Nobody has an account').waitFor()
  await page.getByLabel('E-mail').fill('bo@example.org')
  await page.keyboard.press('Enter')
  await toast(page).getByText('Bo is added').waitFor()
  assert.deepEqual(await names(), ['Lea owner', 'Bo coder'])

  await page.getByRole('combobox', { name: 'Role of Bo' }).click()
  await page.getByRole('option', { name: 'Reader' }).click()
  await toast(page).getByText('Bo: Reader').waitFor()
  assert.deepEqual(await names(), ['Lea owner', 'Bo reader'])
  await page.getByRole('combobox', { name: 'Role of Lea' }).click()
  await page.getByRole('option', { name: 'Editor' }).click()
  await toast(page).getByText('A project always has an owner').waitFor()

  await page.getByRole('button', { name: 'Remove Bo' }).click()
  await toast(page).getByText('Bo is removed').waitFor()
  assert.deepEqual(await names(), ['Lea owner'])
  await toast(page).getByRole('button').click()
  await page.getByRole('combobox', { name: 'Role of Bo' }).waitFor()
  assert.deepEqual(await names(), ['Lea owner', 'Bo reader'])
  await close()
})

test('a note comes back from the bin with its codings, or goes for good', async () => {
  const { page, close } = await newcomer('Tove')
  const call = await caller('tove@example.org')
  const { id, note, address } = await project(call, 'Havnsø')
  await page.goto(`${address}/bin`)
  await page.getByText('Nothing lies in the bin').waitFor()
  await call('DELETE', `/projects/${id}/notes/${note}`)
  await call('POST', `/projects/${id}/sites`, { name: 'Town hall' }).then((s) => call('DELETE', `/projects/${id}/sites/${s.id}`))
  await page.reload()
  await page.getByText('1 coding come back with it').waitFor()
  await page.getByText(/deleted .* by Tove/).first().waitFor()
  await page.getByRole('combobox', { name: 'Show' }).click()
  await page.getByRole('option', { name: 'Sites' }).click()
  assert.equal(await page.locator('.lines > li').count(), 1)
  await page.reload()

  await page.getByRole('button', { name: 'Restore Monday at the town hall' }).click()
  await toast(page).getByText('is back').waitFor()
  assert.equal((await call('GET', `/projects/${id}/notes/${note}/codings`)).items.length, 1)
  await toast(page).getByRole('button').click()
  await page.getByRole('button', { name: 'Delete Monday at the town hall for good' }).click()
  await page.getByRole('dialog').getByText('1 coding on it go too').waitFor()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete for good' }).click()
  await toast(page).getByText('is deleted for good').waitFor()
  assert.deepEqual((await call('GET', `/projects/${id}/bin`)).items.map((i) => i.name), ['Town hall'])
  await close()
})

test('a project is deleted, comes back, and goes for good once its name is typed', async () => {
  const { page, close } = await newcomer('Kirsten')
  const call = await caller('kirsten@example.org')
  const { address } = await project(call, 'After the go-live')
  const mine = async (bin = false) => (await call('GET', `/projects?bin=${bin}`)).items.length
  await page.goto(`${address}/settings`)
  await page.getByRole('button', { name: 'Delete the project' }).click()
  await toast(page).getByText('After the go-live is in the bin').waitFor()
  assert.deepEqual([await mine(), await mine(true)], [0, 1])
  await page.keyboard.press('Control+z')
  await page.getByRole('link', { name: 'After the go-live' }).waitFor()

  await page.getByRole('button', { name: 'More about After the go-live' }).click()
  await page.getByRole('menuitem', { name: 'Delete the project' }).click()
  await page.getByText('1 project in the bin').click()
  await page.getByRole('button', { name: 'Delete for good' }).click()
  const dialog = page.getByRole('dialog')
  const button = dialog.getByRole('button', { name: 'Delete for good' })
  await dialog.getByRole('textbox').fill('After the')
  assert.ok(await button.isDisabled())
  await accessible(page, 'purge')
  await dialog.getByRole('textbox').fill('After the go-live')
  await button.click()
  await toast(page).getByText('deleted for good').waitFor()
  assert.deepEqual([await mine(), await mine(true)], [0, 0])
  await close()
})

test('keys of a single letter can be switched off', async () => {
  const { page, close } = await feltbog.signIn()
  await page.goto(`${feltbog.address}/settings`)
  await page.getByRole('switch', { name: 'Keys of a single letter' }).press('Space')
  await page.getByRole('link', { name: 'Feltbog' }).click()
  await openNote(page)
  const n = await page.locator('.cod').count()
  const block = page.locator('.blk').first()
  for (const key of ['j', '3', '?']) await page.keyboard.press(key)
  assert.equal(await block.evaluate((b) => b === document.activeElement), false)
  await page.goto(`${feltbog.address}/settings`)
  await page.getByRole('switch', { name: 'Keys of a single letter' }).press('Space')
  await page.goBack()
  await page.locator('.cod').first().waitFor()
  assert.equal(await page.locator('.cod').count(), n)
  await page.keyboard.press('j')
  assert.equal(await block.evaluate((b) => b === document.activeElement), true)
  await close()
})

for (const colorScheme of ['light', 'dark']) {
  test(`axe finds nothing, and a phone shows every view without sideways scrolling, ${colorScheme}`, async () => {
    const { page, close } = await feltbog.signIn({ colorScheme })
    await openDemo(page)
    await page.locator('.note-link').first().waitFor()
    const demo = page.url().replace(/\/$/, '')
    for (const address of [feltbog.address, `${feltbog.address}/settings`, `${feltbog.address}/settings/users`, `${demo}/settings`, `${demo}/members`, `${demo}/bin`]) {
      await page.goto(address)
      await page.locator('h1, .rail h2').first().waitFor()
      await page.locator('[aria-busy]').first().waitFor({ state: 'detached' })
      await accessible(page, address)
      await page.setViewportSize({ width: 720, height: 450 })
      await fits(page)
      await page.setViewportSize({ width: 390, height: 844 })
      await fits(page)
      await page.setViewportSize({ width: 1440, height: 900 })
    }
    await page.keyboard.press('Control+k')
    await page.getByRole('option').first().waitFor()
    await accessible(page, 'palette')
    await close()
  })
}
