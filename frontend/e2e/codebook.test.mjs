import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accessible, fits, openDemo, run } from './feltbog.mjs'

const feltbog = run()

/** Goes to the codebook of the demo project. */
async function openBook(page) {
  await openDemo(page)
  await page.locator('.tabs a[href$=codebook]').click()
  await page.getByRole('treeitem').first().waitFor()
}

/** The tree as it is shown: names, with a dash for each level. */
const tree = (page) =>
  page.getByRole('treeitem').evaluateAll((rows) =>
    rows.map((row) => '-'.repeat(Number(row.getAttribute('aria-level')) - 1) + row.querySelector('.clip')?.textContent),
  )

/** Waits until the tree has a code at a place, and gives the tree. */
async function stands(page, name, at) {
  await page.waitForFunction(
    ([wanted, n]) => {
      const row = document.querySelectorAll('[role=treeitem]')[n]
      return row && '-'.repeat(Number(row.getAttribute('aria-level')) - 1) + row.querySelector('.clip')?.textContent === wanted
    },
    [name, at],
  )
  return tree(page)
}

const row = (page, name) => page.getByRole('treeitem', { name: new RegExp(`^${name}`) })
const focused = (page) => page.evaluate(() => document.activeElement.querySelector('.clip')?.textContent)
const focuses = (page, name) => page.waitForFunction((n) => document.activeElement.querySelector('.clip')?.textContent === n, name)
const use = (page, name) => row(page, name).locator('[data-use]').innerText()
const toast = (page, words) => page.locator('.toast', { hasText: words }).waitFor()
const saved = (page) => page.waitForResponse((r) => r.request().method() !== 'GET' && r.url().includes('/codes') && r.ok())

/** Calls the API as the administrator. */
async function call(method, path, body, headers = {}) {
  const json = { 'Content-Type': 'application/json' }
  const at = `${feltbog.address}/api/v1`
  const sign = JSON.stringify({ email: feltbog.email, password: feltbog.secret })
  const { accessToken } = await (await fetch(`${at}/auth/sign-in`, { method: 'POST', headers: json, body: sign })).json()
  const response = await fetch(at + path, {
    method,
    headers: { ...json, ...headers, Authorization: `Bearer ${accessToken}` },
    body: body && JSON.stringify(body),
  })
  assert.ok(response.ok, `${method} ${path}: ${response.status}`)
  return response.status === 204 ? undefined : response.json()
}

const projectIn = (page) => page.url().split('/')[4]

test('a code moves with the keyboard and with the mouse, and goes back with undo', async () => {
  const { page, faults, close } = await feltbog.signIn()
  await openBook(page)
  const before = await tree(page)
  assert.deepEqual(before.slice(0, 4), ['Data as foundation', '-The ground is there', '-Poor data stands in the way', 'Data as connector'])

  await row(page, 'Data as foundation').focus()
  await page.keyboard.press('Alt+ArrowUp')
  await toast(page, 'Data as foundation is the first here already.')
  await page.keyboard.press('End')
  await page.keyboard.press('Home')
  await page.keyboard.press('ArrowRight')
  assert.match(await focused(page), /^The ground is there/)
  let done = saved(page)
  await page.keyboard.press('Alt+ArrowDown')
  await stands(page, '-The ground is there', 2)
  await done
  done = saved(page)
  await page.keyboard.press('Alt+ArrowLeft')
  assert.equal((await stands(page, 'The ground is there', 2))[1], '-Poor data stands in the way')
  await done
  assert.match(await focused(page), /^The ground is there/)
  await toast(page, 'The ground is there moved')
  await page.keyboard.press('Control+z')
  await toast(page, 'Undone')
  assert.equal((await tree(page))[2], '-The ground is there', 'one press takes back one thing')
  done = saved(page)
  await page.keyboard.press('Control+z')
  await stands(page, '-The ground is there', 1)
  await done
  await page.reload()
  await page.getByRole('treeitem').first().waitFor()
  assert.deepEqual(await tree(page), before)

  const drag = async (name, onto, part) => {
    const [from, to] = [await row(page, name).boundingBox(), await row(page, onto).boundingBox()]
    await page.mouse.move(from.x + 120, from.y + from.height / 2)
    await page.mouse.down()
    await page.mouse.move(to.x + 120, to.y + to.height * part, { steps: 4 })
  }
  await drag('Data as future', 'Poor data stands in the way', 0.9)
  assert.equal(await row(page, 'Poor data stands in the way').getAttribute('data-drop'), 'after')
  done = saved(page)
  await page.mouse.up()
  await stands(page, '-Data as future', 3)
  await done
  await page.locator('.toast button').click()
  await stands(page, 'Data as future', before.indexOf('Data as future'))
  await drag('Data as foundation', 'The ground is there', 0.5)
  await page.mouse.up()
  await toast(page, 'Data as foundation can’t hang beneath itself.')
  await drag('Data as future', 'Data as foundation', 0.5)
  await page.keyboard.press('Escape')
  await page.mouse.up()
  assert.deepEqual(await tree(page), before)

  await page.route('**/codes/*', (route) => (route.request().method() === 'PATCH' ? route.abort() : route.continue()))
  await row(page, 'Data as future').focus()
  await page.keyboard.press('Alt+ArrowUp')
  await toast(page, 'can’t be reached')
  assert.deepEqual(await tree(page), before)
  assert.deepEqual(faults, [])
  await close()
})

test('codes are made, renamed and deleted in the tree', async () => {
  const { page, faults, close } = await feltbog.signIn()
  await openBook(page)
  await page.getByRole('button', { name: 'New code' }).click()
  await page.keyboard.type('Rygter på gangen')
  await page.keyboard.press('Enter')
  await row(page, 'Rygter på gangen').waitFor()
  await focuses(page, 'Rygter på gangen')
  await page.keyboard.press('F2')
  await page.keyboard.type('Rumour')
  await page.keyboard.press('Enter')
  await row(page, 'Rumour').waitFor()
  await page.getByRole('button', { name: 'More for Rumour' }).click()
  await page.getByRole('menuitem', { name: 'New code beneath it' }).click()
  await page.locator('.node__input').waitFor()
  await page.keyboard.type('Hearsay')
  await page.keyboard.press('Enter')
  await row(page, 'Hearsay').waitFor()
  await focuses(page, 'Hearsay')
  await row(page, 'Rumour').focus()
  await page.keyboard.press('Delete')
  await toast(page, 'This code has codings or sub-codes')
  await row(page, 'Rumour').waitFor()
  await row(page, 'Hearsay').focus()
  await page.keyboard.press('Delete')
  await row(page, 'Hearsay').waitFor({ state: 'detached' })
  await focuses(page, 'Rumour')
  await page.keyboard.press('Control+z')
  await row(page, 'Hearsay').waitFor()
  assert.deepEqual(faults, [])
  await close()
})

test('what is written of a code is kept until it is saved, and meets what others wrote', async () => {
  const { page, faults, close } = await feltbog.signIn()
  await page.route('**/stream', (route) => route.abort()) // so that the other's change is met when saving
  await openBook(page)
  const project = projectIn(page)
  await row(page, 'Data as future').click()
  const meaning = page.getByLabel('What it means')
  await meaning.fill('My own words.')
  await page.getByText('Teal').or(page.getByTitle('Teal')).first().click()
  await page.getByRole('link', { name: 'Notes', exact: true }).click()
  await page.locator('.note-link').first().waitFor()
  await page.goBack()
  await row(page, 'Data as future').getByText('not saved yet').waitFor()
  await row(page, 'Data as future').click()
  assert.equal(await meaning.inputValue(), 'My own words.')

  const { items } = await call('GET', `/projects/${project}/codes`)
  const future = items.find((c) => c.key === 'future')
  await call('PATCH', `/projects/${project}/codes/${future.id}`, { definition: 'Their words.' }, { 'If-Match': `"${future.version}"` })
  await page.getByRole('button', { name: 'Save' }).click()
  const clash = page.locator('.clash')
  await clash.getByText('Their words.').waitFor()
  assert.ok((await clash.innerText()).includes('My own words.'))
  await accessible(page, 'conflict')
  await clash.getByRole('button', { name: 'Keep mine' }).click()
  await page.getByRole('button', { name: 'Save' }).click()
  await toast(page, 'Data as future saved')
  const kept = (await call('GET', `/projects/${project}/codes`)).items.find((c) => c.key === 'future')
  assert.deepEqual([kept.definition, kept.colour], ['My own words.', 2])
  await page.locator('.toast button').click()
  await page.waitForFunction(() => document.querySelector('textarea').value === 'Their words.')
  await page.getByLabel('Letter').fill('')
  await page.getByLabel('Name in files').fill('Not A Key')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('A key has lower-case letters').first().waitFor()
  await page.getByRole('button', { name: 'Discard' }).click()
  assert.equal(await page.getByLabel('Letter').inputValue(), 'U')
  assert.deepEqual(faults, [])
  await close()
})

test('codes are merged and split after a look at what moves, and both are undone', async () => {
  const { page, faults, close } = await feltbog.signIn()
  await openBook(page)
  const before = await tree(page)
  const codings = async (name) => Number(/(\d+) codings?/.exec(await use(page, name))[1])
  const [from, into] = [await codings('Data as future'), await codings('Data as old news')]
  await row(page, 'Data as future').click()
  await page.getByRole('button', { name: 'More for Data as future' }).click()
  await page.getByRole('menuitem', { name: 'Merge into another' }).click()
  await page.getByRole('dialog').getByLabel('Into').selectOption({ label: 'Data as old news' })
  const preview = await page.locator('.preview').innerText()
  assert.ok(preview.includes(`${from} codings get the code Data as old news`), preview)
  const together = Number(/(\d+) of them falls? together/.exec(preview)?.[1] ?? 0)
  await accessible(page, 'merge')
  await page.getByRole('button', { name: 'Merge', exact: true }).click()
  await row(page, 'Data as future').waitFor({ state: 'detached' })
  await page.waitForFunction(
    (wanted) => [...document.querySelectorAll('[role=treeitem]')].some((r) => r.textContent.includes(`${wanted} codings`)),
    from + into - together,
  )
  await page.locator('.toast button').click()
  await row(page, 'Data as future').waitFor()
  await page.waitForFunction((n) => document.querySelectorAll('[role=treeitem]').length === n, before.length)
  assert.deepEqual(await tree(page), before)

  await row(page, 'it’s been held').click()
  const held = await codings('it’s been held')
  await page.getByRole('button', { name: /^More for it/ }).click()
  await page.getByRole('menuitem', { name: 'Split' }).click()
  await page.getByLabel('New code 1').fill('By a ministry')
  const choices = page.getByLabel(/^Where this goes/)
  await choices.first().waitFor()
  assert.equal(await choices.count(), held)
  await choices.first().selectOption({ label: 'By a ministry' })
  await page.getByText('1 goes to By a ministry').waitFor()
  await accessible(page, 'split')
  await page.getByRole('button', { name: 'Split', exact: true }).click()
  await row(page, 'By a ministry').getByText('1 coding, in 1 note').waitFor()
  await page.locator('.toast button').click()
  await row(page, 'By a ministry').waitFor({ state: 'detached' })
  assert.deepEqual(await tree(page), before)
  assert.deepEqual(faults, [])
  await close()
})

test('an empty codebook begins with a template, and a table adds what is new', async () => {
  const { page, faults, close } = await feltbog.signIn()
  const { id } = await call('POST', '/projects', { name: 'An empty study' })
  await page.goto(`${feltbog.address}/projects/${id}/codebook`)
  await page.getByRole('button', { name: 'Start from a template' }).click()
  await page.getByRole('dialog').getByRole('radio').first().check()
  await page.getByRole('button', { name: 'Add 8 codes' }).click()
  await toast(page, '8 codes added')
  assert.equal((await tree(page)).length, 8)

  const table = async (text) => {
    await page.getByRole('button', { name: 'Add codes' }).click()
    await page.getByRole('menuitem', { name: 'From a table (CSV)' }).click()
    await page.locator('input[type=file]').setInputFiles({ name: 'codes.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })
  }
  await table('name;parent;colour\nRumour;Nobody;3\nHearsay;;99\n')
  const refused = page.getByRole('dialog').getByRole('alert')
  await refused.getByText('Line 2').waitFor()
  assert.match(await refused.innerText(), /2 things to mend[\s\S]*Line 2[\s\S]*Line 3/)
  await accessible(page, 'import')
  await page.getByRole('button', { name: 'Cancel' }).click()
  await table('key;name;parent\nfuture;Data as future;\nhearsay;Sladder på gangen;future\n')
  await page.getByText('1 code is new. 1 is there already and stays as it is.').waitFor()
  await page.getByRole('button', { name: 'Add 1 code' }).click()
  await row(page, 'Sladder på gangen').waitFor()
  assert.equal(await row(page, 'Sladder på gangen').getAttribute('aria-level'), '2')
  await page.locator('.toast button').click()
  await row(page, 'Sladder på gangen').waitFor({ state: 'detached' })

  const file = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export' }).click()
  await page.getByRole('menuitem', { name: /^CSV/ }).click()
  assert.match((await file).suggestedFilename(), /^An empty study codebook .*\.csv$/)

  await page.getByRole('link', { name: /^version / }).click()
  await page.getByText('Sladder på gangen put into the bin').waitFor()
  await page.getByText('Sladder på gangen added').waitFor()
  await accessible(page, 'history')
  assert.deepEqual(faults, [])
  await close()
})

test('the page of a code has its excerpts, leads back into the notes, and prints', async () => {
  const { page, faults, close } = await feltbog.signIn()
  await openBook(page)
  await row(page, 'Data as foundation').click()
  await page.getByRole('link', { name: /^Read its/ }).click()
  await page.locator('.exc').first().waitFor()
  const number = async () => Number(/^(\d+) excerpt/.exec(await page.locator('#excerpts').innerText())[1])
  const whole = await number()
  const address = page.url()
  await page.getByText('Only this code', { exact: true }).click()
  await page.waitForFunction((n) => Number.parseInt(document.querySelector('#excerpts').innerText, 10) < n, whole)
  assert.match(page.url(), /alone=true/)
  await page.goBack()
  await page.waitForFunction((n) => Number.parseInt(document.querySelector('#excerpts').innerText, 10) === n, whole)
  assert.equal(page.url(), address)
  await page.getByLabel('Kind of note').selectOption('interview')
  await page.waitForFunction((n) => Number.parseInt(document.querySelector('#excerpts').innerText, 10) < n, whole)
  await page.reload()
  await page.locator('.exc').first().waitFor()
  assert.equal(await page.locator('.exc').count(), await number())

  const link = page.locator('.exc__words').first()
  const words = await link.innerText()
  assert.match(await link.getAttribute('href'), /\/notes\/[0-9a-f-]+\?at=\d+-\d+$/)
  await link.click()
  await page.locator('.blk__text').first().waitFor()
  const [start, end] = new URL(page.url()).searchParams.get('at').split('-').map(Number)
  const text = await call('GET', new URL(page.url()).pathname.replace(/$/, '/text'))
  assert.equal([...text.text].slice(start, end).join(''), words)
  await page.goBack()
  await page.locator('.exc').first().waitFor()

  await page.getByRole('button', { name: 'Write a memo' }).click()
  await page.getByLabel('Memo', { exact: true }).fill('What else rests on it?')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.locator('.codememo__text', { hasText: 'What else rests on it?' }).waitFor()
  await page.locator('.codememo', { hasText: 'What else' }).getByRole('button', { name: 'Delete' }).click()
  await page.locator('.codememo__text', { hasText: 'What else' }).waitFor({ state: 'detached' })
  await page.locator('.toast button').click()
  await page.locator('.codememo__text', { hasText: 'What else' }).waitFor()

  await page.goto(address)
  await page.locator('.exc').first().waitFor()
  await page.evaluate(() => {
    window.print = () => document.documentElement.setAttribute('data-printed', document.querySelectorAll('.exc').length)
  })
  await page.getByRole('button', { name: 'Print' }).click()
  await page.locator('html[data-printed]').waitFor()
  assert.equal(Number(await page.locator('html').getAttribute('data-printed')), whole)
  await page.emulateMedia({ media: 'print' })
  for (const gone of ['.bar', '.filters', '.excerpts__head button']) assert.ok(!(await page.locator(gone).first().isVisible()), gone)
  assert.ok(await page.locator('.source h4 time').first().isVisible())
  assert.equal(await page.locator('.exc').first().evaluate((e) => getComputedStyle(e).breakInside), 'avoid')
  assert.ok(await page.evaluate(() => document.body.scrollHeight > 2 * innerHeight), 'all of it is on the paper, not one window')
  assert.deepEqual(faults, [])
  await close()
})

test('who may only read changes nothing', async () => {
  const email = 'reader@example.org'
  const { password } = await call('POST', '/users', { email, name: 'Rie Reader', password: 'only here to read' }).then((made) => ({
    password: made.password ?? 'only here to read',
  }))
  const { items } = await call('GET', '/projects')
  const demo = items.find((p) => p.name.includes('an invented study'))
  await call('POST', `/projects/${demo.id}/members`, { email, role: 'reader' })
  const reader = Object.assign(Object.create(feltbog), { email, secret: password })
  const { page, faults, close } = await reader.signIn()
  await openBook(page)
  const before = await tree(page)
  await row(page, 'Data as future').click()
  await page.locator('.book__panel .def').waitFor()
  assert.equal(await page.locator('.book__panel :is(input, textarea, button:not(.codepanel__close))').count(), 0)
  assert.equal(await page.getByRole('button', { name: 'New code' }).count(), 0)
  for (const key of ['F2', 'Delete', 'Alt+ArrowUp']) await page.keyboard.press(key)
  assert.deepEqual(await tree(page), before)
  assert.equal(await page.locator('.tree input').count(), 0)
  await page.getByRole('link', { name: /^Read its/ }).click()
  await page.locator('.exc').first().waitFor()
  for (const name of ['Edit', 'Split', 'Write a memo']) assert.equal(await page.getByRole('button', { name }).count(), 0)
  assert.deepEqual(faults, [])
  await close()
})

for (const colorScheme of ['light', 'dark']) {
  test(`axe finds nothing in the codebook, ${colorScheme}, and Danish fits on a phone`, async () => {
    const { page, close } = await feltbog.signIn({ colorScheme, locale: 'da-DK' })
    await openBook(page)
    await page.getByRole('heading', { name: 'Kodebog' }).waitFor()
    await row(page, 'Data as foundation').click()
    await accessible(page, 'codebook')
    await page.getByRole('link', { name: /^Læs dens/ }).click()
    await page.locator('.exc').first().waitFor()
    await page.getByText(/^\d+ uddrag/).first().waitFor()
    await accessible(page, 'code')
    await page.setViewportSize({ width: 390, height: 844 })
    await fits(page)
    await page.goBack()
    await row(page, 'Data as foundation').waitFor()
    await fits(page)
    await row(page, 'Data as future').click()
    await page.getByRole('heading', { name: 'Data as future' }).waitFor()
    await fits(page)
    await accessible(page, 'panel')
    await page.getByRole('button', { name: 'Luk' }).click()
    await row(page, 'Data as future').waitFor()
    await close()
  })
}
