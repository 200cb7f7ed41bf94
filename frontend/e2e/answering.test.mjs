import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { answering, button, classOf, field, onDevice, saved, until, work } from './classroom.mjs'
import { accessible, fits, run, wordsOf } from './feltbog.mjs'

const feltbog = run()

test('an answer with evidence is written, submitted, taken back and submitted again, and returned with a comment at its words', async () => {
  const class1 = await classOf(feltbog, ['Maja'], { dueAt: '2099-05-03T16:00', timeZone: 'Europe/Copenhagen' })
  const { exercise, students, note } = class1
  const [maja] = students
  const { page, faults, close } = await answering(class1, maja)
  await page.getByRole('heading', { name: 'Missing before you can submit' }).waitFor()
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme })
    await accessible(page, `an exercise, ${colorScheme}`)
  }

  // What is missing leads to its place.
  await button(page, 'Which organisation it is, and its kind').click()
  await page.keyboard.type('Nordby Bibliotekerne')
  await page.getByRole('combobox', { name: 'Kind' }).click()
  await page.getByRole('option', { name: /^Culture/ }).waitFor()
  await accessible(page, 'an open list', '[role=listbox]')
  await page.getByRole('option', { name: /^Culture/ }).click()
  await page.getByRole('textbox', { name: 'Why this one' }).fill('I work there on Saturdays.')
  await button(page, 'Done').click()
  await page.getByRole('heading', { name: 'Nordby Bibliotekerne' }).waitFor()
  await field(page).fill('The **list** took over from the telephone.')
  await page.getByText('7 of 3–40 words').waitFor()

  // A passage is found by reading, and chosen from the keyboard.
  await page.keyboard.press('Escape')
  await page.keyboard.press('e')
  await page.getByRole('button', { name: new RegExp(note.title) }).click()
  const block = page.locator('.ans__block').first()
  await block.waitFor()
  await block.focus()
  await page.keyboard.press('v')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  const passage = page.getByRole('figure', { name: 'Passage 1' })
  await passage.waitFor()
  await passage.getByText('missing').waitFor()
  await page.getByRole('button', { name: /A line on why passage 1 matters/ }).click()
  await page.keyboard.type('It shows who noticed.')
  await page.getByRole('link', { name: /^1\..*ready/i }).waitFor()
  const there = await until(async () => {
    const view = await work(maja, exercise)
    return view.answers[0].evidence[0]?.why === 'It shows who noticed.' && view
  })
  assert.equal(there.answers[0].state, 'ready')
  assert.equal(there.submission.organisation.name, 'Nordby Bibliotekerne')

  // One that is removed comes back with its reason.
  await button(page, 'Remove passage 1').click()
  await passage.waitFor({ state: 'detached' })
  await page.locator('.toast').getByRole('button').click()
  await passage.waitFor()
  assert.equal(await page.locator('[id^=why-]').inputValue(), 'It shows who noticed.')

  // Search finds a passage, which is attached to the second prompt.
  await page.keyboard.press('Escape')
  await page.locator('#text').focus()
  await page.keyboard.press('2')
  await field(page, 2).fill('Old news to some.')
  await page.getByRole('button', { name: 'Back to the notes' }).click()
  const word = there.answers[0].evidence[0].anchor.quote.split(' ')[0]
  await page.getByRole('searchbox').fill(word)
  const attach = page.getByRole('button', { name: /^Attach passage from/ }).first()
  await attach.click()
  await page.getByRole('figure', { name: 'Passage 1' }).waitFor()

  // It can be taken out at any time, with what was typed just now.
  await field(page, 2).fill('Old news to some, not to all.')
  await button(page, 'Take out my work').press('Enter')
  const word1 = page.getByRole('menuitem', { name: 'Word document' })
  await word1.waitFor()
  const [paper] = await Promise.all([page.waitForEvent('download'), word1.press('Enter')])
  const taken = await wordsOf(await paper.path())
  for (const part of ['Nordby Bibliotekerne', 'took over from the telephone', 'Old news to some, not to all.', 'It shows who noticed.'])
    assert.ok(taken.includes(part), `${part} is in ${taken}`)
  assert.ok(await button(page, 'Take out my work').evaluate((e) => e === document.activeElement), 'the focus is back')

  // Something is missing: it says what, and is submitted as it is.
  await button(page, 'Submit').click()
  await page.getByRole('dialog').getByText('A line on why passage 1 matters').waitFor()
  await accessible(page, 'what is missing')
  await button(page, 'Submit as it is').click()
  await page.getByRole('heading', { name: 'Submitted' }).waitFor()
  const handed = await work(maja, exercise)
  assert.equal(handed.submission.handIn, 1)
  await page.getByText(handed.handIns[0].hash).waitFor()
  assert.equal(await page.locator('.ans textarea').count(), 0)
  await accessible(page, 'submitted')
  await button(page, 'Take back').click()
  await page.locator('[id^=why-]').fill('They knew it before.')
  await saved(page)
  await button(page, 'Submit again').click()
  await page.getByRole('heading', { name: 'Submitted' }).waitFor()
  assert.equal((await work(maja, exercise)).submission.handIn, 2)

  // Nothing of what is said of it is seen before it is returned; then it appears by itself.
  const s = handed.submission.id
  const prompt = exercise.prompts[1].id
  await feltbog.api('PUT', `/submissions/${s}/feedback`, { mark: '10', comment: 'Well seen.' })
  await feltbog.api('POST', `/submissions/${s}/feedback/remarks`, { promptId: prompt, start: 0, end: 8, quote: 'Old news', text: 'To whom?' })
  assert.equal(await page.getByText('Well seen.').count(), 0)
  await feltbog.api('POST', `/submissions/${s}/return`)
  await page.getByText('Well seen.').waitFor()
  await page.getByText('To whom?').waitFor()
  assert.equal(await page.locator('mark', { hasText: 'Old news' }).count(), 1)
  await accessible(page, 'returned')
  assert.deepEqual(faults, [])
  await close()
})

test('typing goes on while the server is killed, and over a reload without a network; nothing is lost or doubled', async () => {
  const class1 = await classOf(feltbog, ['Anna'])
  const [anna] = class1.students
  const { page, faults, context, close } = await answering(class1, anna, { serviceWorkers: 'allow' })
  await page.evaluate(() => navigator.serviceWorker.ready)
  await field(page).pressSequentially('One two')
  await saved(page)
  await page.keyboard.type(' three', { delay: 20 })
  await feltbog.end('SIGKILL')
  await page.keyboard.type(' four', { delay: 20 })
  await page.locator('.ans__place--here').waitFor()
  await page.keyboard.type(' five')
  await onDevice(page, 'One two three four five')
  await feltbog.serve()
  await saved(page)
  assert.equal((await work(anna, class1.exercise)).answers[0].text, 'One two three four five')

  await context.setOffline(true)
  await page.keyboard.type(' six')
  await onDevice(page, 'five six')
  await page.reload()
  await field(page).waitFor()
  assert.equal(await field(page).inputValue(), 'One two three four five six')
  await page.getByRole('button', { name: /No network/ }).waitFor()
  await field(page).press('End')
  await page.keyboard.type(' seven')
  await onDevice(page, 'six seven')
  // The tab is closed, and another opened, before the network is back.
  await page.close()
  const next = await context.newPage()
  await next.goto(class1.address)
  await field(next).waitFor()
  assert.equal(await field(next).inputValue(), 'One two three four five six seven')
  await context.setOffline(false)
  await saved(next)
  const { answers } = await until(async () => {
    const view = await work(anna, class1.exercise)
    return view.answers[0].text.endsWith('seven') && view
  })
  assert.equal(answers[0].text, 'One two three four five six seven')
  assert.deepEqual(answers[0].others, [])
  assert.deepEqual(faults, [])
  await close()
})

test('two tabs that write at once keep both versions, side by side, until one is chosen', async () => {
  const class1 = await classOf(feltbog, ['Bo'])
  const [bo] = class1.students
  const { page, context, faults, close } = await answering(class1, bo)
  await field(page).fill('Where it began.')
  await saved(page)
  const other = await context.newPage()
  await other.goto(class1.address)
  await field(other).waitFor()
  assert.equal(await field(other).inputValue(), 'Where it began.')
  // What is written in one appears in the other, whose caret stays.
  await field(page).fill('Now: Where it began.')
  await saved(page)
  await until(async () => (await field(other).inputValue()) === 'Now: Where it began.')

  const held = []
  let holding = true
  await context.route('**/answers/*', (route) => (holding ? held.push(route) : route.continue()))
  await field(page).fill('Here it went one way.')
  await field(other).fill('There it went the other.')
  await until(() => held.length === 2)
  holding = false
  for (const route of held) await route.continue()
  for (const tab of [page, other]) {
    await tab.getByRole('heading', { name: 'This answer was written in 2 versions at the same time' }).waitFor()
    await tab.getByRole('article').getByText('Here it went one way.').waitFor()
    await tab.getByRole('article').getByText('There it went the other.').waitFor()
  }
  assert.equal(await field(page).inputValue(), 'Here it went one way.')
  assert.equal(await field(other).inputValue(), 'There it went the other.')
  await accessible(page, 'two versions')
  // The second of them goes on beside the first.
  await field(other).press('End')
  await other.keyboard.type(' On and on.')
  await saved(other)
  await until(async () => JSON.stringify((await work(bo, class1.exercise)).answers[0]).includes('On and on.'))
  await page.getByRole('article').getByText('On and on.').waitFor()
  await button(page, 'Keep both, one after the other').click()
  await page.getByRole('heading', { name: /2 versions/ }).waitFor({ state: 'detached' })
  await other.getByRole('heading', { name: /2 versions/ }).waitFor({ state: 'detached' })
  const { answers } = await work(bo, class1.exercise)
  for (const words of ['Here it went one way.', 'There it went the other. On and on.']) assert.ok(answers[0].text.includes(words))
  assert.deepEqual(answers[0].others, [])
  for (const tab of [page, other]) await until(async () => (await field(tab).inputValue()) === answers[0].text)
  assert.deepEqual(faults, [])
  await close()
})

test('a group of two writes together on a phone and a laptop, with notes of its own and a source on the web', async () => {
  const class1 = await classOf(feltbog, ['Ida', 'Sofie'], { work: 'group', ownNotes: true, web: true })
  const at = `/courses/${class1.course.id}`
  const group = await feltbog.api('POST', `${at}/groups`, { name: 'Group 1' })
  const { items } = await feltbog.api('GET', `${at}/members?role=student`)
  for (const member of items)
    await feltbog.api('PATCH', `${at}/members/${member.id}`, { groupId: group.id }, { 'If-Match': `"${member.version}"` })
  const [ida, sofie] = class1.students
  const laptop = await answering(class1, ida)
  const phone = await answering(class1, sofie, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, locale: 'da-DK' })
  await fits(phone.page)
  await accessible(phone.page, 'an exercise on a phone')

  await field(laptop.page).fill('We saw a list.')
  await saved(laptop.page)
  await until(async () => (await field(phone.page).inputValue()) === 'We saw a list.')
  await field(phone.page).fill('We saw a list, and a telephone.')
  await saved(phone.page)
  await until(async () => (await field(laptop.page).inputValue()) === 'We saw a list, and a telephone.')

  // A file becomes a note of the group's own, from which a block is chosen by touch.
  const { page } = phone
  await page.locator('.ans__findbutton').tap()
  await page.getByRole('button', { name: 'Din egen note' }).tap()
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Vælg filer' }).tap()
  await (await chooser).setFiles([
    { name: 'besøg.txt', mimeType: 'text/plain', buffer: Buffer.from('Bogen kom tirsdag.\n\nIngen vidste hvorfra.') },
    { name: 'lyd.mp3', mimeType: 'audio/mpeg', buffer: Buffer.from([0xff, 0xfb, 0x90, 0x00]) },
  ])
  await page.getByText('Den er nu en note').waitFor()
  await page.locator('.ans__files .bad').waitFor()
  await accessible(page, 'own notes on a phone')
  await page.getByRole('button', { name: 'Læs den' }).tap()
  await page.getByRole('button', { name: 'Markér afsnit 2' }).tap()
  await fits(page)
  await page.getByRole('button', { name: 'Brug disse ord' }).tap()
  await page.getByRole('figure', { name: 'Citat 1' }).getByText('Ingen vidste hvorfra.').waitFor()
  await laptop.page.getByRole('figure', { name: 'Passage 1' }).getByText('Ingen vidste hvorfra.').waitFor()

  await page.getByRole('button', { name: 'Hent mit arbejde som fil' }).tap()
  const [printed] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'PDF' }).tap()])
  assert.match(printed.suggestedFilename(), /^Group 1 .*\.pdf$/)
  assert.equal((await readFile(await printed.path())).subarray(0, 5).toString(), '%PDF-')

  await button(laptop.page, 'A source on the web').click()
  await button(laptop.page, 'Attach').click()
  await laptop.page.getByText('An address of the web begins with https://').waitFor()
  await laptop.page.getByLabel('Web address').fill('https://example.org/plan')
  await laptop.page.getByLabel('Title').fill('The plan')
  await laptop.page.getByLabel('The words you quote').fill('Data first.')
  await button(laptop.page, 'Attach').click()
  await laptop.page.getByRole('figure', { name: 'Passage 2' }).getByText('Data first.').waitFor()
  const { answers } = await work(ida, class1.exercise)
  assert.deepEqual(
    answers[0].evidence.map((e) => e.web?.url ?? e.anchor.quote),
    ['Ingen vidste hvorfra.', 'https://example.org/plan'],
  )
  assert.deepEqual([...laptop.faults, ...phone.faults], [])
  await laptop.close()
  await phone.close()
})

test('a removed note of one’s own comes back, and a note that is no longer offered is read from what stands on it', async () => {
  const class1 = await classOf(feltbog, ['Nora'], { ownNotes: true, web: true })
  const { exercise, students } = class1
  const [nora] = students
  const { page, faults, close } = await answering(class1, nora)
  const list = async (more = '') => (await nora.ask('GET', `/exercises/${exercise.id}/notes${more}`)).items.map((note) => note.title)

  async function write(title, text) {
    await button(page, 'Your own note').click()
    await page.getByLabel('Title').fill(title)
    await page.getByLabel('What you observed').fill(text)
    await button(page, 'Save the note').click()
    await page.getByRole('heading', { name: title }).waitFor()
    await button(page, 'Back to the notes').click()
  }
  await write('Boxes', 'The cards stand in boxes.')
  await write('Shelves', 'The boxes stand on shelves.')

  // It is had back by the keyboard, at once; the focus is never lost.
  const line = (title) => page.locator('.ans__note').filter({ hasText: title })
  const remove = (title) => button(page, `Remove your note ${title}`)
  const focused = (title) =>
    page.waitForFunction((words) => document.activeElement.closest('.ans__note')?.textContent.includes(words), title)
  await remove('Boxes').focus()
  await page.keyboard.press('Enter')
  await page.getByText('Removed Boxes').waitFor()
  await line('Boxes').waitFor({ state: 'detached' })
  await focused('Shelves')
  assert.deepEqual(await list('?bin=true'), ['Boxes'])
  await page.keyboard.press('Control+z')
  await focused('Boxes')
  assert.deepEqual(await list('?bin=true'), [])

  // And later, from the list of what was removed.
  await remove('Boxes').click()
  await page.locator('.ans__removed summary').click()
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme })
    await accessible(page, `removed notes, ${colorScheme}`)
  }
  await page.setViewportSize({ width: 390, height: 844 })
  await page.locator('.ans__find--sheet').getByText('1 removed note').waitFor()
  await fits(page)
  await accessible(page, 'removed notes on a phone')
  await button(page, 'Close').click()
  await page.setViewportSize({ width: 1440, height: 900 })
  await page.locator('.ans__removed summary').click()
  await button(page, 'Restore your note Boxes').click()
  await page.getByText('Boxes is back').waitFor()
  await focused('Boxes')
  await page.locator('.ans__removed').waitFor({ state: 'detached' })

  // Evidence of both kinds stays when neither is offered any more, and leads to its note.
  const title = class1.note.title
  await line(title).getByRole('button').first().click()
  await button(page, 'Mark block 1').click()
  await button(page, 'Use these words').click()
  await page.getByRole('figure', { name: 'Passage 1' }).waitFor()
  await button(page, 'Back to the notes').click()
  const words = await page.getByRole('figure', { name: 'Passage 1' }).locator('blockquote').textContent()
  const set = async (fields) => {
    const { version } = await feltbog.api('GET', `/exercises/${exercise.id}`)
    await feltbog.api('PATCH', `/exercises/${exercise.id}`, fields, { 'If-Match': `"${version}"` })
  }
  await set({ released: false })
  await line(title).waitFor({ state: 'detached' })
  await line('Boxes').waitFor()
  assert.deepEqual((await list()).sort(), ['Boxes', 'Shelves'])
  const source = page.getByRole('figure', { name: 'Passage 1' }).getByRole('button', { name: title })
  await source.click()
  await page.getByText('This exercise no longer takes evidence from this note.').waitFor()
  await page.locator('.ans__read').getByText(words.slice(0, 20)).waitFor()
  assert.equal(await button(page, 'Use this block').count(), 0)
  await accessible(page, 'a note that is no longer offered')
  await button(page, 'Back to the notes').click()

  // Also where there is nothing else to find.
  await set({ ownNotes: false, web: false, passages: 0 })
  await page.locator('.ans--alone').waitFor()
  await source.click()
  await page.getByText('This exercise no longer takes evidence from this note.').waitFor()
  await button(page, 'Close').click()
  await page.locator('.ans__find').waitFor({ state: 'detached' })
  await page.waitForFunction((name) => document.activeElement.textContent === name, title)
  assert.deepEqual(await list(), [])
  assert.equal((await work(nora, exercise)).answers[0].evidence[0].anchor.quote, words)
  assert.deepEqual(faults, [])
  await close()
})

test('words that come after the work was submitted stay on the device, and are shown with the reason', async () => {
  const class1 = await classOf(feltbog, ['Liv'], { lateAllowed: true, dueAt: '2020-01-01T12:00', timeZone: 'Europe/Copenhagen' })
  const [liv] = class1.students
  const { page, faults, close } = await answering(class1, liv)
  await page.getByText('What you submit now is marked as late.').waitFor()
  await field(page).fill('One two three.')
  await saved(page)
  const { submission } = await work(liv, class1.exercise)
  const held = []
  let holding = true
  await page.route('**/answers/*', (route) => (holding ? held.push(route) : route.continue()))
  await field(page).fill('One two three. Four.')
  await until(() => held.length === 1)
  await liv.ask('POST', `/submissions/${submission.id}/submit`, { asIs: true })
  holding = false
  await held[0].continue()
  const band = page.getByRole('alert').filter({ hasText: 'kept on this device only' })
  await band.waitFor()
  assert.equal((await work(liv, class1.exercise)).answers[0].text, 'One two three.')
  await page.getByText('Submitted late').first().waitFor()
  await band.getByText('Show the words').click()
  await band.getByText('One two three. Four.').waitFor()
  assert.deepEqual(faults, [])
  await close()
})

test('a student sees without a reload what is released, withdrawn, opened, closed and returned', async () => {
  const class1 = await classOf(feltbog, ['Liva'])
  const { course, exercise, students } = class1
  const [liva] = students
  const { page, faults, close } = await answering(class1, liva)
  const listed = page.locator('.ans__note')
  await listed.first().waitFor()
  const before = await listed.count()
  const { items } = await feltbog.api('GET', `/projects/${class1.project}/notes?limit=1000`)
  const other = items.find((note) => note.id !== class1.note.id && !note.draft)
  const released = await feltbog.api('POST', `/exercises/${exercise.id}/releases`, { projectId: class1.project, noteId: other.id })
  await listed.filter({ hasText: other.title }).waitFor()
  await feltbog.api('DELETE', `/exercises/${exercise.id}/releases/${released.id}`)
  await listed.filter({ hasText: other.title }).waitFor({ state: 'detached' })
  assert.equal(await listed.count(), before)

  const change = async (fields) => {
    const { version } = await feltbog.api('GET', `/exercises/${exercise.id}`)
    await feltbog.api('PATCH', `/exercises/${exercise.id}`, fields, { 'If-Match': `"${version}"` })
  }
  await page.goto(`${feltbog.address}/courses/${course.id}`)
  const one = page.locator('.teach__one')
  await one.getByText('Not begun').waitFor()
  await change({ open: false })
  await page.getByText('There is no exercise yet.', { exact: false }).waitFor()
  await change({ open: true })
  await one.getByText('Not begun').waitFor()
  const { submission } = await work(liva, exercise)
  await liva.ask('POST', `/submissions/${submission.id}/submit`, { asIs: true })
  await one.getByText('Submitted', { exact: true }).waitFor()
  await liva.ask('POST', `/submissions/${submission.id}/take-back`)
  await one.getByText('Not begun').waitFor()
  await liva.ask('POST', `/submissions/${submission.id}/submit`, { asIs: true })
  await feltbog.api('POST', `/submissions/${submission.id}/return`)
  await one.getByText('Returned', { exact: true }).waitFor()
  assert.deepEqual(faults, [])
  await close()
})
