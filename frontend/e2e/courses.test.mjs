import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, test } from 'node:test'
import { accessible, fits, run } from './feltbog.mjs'
import { linkIn, openMailbox } from './mailbox.mjs'

// Nobody makes an account here but for a course.
process.env.FELTBOG_SIGN_UP = 'invite'
const mailbox = await openMailbox()
process.env.FELTBOG_SMTP_ADDR = mailbox.address
process.env.FELTBOG_SMTP_FROM = 'feltbog@example.org'
process.env.FELTBOG_SMTP_TLS = 'none'
const feltbog = run()
after(() => mailbox.close())

const secret = 'four words for everybody'
const toast = (page, words) => page.locator('.toast', { hasText: words }).waitFor()
const heading = (page, name) => page.getByRole('heading', { level: 1, name }).waitFor()
const tab = (page, name) => page.getByRole('navigation', { name: 'Course' }).getByRole('link', { name, exact: true }).click()
const line = (page, name) => page.locator('.person', { hasText: name })

/** Makes a course as the administrator, with students by name who haven't come yet. */
async function course(name, students = []) {
  const made = await feltbog.api('POST', '/courses', { name, term: 'Spring 2027' })
  for (const student of students) {
    const email = `${student.toLowerCase().replace(' ', '.')}@example.org`
    await feltbog.api('POST', `/courses/${made.id}/members`, { name: student, email, role: 'student' })
  }
  return { ...made, people: () => feltbog.api('GET', `/courses/${made.id}/members`), path: `/courses/${made.id}` }
}

const fill = async (within, fields) => {
  for (const [name, value] of Object.entries(fields)) await within.locator(`[name=${name}]`).fill(value)
}

/** The lines of a list in Latin-1, as an older spreadsheet saves them. */
const latin = (lines) => Buffer.from(lines.join('\r\n'), 'latin1')

const choose = async (page, button, file) => {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), button.click()])
  await chooser.setFiles(file)
}

test('an instructor makes a course and brings its people from a list, line by line', async () => {
  const { page, faults, close } = await feltbog.signIn()
  await page.getByRole('button', { name: 'Make a course' }).click()
  await accessible(page, 'a new course')
  await fill(page.getByRole('dialog'), { name: 'Data in organisations', term: 'Spring 2027' })
  await page.getByRole('button', { name: 'Make the course' }).click()
  await tab(page, 'People')
  await line(page, 'Instructor').waitFor()

  await page.getByRole('button', { name: 'Add from a list' }).click()
  const lines = ['Navn;E-mail;Gruppe', 'Åse Højgård;ase@example.org;Hold 1', 'Bo Friis;bo@example.org;Hold 1', 'Åse igen;ASE@example.org;Hold 2']
  const file = { name: 'hold.csv', mimeType: 'text/csv', buffer: latin([...lines, 'Uden adresse;;', 'Skæv;skæv@;Hold 2', 'Maja Lund;maja@example.org;']) }
  await choose(page, page.getByRole('button', { name: 'Choose a file' }), file)
  await page.getByText('3 are new. 1 stands in the list twice. 2 lines need a look, and aren’t added.').waitFor()
  const read = await page.locator('.roster__rows tbody tr').evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent)))
  assert.deepEqual(read.slice(0, 3), [
    ['2', 'Åse Højgård', 'ase@example.org', 'Hold 1', 'Is added'],
    ['3', 'Bo Friis', 'bo@example.org', 'Hold 1', 'Is added'],
    ['4', 'Åse igen', 'ASE@example.org', 'Hold 2', 'Stands further up'],
  ])
  assert.match(read[3][4], /no e-mail address/)
  await accessible(page, 'a list of people')
  await page.getByRole('button', { name: 'Add 3 people' }).click()
  await page.getByText('3 people are on the list now. These 2 lines weren’t added:').waitFor()
  await page.getByRole('button', { name: 'Done' }).click()
  await line(page, 'Åse Højgård').getByText('On the list').waitFor()
  await line(page, 'Bo Friis').getByText('Hold 1').waitFor()

  // The same list again brings nobody twice.
  await page.getByRole('button', { name: 'Add from a list' }).click()
  await choose(page, page.getByRole('button', { name: 'Choose a file' }), file)
  await page.getByText('0 are new. 3 are in the course already.').waitFor()
  await page.getByText('Nobody in this list is new.').waitFor()
  await page.keyboard.press('Escape')
  await accessible(page, 'people')
  assert.deepEqual(faults, [])
  await close()
})

test('those on the list take their places by links that are copied, saved as a table or sent', async () => {
  const { path, people } = await course('Claims', ['Ida Krog', 'Jens Toft', 'Karl Ny'])
  const { page, close } = await feltbog.signIn()
  await page.goto(`${feltbog.address}${path}/people`)
  await page.getByRole('button', { name: 'Send links' }).click()
  await page.getByRole('button', { name: 'Make 3 links' }).click()
  const [saved] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save 3 links as a table' }).click()])
  const table = (await readFile(await saved.path(), 'utf8')).split('\r\n')
  assert.equal(table[0], '\uFEFFName,E-mail,Link')
  const link = table.find((row) => row.startsWith('Ida Krog,ida.krog@example.org,')).split(',')[2]
  await accessible(page, 'links')
  await page.getByRole('button', { name: 'Done' }).click()
  await line(page, 'Ida Krog').getByText('Link until').waitFor()

  // Jens gets his by mail, which ends the one before.
  await page.getByRole('button', { name: 'More about Jens Toft' }).click()
  await page.getByRole('menuitem', { name: 'Make a new link' }).click()
  await page.getByLabel('Send each of them theirs by mail').check()
  await page.getByLabel('Your words in the mail').fill('Welcome to the course.')
  await page.getByRole('button', { name: 'Make and send the link' }).click()
  await page.getByText('1 link is on its way.').waitFor()
  const letter = await mailbox.letterTo('jens.toft@example.org')
  assert.ok(letter.text.includes('Welcome to the course.'))

  const ida = await feltbog.visit(new URL(link).pathname)
  await heading(ida.page, 'Claims')
  await ida.page.getByText('There is a place for Ida Krog as a student.').waitFor()
  assert.equal(await ida.page.locator('[name=email]').inputValue(), 'ida.krog@example.org')
  assert.equal(await ida.page.locator('[name=name]').inputValue(), 'Ida Krog')
  await accessible(ida.page, 'a place')
  await fill(ida.page, { password: secret })
  await ida.page.getByRole('button', { name: 'Make an account and join' }).click()
  await toast(ida.page, 'You are in “Claims” now')
  assert.equal(new URL(ida.page.url()).pathname, path)

  // A link works once, and one that another replaced doesn't.
  for (const spent of [link, table.find((row) => row.startsWith('Jens')).split(',')[2]]) {
    const other = await feltbog.visit(new URL(spent).pathname)
    await heading(other.page, 'This link or code opens nothing')
    await other.close()
  }
  const jens = await feltbog.visit(new URL(linkIn(letter)).pathname)
  await jens.page.getByText('There is a place for Jens Toft').waitFor()
  await Promise.all([ida.close(), jens.close(), close()])
  const states = (await people()).items.filter((one) => one.role === 'student').map((one) => one.state)
  assert.deepEqual(states, ['joined', 'invited', 'invited'])
})

test('a code from the slide is typed on a phone, and whoever is on the list is confirmed', async () => {
  const { path, people } = await course('Codes', ['Lis Bach'])
  const { page, faults, close } = await feltbog.signIn()
  await page.goto(`${feltbog.address}${path}/people`)
  await page.getByRole('button', { name: 'Make a link and a code' }).click()
  await page.getByRole('link', { name: 'Show on a slide' }).click()
  const shown = page.locator('.slide__code')
  const code = await shown.textContent()
  assert.match(code, /^[0-9A-Z]{4}-[0-9A-Z]{4}$/)
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme })
    await accessible(page, `the slide, ${colorScheme}`)
    assert.equal(await page.locator('.slide').evaluate((slide) => getComputedStyle(slide).backgroundColor), 'rgb(13, 14, 15)')
  }
  // From the last row: at least a twelfth of the height of what is thrown on the wall.
  assert.ok((await shown.evaluate((element) => Number.parseFloat(getComputedStyle(element).fontSize))) >= 900 / 12)
  assert.ok((await page.locator('.qr').boundingBox()).width >= 900 / 2)
  await fits(page)

  const lis = await feltbog.visit('/join', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })
  await fill(lis.page, { code: 'K7QF-M2X' })
  await lis.page.getByRole('button', { name: 'Go on' }).click()
  await lis.page.getByText('A code has eight letters and digits').waitFor()
  await accessible(lis.page, 'a code that is none')
  await fill(lis.page, { code: code.toLowerCase().replace('-', ' ') })
  await lis.page.getByRole('button', { name: 'Go on' }).click()
  await heading(lis.page, 'Codes')
  await fits(lis.page)
  await fill(lis.page, { name: 'Lis B.', email: 'lis.bach@example.org', password: secret })
  await lis.page.getByRole('button', { name: 'Make an account and join' }).click()
  await toast(lis.page, 'You are in “Codes” now')
  await tab(lis.page, 'People')
  await line(lis.page, 'Lis B.').getByText('You').waitFor()
  await fits(lis.page)
  await accessible(lis.page, 'people, of a student')
  assert.equal(await lis.page.getByRole('button', { name: 'Add from a list' }).count(), 0)

  // The same address stands on the list: they are one person once the instructor says so.
  await page.getByRole('link', { name: 'Back to the course' }).click()
  await page.getByText('Joined as Lis B., lis.bach@example.org').waitFor()
  await accessible(page, 'a match')
  await page.getByRole('button', { name: 'Lis Bach is the same person' }).click()
  await toast(page, '1 person has their place on the list')
  await line(page, 'Lis Bach').getByText('Joined').waitFor()
  assert.equal((await people()).items.filter((one) => one.role === 'student').length, 1)

  // Whoever has an account joins with a click, and by a closed code nobody does.
  await page.getByRole('button', { name: 'More', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Let nobody join' }).click()
  await toast(page, 'Nobody can join')
  await lis.page.goto(`${feltbog.address}/join?code=${code}`)
  await heading(lis.page, 'This link or code opens nothing')
  assert.deepEqual(faults, [])
  await Promise.all([lis.close(), close()])
})

test('groups are made with keys, by dragging, at random and by choice', async () => {
  const names = ['Anna Ask', 'Bent Bro', 'Carl Cro', 'Dorte Dal', 'Eva Eng']
  const { path, people } = await course('Groups', names)
  const { page, faults, close } = await feltbog.signIn()
  const groupOf = async () => {
    const [{ items: groups }, { items }] = await Promise.all([feltbog.api('GET', `${path}/groups`), people()])
    return Object.fromEntries(items.filter((one) => one.role === 'student').map((one) => [one.name, groups.find((g) => g.id === one.groupId)?.name]))
  }
  const card = (name) => page.getByRole('region', { name, exact: true })
  await page.goto(`${feltbog.address}${path}/groups`)
  await page.getByLabel('Name of the group').fill('Reds')
  await page.keyboard.press('Enter')
  await card('Reds').getByText('Nobody is in it yet.').waitFor()

  // By keys alone: two are chosen and put into the group.
  await page.getByRole('button', { name: 'Anna Ask' }).focus()
  await page.keyboard.press('Space')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Space')
  await page.getByText('2 chosen').waitFor()
  await page.keyboard.press('m')
  await page.keyboard.type('Reds')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await toast(page, '2 are in Reds')
  await card('Reds').getByText('Bent Bro').waitFor()
  await page.getByRole('button', { name: 'Carl Cro' }).dragTo(card('Reds'))
  await toast(page, 'Carl Cro is in Reds')
  await page.getByRole('button', { name: 'Undo' }).click()
  await card('Without a group').getByText('Carl Cro').waitFor()
  assert.deepEqual(await groupOf(), { 'Anna Ask': 'Reds', 'Bent Bro': 'Reds', 'Carl Cro': undefined, 'Dorte Dal': undefined, 'Eva Eng': undefined })
  await accessible(page, 'groups')

  // A draw takes those who are in none, and can be taken back.
  await page.getByRole('button', { name: 'Draw at random' }).click()
  await page.getByLabel('At most in one group').fill('2')
  await page.getByText('2 groups of 1 or 2.').waitFor()
  await accessible(page, 'a draw')
  await page.getByRole('button', { name: 'Draw', exact: true }).click()
  await page.getByText('The number of this draw is').waitFor()
  const drawn = await groupOf()
  assert.deepEqual(Object.values(drawn).filter(Boolean).length, 5)
  await page.getByRole('button', { name: 'Take the draw back' }).click()
  await toast(page, 'The groups are as they were')
  assert.equal((await groupOf())['Eva Eng'], undefined)

  // Students choose: a group with a place for two is full.
  await page.getByLabel('Students choose their group').check()
  await page.getByLabel('At most in one group').fill('2')
  await Promise.all([page.waitForResponse(async (response) => response.request().method() === 'PATCH' && (await response.json()).groupSize === 2), page.keyboard.press('Tab')])
  const { items: claims } = await feltbog.api('POST', `${path}/members/claims`, { memberIds: [(await people()).items.find((one) => one.name === 'Eva Eng').id] })
  await feltbog.api('POST', `${path}/groups`, { name: 'Blues' })
  const eva = await feltbog.visit(new URL(claims[0].link).pathname, { locale: 'da-DK' })
  await fill(eva.page, { password: secret })
  await eva.page.getByRole('button', { name: 'Opret en konto, og vær med' }).click()
  await toast(eva.page, 'Du er nu med i “Groups”')
  await eva.page.getByRole('navigation', { name: 'Kursus' }).getByRole('link', { name: 'Grupper' }).click()
  await eva.page.getByRole('listitem').filter({ hasText: 'Reds' }).getByText('Fuld').waitFor()
  await eva.page.getByRole('button', { name: 'Gå ind i Blues' }).click()
  await toast(eva.page, 'Du er i Blues')
  await accessible(eva.page, 'groups, of a student in Danish')
  assert.equal((await groupOf())['Eva Eng'], 'Blues')
  assert.deepEqual(faults, [])
  await Promise.all([eva.close(), close()])
})

test('rights are given, a student is taken out and brought back, and personal data is deleted', async () => {
  const { path, people } = await course('Rights', ['Mona Skov', 'Nils Vang'])
  const { page, faults, close } = await feltbog.signIn()
  await page.goto(`${feltbog.address}${path}/people`)
  const deed = async (name, what) => {
    await page.getByRole('button', { name: `More about ${name}` }).click()
    await page.getByRole('menuitem', { name: what }).click()
  }
  const student = async (name) => (await people()).items.find((one) => one.name === name)

  await deed('Mona Skov', 'Change')
  await page.getByRole('textbox', { name: 'Pseudonym' }).fill('Heron')
  await accessible(page, 'somebody’s form')
  await page.getByRole('button', { name: 'Save' }).click()
  await line(page, 'Mona Skov').getByText('called Heron').waitFor()

  await deed('Nils Vang', 'Change')
  await page.getByRole('combobox', { name: 'Role' }).click()
  await page.getByRole('option', { name: 'Assistant' }).click()
  await page.getByLabel('Comment and mark').check()
  assert.equal(await page.getByLabel('Read what students write').isChecked(), true)
  await page.getByRole('button', { name: 'Save' }).click()
  await line(page, 'Nils Vang').getByText('Assistant').waitFor()
  assert.deepEqual((await student('Nils Vang')).rights, ['giveFeedback', 'readWork'])

  await deed('Mona Skov', 'Take out of the course')
  await toast(page, 'Mona Skov is out of the course')
  assert.equal(await student('Mona Skov'), undefined)
  await page.getByRole('button', { name: 'Undo' }).click()
  await line(page, 'Mona Skov').waitFor()

  await deed('Mona Skov', 'Delete personal data')
  await page.getByRole('heading', { name: 'Delete the personal data of Mona Skov' }).waitFor()
  await accessible(page, 'deleting personal data')
  const now = page.getByRole('button', { name: 'Delete the data' })
  assert.equal(await now.isDisabled(), true)
  await page.getByRole('dialog').getByRole('textbox').fill('Mona Skov')
  await now.click()
  await line(page, 'Student 2').getByText('Data deleted').waitFor()
  assert.equal(await line(page, 'Mona Skov').count(), 0)
  assert.deepEqual(faults, [])
  await close()
})

test('a course is renamed, copied to next year, archived, deleted and restored; a student chooses a pseudonym and leaves', async () => {
  const { path, id } = await course('Old name', ['Otto Ryg'])
  const { items: claims } = await feltbog.api('POST', `${path}/members/claims`)
  const otto = await feltbog.visit(new URL(claims[0].link).pathname)
  await fill(otto.page, { password: secret })
  await otto.page.getByRole('button', { name: 'Make an account and join' }).click()
  await tab(otto.page, 'Settings')
  await otto.page.getByLabel('Pseudonym').fill('Kestrel')
  await otto.page.getByRole('button', { name: 'Save' }).click()
  await toast(otto.page, 'Others see you as Kestrel')
  await accessible(otto.page, 'the settings of a student')

  const { page, faults, close } = await feltbog.signIn({ colorScheme: 'dark' })
  await page.getByRole('link', { name: 'Old name' }).click()
  await tab(page, 'Settings')
  await fill(page, { name: 'Data in organisations', term: 'Spring 2027' })
  await page.getByRole('button', { name: 'Save' }).click()
  await toast(page, 'The course is saved')
  await accessible(page, 'the settings of a course')
  await page.getByRole('button', { name: 'Copy the course' }).click()
  await page.getByLabel('Term').last().fill('Spring 2028')
  await page.getByRole('button', { name: 'Make the copy' }).click()
  await toast(page, 'Data in organisations is made')
  const copy = new URL(page.url()).pathname
  assert.notEqual(copy, path)
  assert.deepEqual((await feltbog.api('GET', `${copy}/members`)).items.length, 1)
  assert.equal((await feltbog.api('GET', copy)).term, 'Spring 2028')

  await page.goto(`${feltbog.address}${path}/settings`)
  await page.getByRole('button', { name: 'Archive the course' }).click()
  await page.getByText('This course is archived').waitFor()
  await page.getByRole('button', { name: 'Open it again' }).click()
  await toast(page, 'The course is open again')
  await page.getByRole('button', { name: 'Delete the course' }).click()
  await toast(page, 'Data in organisations is in the bin for 30 days')
  await otto.page.reload()
  await heading(otto.page, 'There is nothing at this address')
  await page.getByText('1 course in the bin').click()
  await accessible(page, 'courses at home')
  await page.getByRole('button', { name: 'Restore' }).click()
  await toast(page, 'Data in organisations is back')

  await otto.page.goto(`${feltbog.address}/courses/${id}/settings`)
  await otto.page.getByRole('button', { name: 'Leave the course' }).click()
  await otto.page.getByRole('button', { name: 'Leave now' }).click()
  await toast(otto.page, 'You have left Data in organisations')
  await otto.page.getByText('You are in no project yet').waitFor()
  assert.equal(await otto.page.getByText('Data in organisations').count(), 1) // in the toast
  assert.deepEqual(faults, [])
  await Promise.all([otto.close(), close()])
})
