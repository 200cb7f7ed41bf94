// The board of an exercise with a class that writes meanwhile, what is said of its work, and what the class sees of it.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { before, describe, test } from 'node:test'
import { accessible, fits, run, wordsOf } from './feltbog.mjs'

const here = run()
const room = {}

/** Asks the API as one of the students. */
async function ask(token, method, path, body, headers = {}) {
  const response = await fetch(`${here.address}/api/v1${path}`, {
    method,
    headers: { ...(token && { Authorization: `Bearer ${token}` }), ...(body && { 'Content-Type': 'application/json' }), ...headers },
    body: body && JSON.stringify(body),
  })
  const text = await response.text()
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
}

async function done(...request) {
  const { status, body } = await ask(...request)
  assert.ok(status < 300, `${request.slice(1, 3)}: ${status} ${JSON.stringify(body)}`)
  return body
}

/** Somebody who came by the code of the course. */
async function student(name, code) {
  const email = `${name.toLowerCase().replace(/\W+/g, '.')}@example.org`
  const { accessToken } = await done('', 'POST', '/auth/sign-up', { name, email, password: `kartotek telefax ${name}`, course: code })
  const person = {
    name,
    token: accessToken,
    versions: {},
    ask: (...request) => done(accessToken, ...request),
    async begin(organisation) {
      const made = await person.ask('POST', `/exercises/${room.exercise}/submissions`)
      person.submission = made.id
      const seen = { 'If-Match': `"${made.version}"` }
      if (organisation) await person.ask('PATCH', `/submissions/${made.id}`, { organisation }, seen)
    },
    async write(n, text) {
      const seen = person.versions[n]
      const { answer } = await person.ask(
        'PUT',
        `/submissions/${person.submission}/answers/${room.prompts[n - 1].id}`,
        { text, revision: randomUUID(), writer: (person.writer ??= randomUUID()) },
        seen ? { 'If-Match': `"${seen}"` } : {},
      )
      person.versions[n] = answer.version
    },
    prove: (n, quote) =>
      person.ask('POST', `/submissions/${person.submission}/answers/${room.prompts[n - 1].id}/evidence`, {
        web: { url: 'https://havn.example.org/report', title: 'A yearly report', quote, seenOn: '2026-05-02' },
        why: 'The reason has no column.',
      }),
    submit: () => person.ask('POST', `/submissions/${person.submission}/submit`, { asIs: true }),
  }
  return person
}

const cell = (page, name) => page.getByRole('button', { name, exact: true })
const words = 'The harbour sends its list to the tug, and *what does not come across* is the reason for a delay.'

/** The file that comes when a format is chosen in a menu, from the keyboard. */
async function saved(page, button, format) {
  await button.press('Enter')
  const item = page.getByRole('menuitem', { name: format })
  await item.waitFor()
  const [file] = await Promise.all([page.waitForEvent('download'), item.press('Enter')])
  await item.waitFor({ state: 'detached' })
  assert.ok(await button.evaluate((e) => e === document.activeElement), 'the focus is back')
  return file
}

/** A course of four with an exercise, of whom one has submitted. */
async function prepare() {
  const course = await here.api('POST', '/courses', { name: 'Organising with data', term: 'Spring 2027' })
  const { code } = await here.api('POST', `/courses/${course.id}/join`, {})
  const made = await here.api('POST', `/courses/${course.id}/exercises`, { template: (await here.api('GET', '/exercise-templates')).items[0].key })
  const exercise = await here.api(
    'PATCH',
    `/exercises/${made.id}`,
    { open: true, minWords: 5, maxWords: 0, passages: 1, reasons: false, web: true, shownToClass: true },
    { 'If-Match': `"${made.version}"` },
  )
  room.exercise = exercise.id
  room.prompts = exercise.prompts
  const roster = ['name;e-mail;group', 'Emil Krogh;emil@example.org;Seminar A', 'Yasmin Haddad;yasmin@example.org;Seminar B'].join('\n')
  const response = await fetch(`${here.address}/api/v1/courses/${course.id}/roster`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${here.token}`, 'Content-Type': 'text/csv' },
    body: roster,
  })
  assert.equal(response.status, 200, await response.text())
  room.maja = await student('Maja Lund', code)
  room.oskar = await student('Oskar Bjerre', code)
  await room.oskar.begin({ name: 'Strandby Gymnasium', kind: 'school', why: 'I went there.' })
  for (const n of [1, 2]) await room.oskar.write(n, words)
  await room.oskar.prove(1, 'The row appears in three systems.')
  await room.oskar.submit()
  room.board = `${here.address}/exercises/${room.exercise}/board`
}

describe('the board', () => {
  before(prepare)

  test('shows a class while it writes, who needs help, and one after the other by keys', async () => {
    const { page, faults, close } = await here.signIn()
    await page.goto(room.board)
    await page.getByRole('heading', { name: 'Data in a public organisation of your choice' }).waitFor()
    await cell(page, 'Maja Lund, prompt 3, not begun').waitFor()
    await cell(page, 'Oskar Bjerre, prompt 1, submitted').waitFor()
    await page.getByText('4 students', { exact: false }).first().waitFor()
    await page.getByRole('status').filter({ hasText: 'Live' }).waitFor()

    // Who only opens the exercise hasn't begun.
    await room.maja.begin()
    await cell(page, 'Maja Lund, prompt 3, not begun').click()
    const opened = page.getByRole('complementary', { name: 'Maja Lund' })
    await opened.getByText('No words yet.').first().waitFor()
    assert.equal(await opened.getByText('Not begun').count(), 1 + room.prompts.length)
    await page.keyboard.press('Escape')
    assert.equal(await page.locator('.board tr', { hasText: 'Maja Lund' }).getByText('writing now').count(), 0)

    // What a student does comes in without a reload.
    await room.maja.begin({ name: 'Havnsø Havn', kind: 'utility', why: '' })
    await room.maja.write(3, 'The harbour')
    await cell(page, 'Maja Lund, prompt 3, writing').waitFor()
    await page.getByText('Havnsø Havn').waitFor()
    await room.maja.write(3, words)
    await cell(page, 'Maja Lund, prompt 3, evidence missing').waitFor()
    await page.getByRole('button', { name: 'Needs help 1' }).click()
    assert.equal(await page.locator('.board tbody tr[data-key]').count(), 1)
    await room.maja.prove(3, 'Så ringer de til mig alligevel.')
    await cell(page, 'Maja Lund, prompt 3, ready').waitFor({ state: 'detached' })
    await page.getByText('Nobody needs help just now.').waitFor()
    await page.getByRole('button', { name: 'Needs help 0' }).click()
    await cell(page, 'Maja Lund, prompt 3, ready').waitFor()

    // Groups stand under their names; one of them can be shown alone.
    assert.deepEqual(await page.locator('.grp th').allInnerTexts().then((all) => all.map((one) => one.split(/\s·/)[0])), [
      'Seminar A',
      'Seminar B',
      'Without a group',
    ])
    await page.getByLabel('Group shown').selectOption('Seminar B')
    assert.equal(await page.locator('.board tbody tr[data-key]').count(), 1)
    await page.getByLabel('Group shown').selectOption('')
    await page.getByLabel('Order of the rows').selectOption('name')
    assert.equal(await page.locator('.grp').count(), 0)

    // One cell is in the order of Tab; the arrows walk from there, and Esc comes back to it.
    await cell(page, 'Emil Krogh, prompt 1, not begun').focus()
    assert.equal(await page.locator('.board button[tabindex="0"]').count(), 1)
    for (const key of ['ArrowDown', 'ArrowRight', 'ArrowRight']) await page.keyboard.press(key)
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), 'Maja Lund, prompt 3, ready')
    await page.keyboard.press('Control+End')
    assert.match(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), /^Yasmin Haddad, prompt 6/)
    await cell(page, 'Maja Lund, prompt 3, ready').focus()
    await page.keyboard.press('Enter')
    await page.getByRole('complementary', { name: 'Maja Lund' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('complementary').waitFor({ state: 'detached' })
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), 'Maja Lund, prompt 3, ready')
    await accessible(page, 'the board')
    await page.emulateMedia({ colorScheme: 'dark' })
    await accessible(page, 'the board in dark')
    assert.deepEqual(faults, [])
    await close()
  })

  test('opens work beside it: remarks on words, a mark and a comment that nobody sees before they are returned', async () => {
    const { page, faults, close } = await here.signIn()
    await page.goto(room.board)
    await cell(page, 'Oskar Bjerre, prompt 1, submitted').click()
    const panel = page.getByRole('complementary', { name: 'Oskar Bjerre' })
    await panel.getByText('Strandby Gymnasium', { exact: false }).waitFor()
    await panel.getByText('The row appears in three systems.').waitFor()
    await panel.getByText('Submitted once').waitFor()
    await page.getByRole('complementary').locator('em', { hasText: 'what does not come across' }).first().waitFor()

    // Words are selected from the keyboard and remarked on.
    await panel.getByRole('group', { name: 'Words of answer 1' }).focus()
    for (const key of ['v', 'ArrowRight', 'Enter']) await page.keyboard.press(key)
    await panel.getByLabel('Remark on these words').fill('Which harbour?')
    await page.keyboard.press('Control+Enter')
    const remarks = panel.getByRole('list', { name: 'Remarks' })
    await remarks.getByText('Which harbour?').waitFor()
    assert.equal(await panel.locator('mark').innerText(), 'The harbour')

    // And with the mouse.
    const tug = panel.getByRole('group', { name: 'Words of answer 2' }).getByText('The harbour sends', { exact: false })
    await tug.dblclick({ position: { x: 50, y: 8 } })
    await panel.getByRole('button', { name: 'Remark on the chosen words' }).click()
    await panel.getByLabel('Remark on these words').fill('Well seen.')
    await panel.getByRole('button', { name: 'Save the remark' }).click()
    await remarks.getByText('Well seen.').waitFor()
    assert.equal(await panel.locator('mark').count(), 2)
    await remarks.getByRole('listitem').filter({ hasText: 'Well seen.' }).getByRole('button', { name: 'Delete' }).click()
    await remarks.getByText('Well seen.').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Undo' }).click()
    await remarks.getByText('Well seen.').waitFor()

    await panel.getByLabel('Comment to Oskar Bjerre').fill('The list is well seen.')
    await panel.getByLabel('Mark', { exact: true }).fill('10')
    await panel.getByText('Saved', { exact: true }).waitFor()
    await panel.getByText('Students see nothing of this before you return it.', { exact: false }).waitFor()
    await accessible(page, 'work beside the board')
    await page.emulateMedia({ colorScheme: 'dark' })
    await accessible(page, 'work beside the board in dark')
    await page.emulateMedia({ colorScheme: 'light' })
    const path = `/submissions/${room.oskar.submission}/feedback`
    assert.equal((await ask(room.oskar.token, 'GET', path)).status, 404)

    // A colleague writes meanwhile: neither is written over unseen.
    await panel.getByText('Comment by you · Mark by you').waitFor()
    assert.equal(await remarks.getByText(/^By you, /).count(), 2)
    const seen = await here.api('GET', path)
    assert.deepEqual([seen.mark, seen.comment, seen.remarks.length], ['10', 'The list is well seen.', 2])
    await here.api('PUT', path, { mark: '12', comment: 'Very well seen.' }, { 'If-Match': `"${seen.version}"` })
    await panel.getByLabel('Comment to Oskar Bjerre').fill('The list is well seen, and the nail.')
    await panel.getByText('Very well seen.').waitFor()
    await panel.getByRole('button', { name: 'Save mine' }).click()
    await panel.getByText('Saved', { exact: true }).waitFor()
    assert.equal((await here.api('GET', path)).comment, 'The list is well seen, and the nail.')

    // The document holds what was just typed too, though nothing is returned yet.
    await panel.getByLabel('Comment to Oskar Bjerre').fill('The list is well seen, and the nail, and the tug.')
    const paper = await saved(page, panel.getByRole('button', { name: 'Export the work of Oskar Bjerre' }), 'Word document')
    assert.match(paper.suggestedFilename(), /^Oskar Bjerre Data in .*\.docx$/)
    const said = await wordsOf(await paper.path())
    for (const part of ['The harbour sends its list', 'The row appears in three systems.', 'Which harbour?', 'and the nail, and the tug.'])
      assert.ok(said.includes(part), `${part} is in ${said}`)

    // The next one has handed nothing in yet; a comment may be prepared all the same.
    await panel.getByRole('button', { name: 'Previous on the board' }).click()
    const next = page.getByRole('complementary', { name: 'Maja Lund' })
    await next.getByText('Students see nothing of this before their work', { exact: false }).waitFor()
    assert.equal(await next.getByRole('button', { name: 'Remark on the answer' }).count(), 0)
    await page.getByRole('button', { name: 'Next on the board' }).click()
    await panel.getByRole('button', { name: 'Return', exact: true }).click()
    await page.getByText('Returned to Oskar Bjerre').waitFor()
    await cell(page, 'Oskar Bjerre, prompt 1, returned').waitFor()
    const told = await ask(room.oskar.token, 'GET', path)
    assert.deepEqual([told.status, told.body.mark, told.body.remarks.length], [200, '10', 2])
    assert.deepEqual(faults, [])
    await close()
  })

  test('returns all once it has said what that tells, also on a phone and in Danish', async () => {
    await room.maja.submit()
    const { page, faults, close } = await here.signIn({ viewport: { width: 390, height: 844 }, locale: 'da-DK' })
    await page.goto(room.board)
    await cell(page, 'Maja Lund, spørgsmål 3, afleveret').waitFor()
    await fits(page)
    await accessible(page, 'the board on a phone')
    await cell(page, 'Maja Lund, spørgsmål 3, afleveret').click()
    const work = page.getByRole('complementary', { name: 'Maja Lund' })
    await work.getByText('Så ringer de til mig alligevel.').waitFor()
    await fits(page)
    // The answers have the screen until the form is wanted; then it stands whole beneath them.
    const shares = () =>
      page.evaluate(() => {
        const [all, body, form] = ['.panel', '.panel__body', '.feedback'].map((of) => document.querySelector(of))
        return { body: body.clientHeight / all.clientHeight, cut: form.scrollHeight - form.clientHeight, end: form.getBoundingClientRect().bottom - innerHeight }
      })
    const folded = await shares()
    assert.ok(folded.body > 0.6 && folded.cut <= 0 && folded.end <= 0.5, JSON.stringify(folded))
    const fold = work.getByRole('button', { name: 'Kommentar og karakter' })
    await fold.click()
    await work.getByLabel('Kommentar til Maja Lund').waitFor()
    const unfolded = await shares()
    assert.ok(unfolded.body > 0.2 && unfolded.cut <= 0 && unfolded.end <= 0.5, JSON.stringify(unfolded))
    await accessible(page, 'the form on a phone')
    await fold.click()
    await work.getByLabel('Kommentar til Maja Lund').waitFor({ state: 'detached' })
    await accessible(page, 'work on a phone')
    await page.getByRole('button', { name: 'Luk' }).click()
    await page.getByRole('button', { name: 'Giv alle tilbage' }).click()
    const dialog = page.getByRole('dialog', { name: 'Giv alt afleveret tilbage' })
    await dialog.getByText('1 aflevering gives tilbage.').waitFor()
    await dialog.getByText('Ingen af dem har karakter, kommentar eller bemærkninger.').waitFor()
    await accessible(page, 'returning all')
    await dialog.getByRole('button', { name: 'Giv 1 tilbage' }).click()
    await page.getByText('1 aflevering er givet tilbage').waitFor()
    await cell(page, 'Maja Lund, spørgsmål 3, givet tilbage').waitFor()
    assert.deepEqual(faults, [])
    await close()
  })

  test('is taken out as a table in the language of the app, and says why it isn’t', async () => {
    const { page, faults, close } = await here.signIn({ locale: 'da-DK' })
    await page.goto(room.board)
    const menu = page.getByRole('button', { name: 'Eksportér', exact: true })
    const table = await saved(page, menu, 'CSV, til regneark')
    assert.match(table.suggestedFilename(), /^Data i .* \d{4}-\d\d-\d\d\.csv$/)
    const rows = await readFile(await table.path(), 'utf8')
    for (const part of ['Navn,Deltagere,E-mail', 'Oskar Bjerre', 'Strandby Gymnasium', words, 'Så ringer de til mig alligevel.', 'Very well seen'])
      assert.equal(rows.includes(part), part !== 'Very well seen', part)
    await page.route('**/export?*', (route) => route.abort())
    await menu.click()
    await page.getByRole('menuitem', { name: 'Excel-projektmappe' }).waitFor()
    await accessible(page, 'an open menu', '[role=menu]')
    await page.getByRole('menuitem', { name: 'Excel-projektmappe' }).click()
    await page.locator('.toast').getByText(/kunne ikke nås|net/).waitFor()
    assert.deepEqual(faults, [])
    await close()
  })

  test('shows the class its answers side by side, by name or without, and where it found the codes', async () => {
    const { page, faults, close } = await here.signIn()
    await page.goto(`${here.address}/exercises/${room.exercise}/class`)
    const answers = page.getByRole('article')
    await answers.first().waitFor()
    assert.deepEqual(await answers.getByRole('heading').allInnerTexts(), ['Answer 1', 'Answer 2'])
    await page.getByText('Strandby Gymnasium · School or day care').waitFor()
    await page.getByLabel('Show names').check()
    await page.getByRole('heading', { name: 'Oskar Bjerre' }).waitFor()
    await page.getByRole('navigation', { name: 'Prompts' }).getByRole('link').nth(2).click()
    await page.getByText('Så ringer de til mig alligevel.').waitFor()
    await accessible(page, 'the class')
    await page.getByRole('link', { name: 'Map of organisations' }).click()
    const row = page.getByRole('row', { name: /^School or day care/ })
    await row.waitFor()
    assert.match(await row.innerText(), /1\s+1 passage/)
    await accessible(page, 'the map')
    await page.emulateMedia({ colorScheme: 'dark' })
    await accessible(page, 'the map in dark')
    await page.setViewportSize({ width: 390, height: 844 })
    await fits(page)
    await page.goBack()
    assert.deepEqual(faults, [])
    await close()
  })
})
