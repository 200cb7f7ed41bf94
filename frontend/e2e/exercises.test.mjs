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
  const codes = (await feltbog.api('GET', `/exercises/${id}/codes`)).items
  const old = codes.find((code) => code.key === 'old_news')
  await fresh.getByLabel('Code').selectOption(old.id)

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
  assert.deepEqual([now.prompts[5].question.da, now.prompts[5].codeId], ['Hvad tæller ingen?', old.id])
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
  const preview = page.locator('.exercise-preview')
  await preview.getByText('What nobody counts').waitFor()
  await preview.getByText('Dansk', { exact: true }).click()
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

/** A window of somebody who isn't the administrator; the course is theirs as a student's. */
async function student(name, course) {
  const secret = 'four words for everybody'
  const email = `${name.toLowerCase()}@example.org`
  await feltbog.api('POST', '/users', { name, email, password: secret, language: 'en' })
  const { code } = await feltbog.api('POST', `/courses/${course.id}/join`, {})
  const context = await feltbog.browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    reducedMotion: 'reduce',
    serviceWorkers: 'block',
  })
  const signedIn = await context.request.post(`${feltbog.address}/api/v1/auth/sign-in`, { data: { email, password: secret } })
  const headers = { Authorization: `Bearer ${(await signedIn.json()).accessToken}` }
  const joined = await context.request.post(`${feltbog.address}/api/v1/courses/join`, { data: { code }, headers })
  assert.equal(joined.status(), 200, await joined.text())
  return { page: await context.newPage(), context, headers, close: () => context.close() }
}

test('a course lists its exercises: to who teaches all of them and the bin, to students those that are open', async () => {
  const { course, exercise } = await taught('A list')
  const bo = await student('Bo', course)
  const { page, faults, close } = await feltbog.signIn()
  const address = `${feltbog.address}/courses/${course.id}`
  await bo.page.goto(address)
  await bo.page.getByText('It stands here as soon as an instructor opens one.').waitFor()

  await page.goto(address)
  await button(page, 'New exercise').click()
  await page.getByRole('menuitem', { name: /^An exercise without prompts/ }).click()
  await field(page, 'Title in Danish').fill('Hvem rettede fejlen?')
  await field(page, 'Title in English').fill('')
  await button(page, 'Save').click()
  await said(page, 'The exercise is saved')
  assert.equal(await button(page, 'Open to students').isDisabled(), true, 'it has no prompt yet')
  await page.getByRole('link', { name: 'All exercises of the course' }).click()
  const items = page.locator('.teach__one')
  assert.equal(await page.getByRole('link', { name: 'Hvem rettede fejlen?' }).getAttribute('lang'), 'da')
  assert.equal(await items.count(), 2)
  await looks(page, 'exercises of a course')
  await button(page, 'More about Hvem rettede fejlen?').click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await said(page, 'Hvem rettede fejlen? is in the bin')
  await page.getByText('1 exercise in the bin').click()
  await button(page, 'Restore Hvem rettede fejlen?').click()
  await said(page, 'Hvem rettede fejlen? is back')
  await page.waitForFunction(() => document.querySelectorAll('.teach__one').length === 2)

  await change(exercise.id, { open: true, dueAt: '2027-05-03T16:00', timeZone: 'Europe/Copenhagen' })
  await bo.page.reload()
  const mine = bo.page.locator('.teach__one')
  await mine.getByText('Not begun').waitFor()
  assert.equal(await mine.count(), 1)
  await mine.getByText(/Due Monday,? 3 May 2027 at 16:00, Europe\/Copenhagen \(Central European Summer Time\)/).waitFor()
  await mine.getByRole('link', { name: 'Begin' }).waitFor()
  // Begun, with one answer that lacks nothing.
  await change(exercise.id, { minWords: 0, passages: 0 })
  const asBo = (method, path, data) => bo.context.request.fetch(`${feltbog.address}/api/v1${path}`, { method, data, headers: bo.headers })
  const begun = await (await asBo('POST', `/exercises/${exercise.id}/submissions`)).json()
  const answer = { text: 'The register is right, and late.', revision: crypto.randomUUID(), writer: crypto.randomUUID() }
  const saved = await asBo('PUT', `/submissions/${begun.id}/answers/${exercise.prompts[0].id}`, answer)
  assert.equal(saved.status(), 200, await saved.text())
  await bo.page.reload()
  await mine.getByText('1 of 6 ready').waitFor()
  await mine.getByRole('link', { name: 'Go on' }).waitFor()
  await accessible(bo.page, 'exercises of a student')
  for (const part of ['set-up', 'codes', 'notes']) {
    await bo.page.goto(`${feltbog.address}/exercises/${exercise.id}/${part}`)
    await bo.page.getByText('There is nothing at this address').waitFor()
  }
  assert.deepEqual(faults, [])
  await bo.close()
  await close()
})

test('the codebook of an exercise grows, and a code that a prompt is tied to stays', async () => {
  const { exercise, at } = await taught('Codes')
  const { page, faults, close } = await feltbog.signIn()
  await page.goto(`${at}/codes`)
  const rows = page.locator('.code')
  await rows.first().waitFor()
  const count = await rows.count()
  await button(page, 'Add a code').click()
  const form = page.getByRole('dialog', { name: 'Add a code' })
  await form.getByRole('button', { name: 'Save' }).click()
  await form.getByText('Give the code a name.').waitFor()
  await form.getByLabel('Name').fill('Workaround')
  await form.getByLabel('What it means').fill('What people do instead.')
  await form.getByRole('radio').nth(10).check({ force: true })
  await accessible(page, 'a code of an exercise')
  await form.getByRole('button', { name: 'Save' }).click()
  await said(page, 'Workaround is added')
  await page.waitForFunction((n) => document.querySelectorAll('.code').length === n, count + 1)
  const codes = async () => (await feltbog.api('GET', `/exercises/${exercise.id}/codes`)).items
  const made = (await codes()).find((c) => c.name === 'Workaround')
  assert.deepEqual([made.colour, made.definition], [11, 'What people do instead.'])

  await button(page, 'Change Workaround').click()
  await page.getByRole('dialog').getByLabel('Name').fill('Way round')
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await said(page, 'Way round is changed')
  await looks(page, 'codebook of an exercise')
  await button(page, 'Remove Way round').click()
  await said(page, 'Way round is removed')
  await page.waitForFunction((n) => document.querySelectorAll('.code').length === n, count)
  await page.locator('.toast button').click()
  await page.locator('.code', { hasText: 'Way round' }).waitFor()
  assert.equal((await codes()).find((c) => c.name === 'Way round').definition, 'What people do instead.')
  const tied = (await codes()).find((c) => c.id === exercise.prompts[0].codeId)
  assert.equal(await button(page, `Remove ${tied.name}`).isDisabled(), true)
  assert.deepEqual(faults, [])
  await close()
})

test('an owner releases notes to an exercise: one from its menu, several from the sources and from the exercise, and takes one back', async () => {
  const { exercise, at } = await taught('Releases')
  const { page, faults, close } = await feltbog.signIn()
  const released = async () => (await feltbog.api('GET', `/exercises/${exercise.id}/notes`)).items.map((n) => n.title).sort()

  // From the menu of a note.
  await openNote(page)
  const title = (await page.locator('h1').textContent()).trim()
  await button(page, 'More about this note').click()
  await page.getByRole('menuitem', { name: 'Release to an exercise' }).click()
  const dialog = page.getByRole('dialog', { name: 'Release to an exercise' })
  const section = dialog.getByRole('region', { name: 'Releases' })
  await section.getByRole('button', { name: /^Release to Data in a public/ }).click()
  await said(page, '1 note is released')
  await section.getByText('Released, with version').waitFor()
  await accessible(page, 'releasing a note')
  assert.deepEqual(await released(), [title])
  await page.keyboard.press('Escape')

  // Several from the sources; the one that is there stays the one copy.
  await page.getByRole('link', { name: 'Notes', exact: true }).click()
  const boxes = page.locator('tbody input[type=checkbox]')
  await boxes.first().waitFor()
  for (const i of [0, 1]) await boxes.nth(i).check()
  await button(page, 'Release to an exercise').click()
  const several = page.getByRole('dialog', { name: 'Release 2 notes to an exercise' })
  await several.getByRole('region', { name: 'Releases' }).getByRole('button', { name: /^Release to Data/ }).click()
  await said(page, '2 notes are released')
  await page.keyboard.press('Escape')
  const so = await released()
  assert.equal(new Set([title, ...so]).size, so.length)

  // From the exercise, by a search.
  await page.goto(`${at}/notes`)
  await button(page, 'Release notes').first().click()
  const panel = page.getByRole('region', { name: 'Release notes' })
  await panel.getByLabel('Search in titles and sites').fill(title)
  const box = panel.getByRole('checkbox', { name: title })
  assert.deepEqual([await box.isChecked(), await box.isDisabled()], [true, true], 'it is there already')
  await panel.getByLabel('Search in titles and sites').fill('')
  await panel.locator('input[type=checkbox]:enabled').first().check()
  await panel.getByRole('button', { name: 'Release 1 note' }).click()
  await said(page, '1 note is released')
  assert.equal((await released()).length, so.length + 1)
  await looks(page, 'released notes')
  await panel.getByRole('button', { name: 'Done' }).click()

  // Taken back, after what it costs was read.
  await button(page, `Withdraw ${title}`).click()
  const asks = page.getByRole('dialog', { name: `Withdraw ${title}?` })
  await asks.getByText('The words also go from what was submitted already.').waitFor()
  await accessible(page, 'withdrawing a note')
  await asks.getByRole('button', { name: 'Cancel' }).click()
  assert.ok((await released()).includes(title))
  await button(page, `Withdraw ${title}`).click()
  await asks.getByRole('button', { name: 'Withdraw' }).click()
  await said(page, `${title} is withdrawn`)
  assert.ok(!(await released()).includes(title))
  assert.deepEqual(faults, [])
  await close()
})

test('one student gets more time, in Danish', async () => {
  const { course, exercise, at } = await taught('Mere tid')
  const bo = await student('Ida', course)
  await change(exercise.id, { open: true, dueAt: '2027-05-03T16:00', timeZone: 'Europe/Copenhagen' })
  const { page, faults, close } = await feltbog.signIn()
  await page.evaluate(() => localStorage.setItem('language', 'da'))
  await page.goto(`${at}/set-up`)
  const part = page.getByRole('region', { name: 'Mere tid til enkelte studerende' })
  await part.getByRole('button', { name: 'Giv mere tid' }).click()
  await part.getByText('Vælg en studerende.').waitFor()
  await part.getByText('Vælg et tidspunkt efter fristen.').waitFor()
  await part.getByRole('combobox', { name: 'Studerende' }).fill('Ida')
  await page.getByRole('option', { name: 'Ida' }).click()
  await part.getByLabel('Indtil').fill('2027-05-10T12:00')
  await part.getByText(/mandag den 10\. maj 2027 kl\. 12[.:]00, Europe\/Copenhagen/).waitFor()
  await part.getByRole('button', { name: 'Giv mere tid' }).click()
  await said(page, 'Ida har fået mere tid')
  await looks(page, 'opsætning')
  const dueOf = async () => {
    const answer = await bo.context.request.get(`${feltbog.address}/api/v1/exercises/${exercise.id}`, { headers: bo.headers })
    return (await answer.json()).due
  }
  assert.equal(await dueOf(), '2027-05-10T10:00:00Z')
  await part.getByRole('button', { name: 'Tag tiden tilbage fra Ida' }).click()
  await said(page, 'Ida har ikke mere tid end de andre')
  assert.equal(await dueOf(), '2027-05-03T14:00:00Z')
  assert.deepEqual(faults, [])
  await bo.close()
  await close()
})
