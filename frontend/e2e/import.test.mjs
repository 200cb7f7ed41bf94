// Files from the drop to the note: what is looked at, chosen and refused on the way, and what survives.
import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { accessible, drop, fits, importFiles, openDemo, run } from './feltbog.mjs'

const feltbog = run()
const transcript = await readFile(
  new URL('../../testdata/transcripts/se-unlocked/EP_53_Mauricio_Aniche.md', import.meta.url),
  'utf8',
)
/** Words in Windows-1252, in which æ, ø and å are one byte each. */
const windows = (words) => Buffer.from(words, 'latin1')

/** Signs in and makes a project, whose files are then dropped on its sources. */
async function newProject(name, options = {}) {
  const signedIn = await feltbog.signIn(options)
  const { page } = signedIn
  await page.getByLabel(/^(Name|Navn)$/).fill(name)
  await page.getByRole('button', { name: /^(Create project|Opret projekt)$/ }).click()
  await page.locator('.sources__empty').waitFor()
  const project = new URL(page.url()).pathname
  return { ...signedIn, project, api: (method, path, body) => feltbog.api(method, project + path, body) }
}

const line = (page, name) => page.locator('.import__list li', { hasText: name })
const field = (page, role, name) => page.locator('.import__file').getByRole(role, { name, exact: true })
const ready = (page, count) =>
  page.waitForFunction((n) => document.querySelectorAll('.import__list [data-state=ready]').length === n, count)
const preview = (page) => page.locator('.import__page')
const toSources = (page) => page.locator('.tabs').getByRole('link', { name: 'Notes' }).click()
const titles = async (api) => (await api('GET', '/notes')).items.map((n) => n.title).sort()

test('one file is a drop and a key, and its note is a key away', async () => {
  const { page, faults, api, close } = await newProject('One')
  await drop(page, [['Dag 1.txt', 'Registrene bærer os.\n\nDet hele hviler på dem.']])
  await page.getByRole('button', { name: 'Import 1 file' }).waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Open the note' }).waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Dag 1' }).waitFor()
  const { items } = await api('GET', '/notes')
  assert.deepEqual([items.length, items[0].kind, items[0].length], [1, 'fieldNote', 45])
  assert.deepEqual((await api('GET', '/uploads')).items, [])
  assert.deepEqual(faults, [])
  await close()
})

test('what was understood is shown and corrected: encoding, fields, speakers, what is there already, what can’t be read', async () => {
  const { page, faults, api, close } = await newProject('Understood')
  const { id: karl } = await api('POST', '/participants', { pseudonym: 'Karl' })
  await drop(page, [['igen.txt', 'Det stod her før.']])
  await importFiles(page, 1)
  await page.getByRole('button', { name: 'Open the note' }).waitFor()

  await drop(page, [
    ['blåbær.txt', windows('Rødgrød med fløde, æblegrød og blåbær på Ærø.\n\nDet år kom registrene.')],
    ['episode.md', transcript],
    ['igen.txt', 'Det stod her før.'],
    ['brev.docx', 'PK'],
  ])
  await ready(page, 3)
  await page.locator('.import__list [data-state=refused]', { hasText: 'isn’t one' }).or(page.locator('[data-state=refused]', { hasText: "isn't one" })).waitFor()
  assert.equal(await line(page, 'igen.txt').last().getByRole('checkbox').isChecked(), false, 'what is there already stays out')

  // The encoding, and the fields of the note.
  await line(page, 'blåbær.txt').getByRole('button', { name: /blåbær/ }).first().click()
  await preview(page).getByText('blåbær på Ærø').waitFor()
  await field(page, 'combobox', 'Encoding').click()
  await page.getByRole('option', { name: 'ibm850' }).click()
  await preview(page).getByText('bl\u00d5b\u00b5r').waitFor()
  await field(page, 'combobox', 'Encoding').click()
  await page.getByRole('option', { name: 'windows-1252' }).click()
  await preview(page).getByText('blåbær på Ærø').waitFor()
  await field(page, 'textbox', 'Title').fill('Blåbær på Ærø')
  await field(page, 'combobox', 'Site').fill('Ærø')
  await page.getByRole('option', { name: 'Add “Ærø”' }).click()
  await field(page, 'textbox', 'Observed on').fill('2024-05-03')

  // Who speaks.
  await line(page, 'episode.md').getByRole('button', { name: /episode/ }).first().click()
  await page.getByRole('heading', { name: 'Who speaks' }).waitFor()
  const speakers = page.locator('.import__speakers')
  const [first, second] = await speakers.locator('th[scope=row]').evaluateAll((all) => all.map((th) => th.firstChild.textContent.trim()))
  await speakers.getByRole('combobox', { name: `Who ${first} is` }).click()
  await page.getByRole('option', { name: 'Karl' }).click()
  await preview(page).locator('.speaker', { hasText: 'Karl' }).first().waitFor()
  await speakers.getByRole('combobox', { name: `Who ${second} is` }).fill('Birgit')
  await page.getByRole('option', { name: 'Add “Birgit”' }).click()

  // For all: the language; what was said of one stays.
  await page.getByRole('group', { name: 'For all files' }).getByRole('combobox', { name: 'Kind' }).click()
  await page.getByRole('option', { name: 'Workshop' }).click()

  await importFiles(page, 2)
  await page.getByRole('button', { name: 'Choose 2 notes in the list' }).waitFor()
  const notes = (await api('GET', '/notes')).items
  const note = notes.find((n) => n.title === 'Blåbær på Ærø')
  const sites = (await api('GET', '/sites')).items
  assert.deepEqual([note.observedOn, note.siteId, note.kind], ['2024-05-03', sites.find((s) => s.name === 'Ærø').id, 'workshop'])
  assert.match((await api('GET', `/notes/${note.id}/text`)).text, /blåbær på Ærø/)
  const spoken = notes.find((n) => n.participantIds.length > 0)
  const people = (await api('GET', '/participants')).items
  assert.deepEqual(spoken.participantIds.toSorted(), [karl, people.find((p) => p.pseudonym === 'Birgit').id].sort())
  const labels = new Set((await api('GET', `/notes/${spoken.id}/text`)).blocks.flatMap((b) => b.speaker ?? []))
  assert.ok(labels.has('Karl') && labels.has('Birgit') && !labels.has(first), [...labels].join())

  // The rest goes, and nothing of it is kept.
  await page.getByRole('button', { name: 'Let go of 2 files' }).click()
  await page.getByText('2 files were let go. Nothing of them is kept.').waitFor()
  assert.deepEqual((await api('GET', '/uploads')).items, [])
  assert.equal(notes.length, 3)
  assert.deepEqual(faults, [])
  await close()
})

test('a recording goes on after a pause, a cut and a reload; cancelled files leave nothing', async () => {
  const { page, faults, api, close } = await newProject('Resumed')
  const wav = Buffer.concat([Buffer.from('RIFF\0\0\0\0WAVEfmt '), Buffer.alloc(24 * 1024 * 1024)])
  const folder = await mkdtemp(join(tmpdir(), 'feltbog-files-'))
  const file = join(folder, 'ulla.wav')
  await writeFile(file, wav)
  const choose = async (name) => {
    const choosing = page.waitForEvent('filechooser')
    await page.getByRole('main').getByRole('button', { name }).click()
    await (await choosing).setFiles(file)
  }
  const pieces = []
  let passes = 1
  await page.route('**/uploads/*', async (route) => {
    const request = route.request()
    if (request.method() !== 'PATCH') return route.continue()
    pieces.push(Number(request.headers()['upload-offset']))
    if (passes-- > 0) return route.continue()
    return route.abort('internetdisconnected')
  })
  await choose('Upload files')
  await page.getByText('The server can’t be reached. What is there stays').waitFor()
  assert.deepEqual(pieces, [0, 16 * 1024 * 1024])
  await page.getByRole('button', { name: 'Pause', exact: true }).click()
  await line(page, 'ulla.wav').getByText('Paused').waitFor()

  await page.reload()
  await line(page, 'ulla.wav').getByText('Stopped at 67%').waitFor()
  pieces.length = 0
  passes = 9
  await choose('Add files')
  await ready(page, 1)
  assert.deepEqual(pieces, [16 * 1024 * 1024], 'what was there isn’t sent again')
  assert.equal(await page.locator('.import__list li').count(), 1)
  const [upload] = (await api('GET', '/uploads')).items
  assert.equal(upload.received, wav.length)

  // What was chosen survives a reload too.
  await field(page, 'textbox', 'Title').fill('Samtale med Ulla')
  await page.reload()
  await ready(page, 1)
  assert.equal(await field(page, 'textbox', 'Title').inputValue(), 'Samtale med Ulla')
  await importFiles(page, 1)
  await page.getByRole('button', { name: 'Open the note' }).click()
  await page.getByRole('heading', { level: 1, name: 'Samtale med Ulla' }).waitFor()
  await page.locator('.page__head').getByText('To be transcribed').waitFor()
  const saving = page.waitForEvent('download')
  await page.getByRole('button', { name: 'ulla.wav' }).click()
  assert.deepEqual(await readFile(await (await saving).path()), wav)
  await page.getByRole('button', { name: 'It is transcribed' }).click()
  await page.locator('.page__waits').waitFor({ state: 'detached' })

  await toSources(page)
  await page.locator('.note-link').waitFor()
  await drop(page, [
    ['en.txt', 'Den første dag.'],
    ['to.txt', 'Den anden dag.'],
  ])
  await ready(page, 2)
  await page.getByRole('button', { name: 'Cancel' }).click()
  await page.getByText('2 files were let go. Nothing of them is kept.').waitFor()
  assert.deepEqual((await api('GET', '/uploads')).items, [])
  await page.keyboard.press('Control+z')
  await ready(page, 2) // they are at hand still
  await page.getByRole('button', { name: 'Cancel' }).click()
  await page.locator('.note-link').waitFor()
  assert.deepEqual(await titles(api), ['Samtale med Ulla'])
  assert.deepEqual(faults, [])
  await rm(folder, { recursive: true })
  await close()
})

test('a changed file is a new version of its note, a table is asked about, and a recording goes with its words', async () => {
  const { page, faults, api, close } = await newProject('Beside')
  await drop(page, [['Ulla.txt', 'Registrene bærer os.\n\nDet hele hviler på dem.']])
  await importFiles(page, 1)
  await page.getByRole('button', { name: 'Open the note' }).click()
  await page.locator('.blk__text').first().waitFor()
  const [{ id: note }] = (await api('GET', '/notes')).items
  await toSources(page)
  await page.locator('.note-link').waitFor()

  await drop(page, [
    ['Ulla.txt', 'Registrene bærer os.\n\nDet hele hviler på dem.\n\nI dag kom der flere.'],
    ['Ulla.wav', Buffer.concat([Buffer.from('RIFF\0\0\0\0WAVEfmt '), Buffer.alloc(400)])],
    ['noter.csv', 'titel;dato;tekst\nMøde på kajen;03/04/2024;Alle kom.\nMøde i kælderen;05/04/2024;Ingen kom.\n'],
  ])
  await ready(page, 3)
  await line(page, 'noter.csv').getByText('1 question to answer').waitFor()
  assert.equal(await line(page, 'noter.csv').getByRole('checkbox').isDisabled(), true)
  await line(page, 'Ulla.txt').getByRole('button', { name: /Ulla/ }).first().click()
  await page.getByRole('radio', { name: 'Make it the new version' }).check()
  await line(page, 'Ulla.wav').getByRole('button', { name: /Ulla/ }).first().click()
  assert.equal(await field(page, 'combobox', 'Belongs to').inputValue(), 'Ulla.txt')
  await line(page, 'noter.csv').getByRole('button', { name: /noter/ }).first().click()
  await page.getByRole('radio', { name: 'Day, month, year' }).check()
  await importFiles(page, 3)
  await line(page, 'noter.csv').getByText('2 notes').waitFor()
  await line(page, 'Ulla.txt').getByText('New version of its note').waitFor()
  await line(page, 'Ulla.wav').getByText('Kept with its note').waitFor()

  const notes = (await api('GET', '/notes')).items
  const ulla = notes.find((n) => n.id === note)
  assert.deepEqual([ulla.textVersion, ulla.attachments.map((f) => f.name)], [2, ['Ulla.wav']])
  assert.deepEqual(notes.map((n) => n.observedOn).sort(), ['', '2024-04-03', '2024-04-05'])
  assert.deepEqual(faults, [])
  await close()
})

test('a folder’s folders become sites, all with the keyboard', async () => {
  const { page, faults, api, close } = await newProject('Folders')
  const folder = await mkdtemp(join(tmpdir(), 'feltbog-files-'))
  for (const [site, name] of [['Havnsø', 'mandag.txt'], ['Sydby', 'tirsdag.txt'], ['Sydby', 'onsdag.txt']]) {
    await mkdir(join(folder, site), { recursive: true })
    await writeFile(join(folder, site, name), `Det var ${name.replace('.txt', '')} i ${site}.`)
  }
  const choosing = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Add a note' }).focus()
  await page.keyboard.press('Enter')
  const item = page.getByRole('menuitem', { name: 'Upload a folder' })
  await item.waitFor()
  while (!(await item.evaluate((i) => i === document.activeElement))) await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await (await choosing).setFiles(folder)
  await ready(page, 3)
  const focused = () => page.evaluate(() => document.activeElement?.textContent)
  assert.equal(await focused(), 'Import 3 files')
  const folders = page.getByRole('checkbox', { name: 'Folders become sites' })
  while (!(await folders.evaluate((box) => box === document.activeElement))) await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Space')
  while (!(await page.evaluate(() => document.activeElement?.dataset.part === 'box'))) await page.keyboard.press('Tab')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Space') // the second one stays out
  const [out] = await page.locator('.import__list li[aria-current]').getByRole('button').first().allInnerTexts()
  await page.keyboard.press('Control+Enter')
  await page.getByRole('button', { name: 'Choose 2 notes in the list' }).waitFor()
  const left = (await api('GET', '/uploads')).items
  assert.deepEqual(left.map((u) => out.includes(u.name)), [true])
  const sites = new Map((await api('GET', '/sites')).items.map((s) => [s.id, s.name]))
  for (const note of (await api('GET', '/notes')).items) {
    const text = (await api('GET', `/notes/${note.id}/text`)).text
    assert.ok(text.includes(sites.get(note.siteId)), `${text} in ${sites.get(note.siteId)}`)
  }
  assert.deepEqual(faults, [])
  await rm(folder, { recursive: true })
  await close()
})

test('axe finds nothing where files are looked at, light and dark; a phone shows one thing at a time, in Danish', async () => {
  const { page, close } = await feltbog.signIn()
  await openDemo(page)
  await page.locator('.note-link').first().waitFor()
  await drop(page, [
    ['episode.md', transcript],
    ['brev.docx', 'PK'],
  ])
  await ready(page, 1)
  await preview(page).locator('.blk').first().waitFor()
  await accessible(page, 'import')
  await page.emulateMedia({ colorScheme: 'dark' })
  await accessible(page, 'import, dark')
  const address = page.url()
  await close()

  const phone = await feltbog.signIn({ viewport: { width: 390, height: 844 }, locale: 'da-DK' })
  await phone.page.goto(address.replace(/\?.*/, ''))
  await ready(phone.page, 1)
  await fits(phone.page)
  assert.equal(await phone.page.locator('.import__file').count(), 0)
  await line(phone.page, 'episode.md').getByRole('button', { name: /episode/ }).first().click()
  await phone.page.getByRole('heading', { name: 'Hvem taler' }).waitFor()
  await fits(phone.page)
  await accessible(phone.page, 'import on a phone')
  await phone.page.getByRole('button', { name: 'Alle filer' }).click()
  await phone.page.getByRole('button', { name: 'Annullér' }).click()
  await phone.page.getByText('2 filer er sluppet. Intet af dem er gemt.').waitFor()
  await phone.close()
})
