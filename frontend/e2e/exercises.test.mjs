import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accessible, fits, openNote, run } from './feltbog.mjs'

const feltbog = run()
const button = (page, name) => page.getByRole('button', { name, exact: true })
const field = (page, name) => page.getByRole('textbox', { name, exact: true })
const said = (page, words) => page.locator('.toast', { hasText: words }).waitFor()

/** A course of the administrator's, who teaches it. */
const newCourse = (name, language = 'en') => feltbog.api('POST', '/courses', { name, term: 'Spring 2027', language })

/** A course with the built-in exercise. */
async function taught(name) {
  const course = await newCourse(name)
  const exercise = await feltbog.api('POST', `/courses/${course.id}/exercises`, { template: 'public-organisation' })
  return { course, exercise, at: `${feltbog.address}/exercises/${exercise.id}` }
}

const stored = (id) => feltbog.api('GET', `/exercises/${id}`)
const change = async (id, fields) =>
  feltbog.api('PATCH', `/exercises/${id}`, fields, { 'If-Match': `"${(await stored(id)).version}"` })

/** Does something in light, in dark and on a phone. */
async function looks(page, view) {
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme })
    await accessible(page, `${view}, ${colorScheme}`)
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize({ width: 390, height: 844 })
  await fits(page)
  await page.setViewportSize({ width: 1440, height: 900 })
}

test('an instructor makes the built-in exercise, sets it up by keyboard and mouse, and opens it', async () => {
  const course = await newCourse('Organising with data')
  const { page, faults, close } = await feltbog.signIn()
  await page.goto(`${feltbog.address}/courses/${course.id}`)
  await button(page, 'New exercise').click()
  await page.getByRole('menuitem', { name: /Data in a public organisation/ }).click()
  await page.waitForURL(/\/exercises\/.+\/set-up$/)
  const id = new URL(page.url()).pathname.split('/')[2]
  const before = await stored(id)
  assert.equal(before.prompts.length, 6)
  const cards = page.locator('.prompt')
  await cards.nth(5).waitFor()
  const names = () => page.locator('.prompt__name .clip.grow').allTextContents()
  const first = await names()

  // By keyboard: the first goes down, the focus stays with it, and it is said.
  await cards.first().locator('[data-toggle]').focus()
  await page.keyboard.press('Alt+ArrowDown')
  assert.deepEqual((await names()).slice(0, 2), [first[1], first[0]])
  await page.keyboard.press('Alt+ArrowDown')
  assert.equal((await names())[2], first[0], 'the focus went with it')
  await page.getByRole('status').filter({ hasText: `${first[0]} is prompt 3 of 6 now` }).waitFor()

  // By mouse: it is dragged back to the top.
  await cards.nth(5).scrollIntoViewIfNeeded()
  const grip = await cards.nth(2).locator('.prompt__grip').boundingBox()
  const top = await cards.first().boundingBox()
  await page.mouse.move(grip.x + 12, grip.y + 16)
  await page.mouse.down()
  await page.mouse.move(grip.x + 12, top.y + 20, { steps: 6 })
  await page.mouse.up()
  assert.deepEqual(await names(), first)
  await button(page, `Move down: prompt 1, ${first[0]}`).click()
  assert.equal((await names())[1], first[0])

  // One is taken away, and another added; it lacks a title until it has one.
  await button(page, `Remove prompt 6, ${first[5]}`).click()
  assert.equal(await cards.count(), 5)
  await button(page, 'Add a prompt').click()
  await button(page, 'Save').click()
  const lacking = page.getByRole('alert').filter({ hasText: 'Give every prompt a title' })
  await lacking.first().waitFor()
  assert.equal((await stored(id)).prompts.length, 6, 'nothing is saved that lacks something')
  const fresh = cards.nth(5)
  await fresh.getByLabel('Title in English').fill('What nobody counts')
  await fresh.getByLabel('Question in Danish').fill('Hvad tæller ingen?')
  await fresh.getByLabel('Code').selectOption({ label: 'Old news' })

  // How it is answered.
  await page.getByRole('radio', { name: 'Groups of the course together' }).check()
  await field(page, 'Words at least').fill('300')
  await field(page, 'Words at most').fill('200')
  await button(page, 'Save').click()
  await page.getByText('Ask for at least as many words at most as at least.').first().waitFor()
  await field(page, 'Words at most').fill('450')
  await field(page, 'Passages of evidence').fill('3')
  await page.getByRole('checkbox', { name: 'Sources with a web address' }).uncheck()
  await page.getByRole('switch', { name: 'Show answers to the class' }).check()

  // When it is due: in a zone of its own, across the beginning of summer time.
  await page.getByRole('combobox', { name: 'Time zone' }).fill('new york')
  await page.getByRole('option', { name: 'America/New York' }).click()
  await page.getByLabel('Day and time').fill('2027-03-14T02:30')
  await page.getByText('The clocks go forward then').waitFor()
  await page.getByText(/Sunday,? 14 March 2027 at 03:00, America\/New York \(Eastern Daylight Time\)/).waitFor()
  await page.getByLabel('Day and time').fill('2027-03-14T23:59')
  await page.getByText(/Sunday,? 14 March 2027 at 23:59, America\/New York/).waitFor()
  await page.getByRole('switch', { name: 'Take late work' }).check()
  await button(page, 'Save').click()
  await said(page, 'The exercise is saved')
  await looks(page, 'set-up')

  const now = await stored(id)
  assert.deepEqual(
    now.prompts.map((p) => p.title.en),
    [first[1], first[0], first[2], first[3], first[4], 'What nobody counts'],
  )
  assert.equal(now.prompts[1].id, before.prompts[0].id, 'a prompt that was moved is the same one')
  assert.equal(now.prompts[5].question.da, 'Hvad tæller ingen?')
  assert.deepEqual(
    [now.work, now.minWords, now.maxWords, now.passages, now.web, now.shownToClass, now.lateAllowed],
    ['group', 300, 450, 3, false, true, true],
  )
  assert.deepEqual([now.due, now.timeZone], ['2027-03-15T03:59:00Z', 'America/New_York'])
  assert.equal(now.open, false)

  // The overview says so, and how it looks to students.
  await page.getByRole('link', { name: 'Overview' }).click()
  await page.getByText('300 to 450 words for each answer.').waitFor()
  await page.getByText('At least 3 passages of evidence for each answer.').waitFor()
  const preview = page.locator('.preview')
  await preview.getByText('What nobody counts').waitFor()
  await preview.getByRole('radio', { name: 'Dansk' }).check({ force: true })
  assert.equal(await preview.getByText(now.prompts[0].title.da).getAttribute('lang'), 'da')
  await looks(page, 'overview')
  await button(page, 'Open to students').click()
  await said(page, 'Students see the exercise now')
  assert.equal((await stored(id)).open, true)
  await page.locator('.toast button').click()
  await said(page, 'Students don’t see the exercise any more')
  assert.equal((await stored(id)).open, false)
  assert.deepEqual(faults, [])
  await close()
})

test('what two instructors write at once meets: other fields pass by, the same one is asked about', async () => {
  const { exercise, at } = await taught('Two at once')
  const { page, faults, close } = await feltbog.signIn()
  await page.goto(`${at}/set-up`)
  await field(page, 'Words at least').fill('120')
  await change(exercise.id, { maxWords: 900 })
  await button(page, 'Save').click()
  await said(page, 'The exercise is saved')
  let now = await stored(exercise.id)
  assert.deepEqual([now.minWords, now.maxWords], [120, 900])

  await field(page, 'Words at least').fill('130')
  await change(exercise.id, { minWords: 50 })
  await button(page, 'Save').click()
  const clash = page.getByRole('alert').filter({ hasText: 'Somebody else has saved the same meanwhile' })
  await clash.getByRole('row', { name: /Words at least 50 130/ }).waitFor()
  assert.equal(await field(page, 'Words at least').inputValue(), '130')
  await accessible(page, 'a clash')
  await page.reload()
  await clash.waitFor() // what was typed outlives a reload
  await button(page, 'Keep mine').click()
  await button(page, 'Save').click()
  await said(page, 'The exercise is saved')
  now = await stored(exercise.id)
  assert.deepEqual([now.minWords, now.maxWords], [130, 900])

  await field(page, 'Words at least').fill('140')
  await button(page, 'Discard').click()
  assert.equal(await field(page, 'Words at least').inputValue(), '130')
  await page.locator('.toast button').click()
  assert.equal(await field(page, 'Words at least').inputValue(), '140')
  assert.deepEqual(faults, [])
  await close()
})
