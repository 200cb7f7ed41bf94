// A whole class, from the making of the course to the work that is returned: an instructor and three students, each in
// a browser of their own, one of them on a phone and in Danish. Each test goes on where the one before ended.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, test } from 'node:test'
import { fits, openNote, run, wordsOf } from './feltbog.mjs'

const here = run()
const secret = 'four words for everybody'
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, locale: 'da-DK' }
const far = '2099-05-03T16:00'
const gone = '2020-01-06T12:00'
const room = {}

const button = (page, name) => page.getByRole('button', { name, exact: true })
const toast = (page, words) => page.locator('.toast', { hasText: words }).waitFor()
const part = (page, name) => page.getByRole('navigation', { name: /^(Course|Exercise)$/ }).getByRole('link', { name, exact: true }).click()
const field = (page, n = 1) => page.locator(`textarea#answer-${n}`)
const saved = (page) => page.locator('.ans__place--saved').waitFor()
const cell = (page, name) => page.getByRole('button', { name, exact: true }).waitFor()
const passage = (page, n, words) => page.getByRole('figure', { name: new RegExp(`^(Passage|Citat) ${n}$`) }).getByText(words).waitFor()

/** Waits until something holds. */
async function until(holds) {
  for (const end = Date.now() + 20_000; ; ) {
    const got = await holds()
    if (got) return got
    assert.ok(Date.now() < end, `it never was so: ${holds}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** A window of somebody who isn't signed in. */
async function comes(path, options = {}) {
  const { page } = await here.visit(path, options)
  watch(page)
  return page
}

const faults = []
function watch(page) {
  page.setDefaultTimeout(10_000)
  page.on('pageerror', (error) => faults.push(error.stack))
  page.on('console', (message) => message.text().includes('Content Security Policy') && faults.push(message.text()))
}

/** What the instructor's list of all submissions holds of somebody, read by who may read all. */
async function work(name, exercise = room.exercise) {
  const { rows } = await here.api('GET', `/exercises/${exercise}/board`)
  const { submissionId } = rows.find((row) => row.name === name)
  return here.api('GET', `/submissions/${submissionId}`)
}

/** Makes the built-in exercise, of which the first prompts stay, and sets it up. */
async function setUp(page, prompts, more) {
  await button(page, 'New exercise').click()
  await page.getByRole('menuitem', { name: /^Data in a public organisation/ }).click()
  await page.waitForURL(/\/exercises\/.+\/set-up$/)
  const cards = page.locator('.prompt')
  await cards.nth(5).waitFor()
  for (let n = 6; n > prompts; n--) await page.getByRole('button', { name: new RegExp(`^Remove prompt ${n},`) }).click()
  await page.getByRole('textbox', { name: 'Words at least', exact: true }).fill('3')
  await page.getByRole('textbox', { name: 'Words at most', exact: true }).fill('60')
  await page.getByRole('textbox', { name: 'Passages of evidence', exact: true }).fill('1')
  await more()
  await button(page, 'Save').click()
  await toast(page, 'The exercise is saved')
  return new URL(page.url()).pathname.split('/')[2]
}

/** The file that comes when a format is chosen. */
async function taken(page, name, format) {
  await button(page, name).click()
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: format }).click()])
  return file.path()
}

/** A student names the organisation. */
async function names(page, name, kind) {
  const danish = page === room.carla
  await page.getByRole('textbox', { name: danish ? 'Navn' : 'Name', exact: true }).fill(name)
  await page.getByRole('combobox', { name: danish ? 'Slags' : 'Kind' }).click()
  await page.getByRole('option', { name: kind }).click()
  await button(page, danish ? 'Færdig' : 'Done').click()
}

/** A student says why a passage matters. */
async function why(page, words, nth = 0) {
  await page.locator('[id^=why-]').nth(nth).fill(words)
  await saved(page)
}

describe('a whole class', () => {
  test('a course is made, two come by their links from the list, and one by the code on the slide', async () => {
    const { page } = await here.signIn()
    watch(page)
    room.instructor = page
    await button(page, 'Make a course').click()
    await page.getByRole('dialog').locator('[name=name]').fill('Organising with data')
    await page.getByRole('dialog').locator('[name=term]').fill('Spring 2027')
    await button(page, 'Make the course').click()
    await part(page, 'People')
    room.course = new URL(page.url()).pathname.split('/')[2]

    await button(page, 'Add from a list').click()
    const lines = ['Navn;E-mail', 'Anna Ask;anna@example.org', 'Bo Højgård;bo@example.org', 'Anna igen;ANNA@example.org']
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), button(page, 'Choose a file').click()])
    await chooser.setFiles({ name: 'hold.csv', mimeType: 'text/csv', buffer: Buffer.from(lines.join('\r\n'), 'latin1') })
    await page.getByText('2 are new. 1 stands in the list twice.').waitFor()
    await button(page, 'Add 2 people').click()
    await button(page, 'Send links').click()
    await button(page, 'Make 2 links').click()
    const [download] = await Promise.all([page.waitForEvent('download'), button(page, 'Save 2 links as a table').click()])
    const links = (await readFile(await download.path(), 'utf8')).match(/https?:\S+/g)
    await button(page, 'Done').click()
    await button(page, 'Make a link and a code').click()
    await page.getByRole('link', { name: 'Show on a slide' }).click()
    const code = await page.locator('.slide__code').textContent()
    await page.getByRole('link', { name: 'Back to the course' }).click()

    ;[room.anna, room.bo] = await Promise.all(
      links.map(async (link) => {
        const student = await comes(new URL(link).pathname)
        await student.locator('[name=password]').fill(secret)
        await button(student, 'Make an account and join').click()
        await toast(student, 'You are in “Organising with data” now')
        return student
      }),
    )
    const carla = await comes('/join', phone)
    await carla.locator('[name=code]').fill(code)
    await button(carla, 'Gå videre').tap()
    await carla.locator('[name=email]').waitFor()
    for (const [name, words] of [['name', 'Carla Dam'], ['email', 'carla@example.org'], ['password', secret]])
      await carla.locator(`[name=${name}]`).fill(words)
    await button(carla, 'Opret en konto, og vær med').tap()
    await toast(carla, 'Du er nu med i “Organising with data”')
    await fits(carla)
    room.carla = carla
    await page.reload()
    for (const name of ['Anna Ask', 'Bo Højgård', 'Carla Dam']) await page.locator('.person', { hasText: name }).getByText('Joined').waitFor()
  })

  test('an exercise is made, a note released to it by its owner, and it is opened', async () => {
    const page = room.instructor
    await part(page, 'Exercises')
    room.exercise = await setUp(page, 2, async () => {
      await page.locator('.prompt [data-toggle]').first().click()
      await page.locator('.prompt').first().getByLabel('Title in English').fill('What data promised')
      await page.getByRole('checkbox', { name: /own/ }).check()
      await page.getByRole('switch', { name: 'Show answers to the class' }).check()
      await page.getByRole('combobox', { name: 'Time zone' }).fill('copenhagen')
      await page.getByRole('option', { name: 'Europe/Copenhagen' }).click()
      await page.getByLabel('Day and time').fill(far)
    })
    await page.goto(here.address)
    await openNote(page)
    room.note = (await page.locator('h1').textContent()).trim()
    await button(page, 'More about this note').click()
    await page.getByRole('menuitem', { name: 'Release to an exercise' }).click()
    const own = page.getByRole('dialog').getByRole('region', { name: 'Organising with data', exact: true })
    await own.getByRole('button', { name: /^Release to Data in a public/ }).click()
    await toast(page, '1 note is released')
    await page.goto(`${here.address}/courses/${room.course}`)
    await page.getByRole('link', { name: /^Data in a public/ }).click()
    await button(page, 'Open to students').click()
    await toast(page, 'Students see the exercise now')
    await part(page, 'Board')
    for (const name of ['Anna Ask', 'Bo Højgård', 'Carla Dam']) await cell(page, `${name}, prompt 1, not begun`)
  })

  test('evidence is picked by selecting words, by search, from an own note and from the web, and the board follows', async () => {
    const { instructor, anna, bo, carla } = room
    for (const page of [anna, bo, carla]) {
      await page.reload()
      await page.getByRole('link', { name: /^(Begin|Begynd)/ }).click()
      await field(page).waitFor()
    }
    await Promise.all([names(anna, 'Nordby Bibliotekerne', /^Culture/), names(bo, 'Havnsø Havn', /^Supply/)])
    await names(carla, 'Strandby Skole', /^Skole/)
    await anna.getByRole('heading', { name: 'Nordby Bibliotekerne' }).waitFor()

    await field(anna).fill('The list')
    await saved(anna)
    await cell(instructor, 'Anna Ask, prompt 1, writing')
    await instructor.getByText('Nordby Bibliotekerne').waitFor()
    await field(anna).fill('The list took over from the **telephone**.')
    await saved(anna)
    await cell(instructor, 'Anna Ask, prompt 1, evidence missing')

    // Words of the note, selected with the mouse.
    await anna.getByRole('button', { name: new RegExp(room.note) }).click()
    const words = await anna.locator('.ans__block p').nth(1).boundingBox()
    await anna.mouse.move(words.x + 4, words.y + 10)
    await anna.mouse.down()
    await anna.mouse.move(words.x + 160, words.y + 10, { steps: 5 })
    await anna.mouse.up()
    await button(anna, 'Use these words').click()
    await anna.getByRole('figure', { name: 'Passage 1' }).waitFor()
    await why(anna, 'It shows who noticed.')
    await cell(instructor, 'Anna Ask, prompt 1, ready')
    const quote = (await work('Anna Ask')).answers[0].evidence[0].anchor.quote
    assert.ok(quote.length > 3)

    // And to the second prompt, found by search.
    await anna.getByRole('link', { name: /^2\./ }).click()
    await field(anna, 2).fill('Old news to some of them.')
    await button(anna, 'Back to the notes').click()
    await anna.getByRole('searchbox').fill(quote.match(/\p{L}{4,}/u)[0])
    await anna.getByRole('button', { name: /^Attach passage from/ }).first().click()
    await anna.getByRole('figure', { name: 'Passage 1' }).waitFor()
    await why(anna, 'They knew it before.')
    await cell(instructor, 'Anna Ask, prompt 2, ready')

    // From a note of one's own, and a source on the web.
    await field(bo).fill('Nobody knew where it came from.')
    await button(bo, 'Your own note').click()
    await bo.getByLabel('Title').fill('A visit to the harbour')
    await bo.getByLabel('What you observed').fill('The list came on a Tuesday.\n\nNobody knew from where.')
    await button(bo, 'Save the note').click()
    await button(bo, 'Mark block 2').click()
    await button(bo, 'Use these words').click()
    await passage(bo, 1, 'Nobody knew from where.')
    await button(bo, 'Back to the notes').click()
    await button(bo, 'A source on the web').click()
    for (const [label, said] of [['Web address', 'https://example.org/plan'], ['Title', 'The plan'], ['The words you quote', 'Data first.']])
      await bo.getByLabel(label).fill(said)
    await button(bo, 'Attach').click()
    await passage(bo, 2, 'Data first.')
    await why(bo, 'It came from nowhere.')
    await why(bo, 'It was said so.', 1)
    await cell(instructor, 'Bo Højgård, prompt 1, ready')

    // By touch, and in Danish.
    await field(carla).fill('De ringer stadig til hinanden.')
    await carla.locator('.ans__findbutton').tap()
    assert.equal(await carla.getByText('A visit to the harbour').count(), 0, "others' own notes aren't shown")
    await carla.getByRole('button', { name: new RegExp(room.note) }).tap()
    await button(carla, 'Markér afsnit 2').tap()
    await fits(carla)
    await button(carla, 'Brug disse ord').tap()
    await carla.getByRole('figure', { name: 'Citat 1' }).waitFor()
    await why(carla, 'Det er sådan, det går.')
    await fits(carla)
    await cell(instructor, 'Carla Dam, prompt 1, ready')
  })

  test('a server that is killed, a network that goes and two tabs cost no word', async () => {
    const { instructor, anna, bo, carla } = room
    await Promise.all([field(anna, 2).press('Control+End'), field(bo).press('Control+End'), field(carla).press('Control+End')])
    await anna.keyboard.type(' One two', { delay: 10 })
    await carla.keyboard.type(' En to', { delay: 10 })
    await here.end('SIGKILL')
    await anna.keyboard.type(' three', { delay: 10 })
    await carla.keyboard.type(' tre', { delay: 10 })
    for (const page of [anna, carla]) await page.locator('.ans__place--here').waitFor()
    await instructor.getByText('No network. The board is as it was').waitFor()
    await anna.keyboard.type(' four')
    await here.serve()
    for (const page of [anna, carla]) await saved(page)
    await instructor.getByRole('status').filter({ hasText: 'Live' }).waitFor()

    await bo.context().setOffline(true)
    await bo.keyboard.type(' Five six')
    await bo.locator('.ans__place--here').waitFor()
    await bo.context().setOffline(false)
    await saved(bo)
    await until(async () => (await work('Bo Højgård')).answers[0].text.endsWith(' Five six'))
    assert.equal((await work('Anna Ask')).answers[1].text, 'Old news to some of them. One two three four')
    assert.equal((await work('Carla Dam')).answers[0].text, 'De ringer stadig til hinanden. En to tre')

    const other = await anna.context().newPage()
    watch(other)
    await other.goto(anna.url())
    await until(async () => (await field(other, 2).inputValue()).endsWith('four'))
    const held = []
    let holding = true
    await anna.context().route('**/answers/*', (route) => (holding ? held.push(route) : route.continue()))
    await field(anna, 2).fill('Here it went one way.')
    await field(other, 2).fill('There it went the other.')
    await until(() => held.length === 2)
    holding = false
    for (const route of held) await route.continue()
    await anna.getByRole('article').getByText('There it went the other.').waitFor()
    await cell(instructor, 'Anna Ask, prompt 2, writing')
    await button(anna, 'Keep both, one after the other').click()
    await other.getByRole('heading', { name: /2 versions/ }).waitFor({ state: 'detached' })
    await cell(instructor, 'Anna Ask, prompt 2, ready')
    const { text, others } = (await work('Anna Ask')).answers[1]
    for (const words of ['Here it went one way.', 'There it went the other.']) assert.ok(text.includes(words))
    assert.deepEqual(others, [])
    await other.close()
  })

  test('one submits in time, one after it with more time, and one who has none is refused', async () => {
    const { instructor, anna, bo, carla } = room
    await button(anna, 'Submit').click()
    await anna.getByRole('heading', { name: 'Submitted' }).waitFor()
    await anna.getByText((await work('Anna Ask')).handIns[0].hash).waitFor()
    await cell(instructor, 'Anna Ask, prompt 1, submitted')
    await cell(instructor, 'Anna Ask, prompt 2, submitted')

    await part(instructor, 'Set-up')
    await instructor.getByLabel('Day and time').fill(gone)
    await button(instructor, 'Save').click()
    await toast(instructor, 'The exercise is saved')
    const more = instructor.getByRole('region', { name: 'More time for single students' })
    await button(more, 'Give more time').click()
    await more.getByRole('combobox', { name: 'Student' }).fill('Carla')
    await instructor.getByRole('option', { name: 'Carla Dam' }).click()
    await more.getByLabel('Until').fill(far)
    await button(more, 'Give more time').click()
    await toast(instructor, 'Carla Dam has more time')

    // All of them hear of it as they sit there.
    await bo.getByText('It can’t be submitted any more.').waitFor()
    assert.equal(await button(bo, 'Submit').isDisabled(), true)
    await button(anna, 'Take back').waitFor({ state: 'detached' })
    const { accessToken } = await fetch(`${here.address}/api/v1/auth/sign-in`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ email: 'bo@example.org', password: secret }),
    }).then((response) => response.json())
    const tried = await fetch(`${here.address}/api/v1/submissions/${(await work('Bo Højgård')).submission.id}/submit`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${accessToken}` },
      body: JSON.stringify({ asIs: true }),
    })
    assert.deepEqual([tried.status, (await tried.json()).code], [409, 'past_due'])

    await carla.getByText('Du har længere tid end holdet.').waitFor()
    await button(carla, 'Aflevér').tap()
    await carla.getByRole('dialog').getByText('Spørgsmål 2').waitFor()
    await button(carla, 'Aflevér, som det er').tap()
    await carla.getByRole('heading', { name: 'Afleveret' }).waitFor()
    await fits(carla)
    assert.deepEqual((await work('Carla Dam')).handIns.map(({ late }) => late), [false])
  })

  test('work is remarked on and returned, which its student sees by and by, and the class sees its answers', async () => {
    const { instructor, anna, bo } = room
    await part(instructor, 'Board')
    await instructor.getByRole('button', { name: 'Anna Ask, prompt 1, submitted' }).click()
    const panel = instructor.getByRole('complementary', { name: 'Anna Ask' })
    await panel.getByRole('group', { name: 'Words of answer 1' }).focus()
    for (const key of ['v', 'ArrowRight', 'Enter']) await instructor.keyboard.press(key)
    await panel.getByLabel('Remark on these words').fill('Which list?')
    await button(panel, 'Save the remark').click()
    await panel.getByRole('list', { name: 'Remarks' }).getByText('Which list?').waitFor()
    await panel.getByLabel('Comment to Anna Ask').fill('The list is well seen.')
    await panel.getByLabel('Mark', { exact: true }).fill('10')
    await panel.getByText('Saved', { exact: true }).waitFor()
    assert.equal(await anna.getByText('The list is well seen.').count(), 0)
    await button(panel, 'Return').click()
    await cell(instructor, 'Anna Ask, prompt 1, returned')
    await anna.getByRole('heading', { name: 'Returned' }).waitFor()
    await anna.getByText('The list is well seen.').waitFor()
    await anna.getByRole('link', { name: /^1\./ }).click()
    await anna.getByText('Which list?').waitFor()
    assert.equal(await anna.locator('mark').first().innerText(), 'The list')

    // It is taken out: by its student with what was said of it, and of all as a table.
    const paper = await wordsOf(await taken(anna, 'Take out my work', 'Word document'))
    for (const words of ['Nordby Bibliotekerne', 'took over from the telephone', 'Here it went one way.', 'The list is well seen.'])
      assert.ok(paper.includes(words), `${words} is in ${paper}`)
    const table = await readFile(await taken(instructor, 'Export', /^CSV/), 'utf8')
    for (const words of ['Anna Ask', 'There it went the other.', 'The list is well seen.', 'Carla Dam', 'De ringer stadig til hinanden. En to tre'])
      assert.ok(table.includes(words), `${words} is in ${table}`)

    await part(anna, 'The class')
    await anna.getByText('De ringer stadig til hinanden.').waitFor()
    const headings = await anna.getByRole('article').getByRole('heading').allInnerTexts()
    assert.match(headings.sort().join(', '), /^Answer [12], Your answer$/)
    assert.equal(await anna.getByText('Carla').count(), 0)
    await part(bo, 'The class')
    await bo.getByText(/submit/i).first().waitFor()
    assert.equal(await bo.getByText('De ringer stadig til hinanden.').count(), 0)

    await part(instructor, 'The class')
    await instructor.getByLabel('Show names').check()
    await instructor.getByRole('heading', { name: 'Carla Dam' }).waitFor()
    await instructor.getByRole('link', { name: 'Map of organisations' }).click()
    await instructor.getByRole('row', { name: /^Culture/ }).waitFor()
  })

  test('who was too late submits once late work is taken, which says so to both, and sees the class then', async () => {
    const { instructor, bo } = room
    await part(bo, 'My answers')
    await bo.getByText('It can’t be submitted any more.').waitFor()
    await part(instructor, 'Set-up')
    await instructor.getByRole('switch', { name: 'Take late work' }).check()
    await button(instructor, 'Save').click()
    await toast(instructor, 'The exercise is saved')
    // He hears of it as he sits there.
    await bo.getByText('What you submit now is marked as late.').waitFor()
    await button(bo, 'Submit').click()
    await button(bo, 'Submit as it is').click()
    await bo.getByRole('heading', { name: 'Submitted' }).waitFor()
    await bo.getByText('Submitted late').first().waitFor()
    const { handIns, answers } = await work('Bo Højgård')
    assert.deepEqual(handIns.map(({ late }) => late), [true])
    assert.ok(answers[0].text.endsWith(' Five six'))
    await part(instructor, 'Board')
    await instructor.getByRole('button', { name: 'Bo Højgård, prompt 1, submitted' }).click()
    await instructor.getByRole('complementary', { name: 'Bo Højgård' }).getByText('Submitted late').first().waitFor()
    await part(bo, 'The class')
    await bo.getByText('De ringer stadig til hinanden.').waitFor()
  })

  test('a group of two answers another exercise together, and one of them submits it', async () => {
    const { instructor, anna, carla } = room
    await instructor.getByRole('link', { name: 'All exercises of the course' }).click()
    await part(instructor, 'Groups')
    await instructor.getByLabel('Name of the group').fill('Herons')
    await instructor.keyboard.press('Enter')
    await instructor.getByRole('region', { name: 'Herons', exact: true }).waitFor()
    for (const name of ['Anna Ask', 'Carla Dam']) {
      await button(instructor, name).dragTo(instructor.getByRole('region', { name: 'Herons', exact: true }))
      await toast(instructor, `${name} is in Herons`)
    }
    await part(instructor, 'Exercises')
    room.together = await setUp(instructor, 1, () => instructor.getByRole('radio', { name: 'Groups of the course together' }).check())
    await button(instructor, 'Open to students').click()
    await toast(instructor, 'Students see the exercise now')
    await part(instructor, 'Board')

    for (const page of [anna, carla]) {
      await page.goto(`${here.address}/exercises/${room.together}`)
      await field(page).waitFor()
    }
    await field(anna).fill('We saw a list.')
    await saved(anna)
    await until(async () => (await field(carla).inputValue()) === 'We saw a list.')
    await field(carla).fill('We saw a list, and a telephone.')
    await saved(carla)
    await until(async () => (await field(anna).inputValue()) === 'We saw a list, and a telephone.')
    await cell(instructor, 'Herons, prompt 1, evidence missing')
    await names(anna, 'Nordby Bibliotekerne', /^Culture/)
    await button(carla, 'Aflevér').tap()
    await button(carla, 'Aflevér, som det er').tap()
    await anna.getByRole('heading', { name: 'Submitted' }).waitFor()
    await anna.getByText('Carla Dam').first().waitFor()
    await cell(instructor, 'Herons, prompt 1, submitted')
    assert.deepEqual(faults, [])
  })
})
