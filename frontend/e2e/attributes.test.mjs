import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accessible, fits, openDemo, run } from './feltbog.mjs'

const feltbog = run()

/** Signs in and goes to the demo; gives its address. */
async function open(options = {}) {
  const signedIn = await feltbog.signIn(options)
  await openDemo(signedIn.page)
  await signedIn.page.locator('.note-link').first().waitFor()
  return { ...signedIn, address: signedIn.page.url().replace(/\/$/, '') }
}

const rows = '.sources__table [data-note]'
const count = (page, selector, wanted) =>
  page.waitForFunction(([s, n]) => document.querySelectorAll(s).length === n, [selector, wanted])

test('an attribute is defined, filled in, shown, filtered by and searched by; none goes while notes have values of it', async () => {
  const { page, faults, close, address } = await open()

  await page.goto(`${address}/settings`)
  const section = page.getByRole('region', { name: 'Attributes' })
  await section.getByRole('button', { name: 'Add attribute' }).click()
  const fresh = section.getByRole('group', { name: 'Attribute 4' })
  await fresh.getByLabel('Name').waitFor()
  assert.equal(await fresh.getByLabel('Name').evaluate((e) => e === document.activeElement), true, 'its name has the focus')
  await page.keyboard.type('Mood')
  const mood = section.getByRole('group', { name: 'Mood' })
  await mood.getByLabel('Type').selectOption('choice')
  await mood.getByLabel('Choices').fill('Glad\nWeary, but glad')
  await section.getByRole('button', { name: 'Move Mood up' }).click()
  await section.getByRole('button', { name: 'Save attributes' }).click()
  await page.getByText('The attributes are saved').first().waitFor()
  await section.getByRole('button', { name: 'Remove Data source' }).click()
  await section.getByRole('button', { name: 'Save attributes' }).click()
  await section.getByRole('alert').getByText('Notes that have a value for “Data source”: 24.').waitFor()
  await accessible(page, 'settings')
  await page.reload()
  await section.getByRole('group', { name: 'Mood' }).waitFor()
  const names = await section.getByRole('group').getByLabel('Name').evaluateAll((all) => all.map((e) => e.value))
  assert.deepEqual(names, ['Data source', 'People present', 'Mood', 'Recorded'])

  await page.goto(address)
  await page.locator('.note-link', { hasText: 'Thursdays' }).click()
  const values = page.locator('.page__values')
  await values.getByText('Spreadsheet').waitFor()
  await page.goto(`${page.url()}/edit`)
  await page.getByLabel('Mood').selectOption('Weary, but glad')
  await page.getByLabel('People present').fill('')
  await page.getByLabel('Recorded').selectOption('Yes')
  await accessible(page, 'edit')
  await page.getByRole('button', { name: 'Save note' }).click()
  await values.getByText('Weary, but glad').waitFor()
  assert.deepEqual(await values.locator('dt').allInnerTexts(), ['Data source', 'Mood', 'Recorded'])

  await page.goto(address)
  await count(page, rows, 24)
  await page.getByRole('button', { name: 'More filters' }).click()
  await page.getByRole('combobox', { name: 'Attribute' }).click()
  await page.getByRole('option', { name: 'Mood: Weary, but glad' }).click()
  await count(page, rows, 1)
  assert.match(await page.locator(rows).innerText(), /Thursdays/)

  // The index follows a moment later.
  await page.goto(`${address}/search`)
  const facet = (title, value) => page.getByRole('list', { name: title }).getByRole('checkbox', { name: value })
  await facet('Mood', 'Weary, but glad').waitFor()
  await facet('Mood', 'Weary, but glad').check()
  await page.getByRole('button', { name: /Mood: Weary, but glad/ }).waitFor()
  await page.waitForFunction(
    () => document.querySelectorAll('.found__hit').length > 0 && [...document.querySelectorAll('.found__hit')].every((hit) => hit.innerText.includes('Thursdays')),
  )
  await page.reload()
  assert.equal(await facet('Mood', 'Weary, but glad').isChecked(), true, 'it stands in the address')
  await page.getByRole('button', { name: /Mood: Weary, but glad/ }).click()
  await page.locator('summary', { hasText: 'People present' }).click()
  await page.getByLabel('People present, at least').fill('24')
  await page.getByRole('button', { name: /People present from 24/ }).waitFor()
  await page.getByText('Three tables at the sailing club').first().waitFor()
  await accessible(page, 'search')
  assert.deepEqual(faults, [])
  await close()
})

test('the section fits a phone, in Danish and in the dark', async () => {
  const { page, faults, close, address } = await open({ viewport: { width: 390, height: 844 }, locale: 'da-DK', colorScheme: 'dark' })
  await page.goto(`${address}/settings`)
  const section = page.getByRole('region', { name: 'Attributter' })
  await section.getByRole('button', { name: 'Tilføj attribut' }).click()
  await fits(page)
  const small = await section.getByRole('button').evaluateAll((all) =>
    all.map((e) => e.getBoundingClientRect()).filter((box) => box.width < 24 || box.height < 24).length,
  )
  assert.equal(small, 0, 'buttons can be touched')
  await accessible(page, 'settings on a phone')
  assert.deepEqual(faults, [])
  await close()
})
