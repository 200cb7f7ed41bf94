import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { accessible, drop, fits, importFiles, openDemo, run } from './feltbog.mjs'

const feltbog = run()
const transcript = (name) => fileURLToPath(new URL(`../../testdata/transcripts/se-unlocked/${name}`, import.meta.url))
const transcripts = ['EP_51_MAStorey_Productivity.md', 'EP_53_Mauricio_Aniche.md', 'EP_60_Yehonathan_Sharvit.md']
const rows = '.sources__table [data-note]'

/** Signs in and goes to the sources of the demo, or of a new project where one is named. */
async function openSources(options = {}, project = undefined) {
  const signedIn = await feltbog.signIn(options)
  const { page } = signedIn
  if (project) {
    await page.getByLabel(/^(Name|Navn)$/).fill(project)
    await page.getByRole('button', { name: /^(Create project|Opret projekt)$/ }).click()
    await page.locator('.sources__empty').waitFor()
  } else {
    await openDemo(page)
    await page.locator('.note-link').first().waitFor()
  }
  return signedIn
}

const line = (page, name) => page.locator('.import__list li', { hasText: name })
const toSources = (page) => page.locator('.tabs').getByRole('link', { name: /^(Notes|Noter)$/ }).click()
const titles = (page) => page.locator(`${rows} .note-link`).allInnerTexts()
const count = (page, selector, wanted) =>
  page.waitForFunction(([s, n]) => document.querySelectorAll(s).length === n, [selector, wanted])

/** Asks the API as the page does, with a token of its own. */
async function ask(page, path) {
  return page.evaluate(async (at) => {
    const { accessToken } = await (await fetch('/api/v1/auth/refresh', { method: 'POST' })).json()
    return (await fetch(at, { headers: { Authorization: `Bearer ${accessToken}` } })).json()
  }, path)
}

const api = (page) => `/api/v1${new URL(page.url()).pathname.replace(/\/$/, '')}`

test('files come in by the picker and by drop; one that is refused says why, and none runs by its name', async () => {
  const { page, faults, close } = await openSources({}, 'Uploads')
  const choosing = page.waitForEvent('filechooser')
  await page.getByRole('main').getByRole('button', { name: 'Upload files' }).click()
  await (await choosing).setFiles(transcripts.map(transcript))
  await page.getByRole('group', { name: 'For all files' }).getByRole('combobox', { name: 'Kind' }).click()
  await page.getByRole('option', { name: 'Interview' }).click()
  await importFiles(page, 3)
  await page.getByRole('button', { name: 'Choose 3 notes in the list' }).click()
  await count(page, rows, 3)
  await page.getByText('3 notes chosen').waitFor()
  assert.deepEqual(await page.locator(`${rows} [data-column=kind]`).allInnerTexts(), ['Interview', 'Interview', 'Interview'])

  await drop(page, [
    ['<script>alert(1)<img src=x onerror=alert(2)>.txt', 'Registrene bærer os.'],
    ['tom.txt', ''],
    ['arkiv.txt', '\u0000\u0001\u0002\u0003PK'],
    ['brev.docx', 'PK'],
    ['igen.md', await readFile(transcript(transcripts[0]), 'utf8')],
  ])
  await count(page, '.import__list [data-state=refused]', 3)
  assert.match(await line(page, 'tom.txt').innerText(), /empty/)
  assert.match(await line(page, 'brev.docx').innerText(), /isn.t one/)
  await line(page, 'igen.md').getByText(/in the project already/).waitFor()
  await importFiles(page, 1)
  await line(page, '<script>').getByRole('link').waitFor()
  await toSources(page)
  await count(page, rows, 4)
  await page.getByRole('link', { name: '<script>' }).click()
  await page.getByRole('heading', { level: 1, name: '<script>alert(1)<img src=x onerror=alert(2)>' }).waitFor()
  assert.equal(await page.locator('.tray').isVisible(), true, 'the tray goes along')
  assert.deepEqual(faults, [])
  await close()
})

test('a server that goes away midway is told, and nothing is doubled when it is back', async () => {
  const { page, faults, close } = await openSources({}, 'Interrupted')
  const files = Array.from({ length: 7 }, (_, i) => [`dag ${i}.txt`, `Dag ${i} i registret.`])
  let first = true
  let gone
  await page.route('**/uploads', async (route) => {
    if (route.request().method() !== 'POST') return route.continue()
    if (!first) {
      await gone
      return route.continue()
    }
    first = false
    gone = route.fetch().then((answer) => {
      assert.equal(answer.status(), 201)
      return feltbog.end('SIGKILL') // the file is there, and nobody hears of it
    })
    await gone
    await route.abort()
  })
  await drop(page, files)
  await page.getByText('The server can’t be reached. What is there stays').waitFor()
  assert.equal(await page.locator('.import__list li').count(), 7)
  assert.equal(await page.evaluate(() => dispatchEvent(new Event('beforeunload', { cancelable: true }))), false, 'leaving is warned of')
  await page.locator('.import__foot').getByRole('button', { name: 'Try again' }).click() // in vain
  await page.getByText('The server can’t be reached. What is there stays').waitFor()
  await feltbog.serve()
  await page.unroute('**/uploads')
  await page.evaluate(() => dispatchEvent(new Event('online'))) // it may have tried again by itself
  await importFiles(page, 7)
  await page.getByRole('button', { name: 'Choose 7 notes in the list' }).waitFor()
  assert.equal(await page.locator('.import__list li').count(), 7)
  await toSources(page)
  await count(page, rows, 7)
  const { items } = await ask(page, `${api(page)}/notes`)
  assert.deepEqual(items.map((n) => n.title).sort(), files.map(([name]) => name.replace('.txt', '')))
  assert.equal(await page.evaluate(() => dispatchEvent(new Event('beforeunload', { cancelable: true }))), true)
  assert.deepEqual(faults, [])
  await close()
})

test('uploads wait while they are paused, and one that is taken out stays out', async () => {
  const { page, close } = await openSources({}, 'Paused')
  let open
  const held = new Promise((resolve) => {
    open = resolve
  })
  await page.route('**/uploads', (route) =>
    route.request().method() === 'POST' ? held.then(() => route.continue().catch(() => undefined)) : route.continue(),
  )
  await drop(page, [
    ['en.txt', 'Den første dag.'],
    ['to.txt', 'Den anden dag.'],
  ])
  await page.getByText('Uploading').nth(1).waitFor()
  await toSources(page)
  const tray = page.locator('.tray')
  await tray.getByRole('button', { name: 'Pause', exact: true }).click()
  await tray.getByRole('button', { name: 'Unfold' }).click()
  await tray.locator('li', { hasText: 'Paused' }).nth(1).waitFor()
  open()
  await page.getByRole('button', { name: 'Take to.txt out' }).click()
  await page.getByRole('button', { name: 'Go on' }).click()
  await tray.getByRole('link', { name: 'Look at 1 file' }).click()
  await importFiles(page, 1)
  await page.getByRole('button', { name: 'Open the note' }).waitFor()
  await toSources(page)
  await count(page, rows, 1)
  assert.deepEqual(await titles(page), ['en'])
  await close()
})

test('the list is sorted, filtered and grouped by its address, and going back undoes it', async () => {
  const { page, faults, close } = await openSources()
  const before = await titles(page)
  await page.getByRole('button', { name: 'Title' }).click()
  await page.waitForURL(/sort=title/)
  await page.getByRole('combobox', { name: 'Group by' }).click()
  await page.getByRole('option', { name: 'No groups' }).click()
  await page.waitForURL(/group=none/)
  const collator = new Intl.Collator('en', { numeric: true })
  await page.waitForFunction(() => !document.querySelector('.sources__group'))
  assert.deepEqual(await titles(page), before.toSorted(collator.compare))
  assert.equal(await page.locator('th[data-column=title][aria-sort]').getAttribute('aria-sort'), 'ascending')
  await page.getByRole('combobox', { name: 'Kind', exact: true }).click()
  await page.getByRole('option', { name: 'Interview' }).click()
  await page.waitForURL(/kind=interview/)
  await page.waitForFunction((n) => document.querySelectorAll('.sources__table [data-note]').length < n, before.length)
  for (const kind of await page.locator(`${rows} [data-column=kind]`).allInnerTexts()) assert.equal(kind, 'Interview')
  await page.reload()
  await page.locator(rows).first().waitFor()
  const filtered = await titles(page)
  await page.getByRole('searchbox', { name: 'Words in the title' }).fill('no note has this')
  await page.getByText('No note is like that').waitFor()
  await page.getByRole('button', { name: 'Show all notes' }).click()
  await count(page, rows, before.length)
  await page.goBack()
  await page.getByRole('searchbox', { name: 'Words in the title' }).fill('')
  await count(page, rows, filtered.length)
  await page.goBack()
  await count(page, rows, before.length)
  await page.goBack()
  await page.goBack()
  await page.locator('.sources__group').first().waitFor()
  assert.deepEqual(await titles(page), before)
  assert.deepEqual(faults, [])
  await close()
})

test('many notes are changed at once with the keyboard, undone, and what is refused is named', async () => {
  const { page, faults, close } = await openSources()
  const phases = async () => (await ask(page, `${api(page)}/notes?limit=1000`)).items.map((n) => `${n.id} ${n.phase}`).sort()
  const before = await phases()
  const all = (await titles(page)).length
  await page.locator('input[data-row]').nth(1).focus()
  await page.keyboard.press('Space')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Shift+Space')
  await page.getByText('3 notes chosen').waitFor()
  await page.keyboard.press('Control+a')
  await page.getByText(`${all} notes chosen`).waitFor()
  await page.keyboard.press('Escape')
  await count(page, '.batch', 0)
  await page.locator('input[data-row]').nth(0).click()
  await page.locator('input[data-row]').nth(3).click({ modifiers: ['Shift'] })
  await page.getByText('4 notes chosen').waitFor()

  // One of the four is changed by somebody else, as far as the server can tell.
  let stale
  await page.route('**/notes/*', (route, request) => {
    if (request.method() !== 'PATCH' || (stale && stale !== request.url())) return route.continue()
    stale = request.url()
    return route.continue({ headers: { ...request.headers(), 'if-match': '"999"' } })
  })
  await page.getByRole('button', { name: 'Change', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Phase' }).click()
  await page.getByRole('textbox', { name: 'Phase' }).fill('Efter go-live')
  await page.keyboard.press('Enter')
  await page.getByText('3 notes changed').waitFor()
  assert.match(await page.locator('.batch__refused').innerText(), /1 note stayed as it was:[\s\S]*Somebody changed this/)
  assert.equal((await phases()).filter((p) => p.endsWith('Efter go-live')).length, 3)
  await page.unroute('**/notes/*')
  await page.keyboard.press('Control+z')
  await page.getByText('3 notes are as they were').waitFor()
  assert.deepEqual(await phases(), before)

  await page.getByRole('button', { name: 'Delete', exact: true }).click()
  await page.getByText('4 notes are in the bin').waitFor()
  await count(page, rows, all - 4)
  await page.getByRole('status').getByRole('button', { name: 'Undo' }).click()
  await page.getByText('4 notes are back').waitFor()
  await count(page, rows, all)
  assert.deepEqual(faults, [])
  await close()
})

test('the meters follow the coding', async () => {
  const { page, close } = await openSources({}, 'Progress')
  await drop(page, [['dag.txt', 'Registrene bærer os.\n\nOm to år styrer data det hele.']])
  await importFiles(page, 1)
  await page.getByRole('button', { name: 'Open the note' }).waitFor()
  await toSources(page)
  await page.locator(`${rows} .meter[aria-label="0 of 2 blocks coded"]`).waitFor()
  await page.locator('.note-link').click()
  await page.locator('.blk').first().waitFor()
  await page.locator('.pal').first().waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('3')
  await page.locator('.cod').first().waitFor()
  await page.locator('.rail .meter[aria-label="1 of 2 blocks coded"]').waitFor()
  await page.goBack()
  await page.locator(`${rows} .meter[aria-label="1 of 2 blocks coded"]`).waitFor()
  assert.equal(await page.locator(`${rows} [data-column=codings]`).innerText(), '1')
  await close()
})

test('an export opens as what the list holds', async () => {
  const { page, close } = await openSources()
  await page.getByRole('button', { name: 'Export' }).click()
  const saving = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Save the file' }).click()
  const saved = await saving
  assert.match(saved.suggestedFilename(), / notes \d{4}-\d\d-\d\d\.csv$/)
  const csv = await readFile(await saved.path(), 'utf8')
  assert.deepEqual(records(csv).map((r) => r[0]).sort(), (await titles(page)).sort())

  await page.getByRole('button', { name: 'Export' }).click()
  await page.getByRole('radio', { name: /^Codings/ }).check()
  await page.getByRole('dialog').getByRole('combobox', { name: 'Code', exact: true }).click()
  const code = await page.getByRole('option').first().innerText()
  await page.getByRole('option').first().click()
  const second = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Save the file' }).click()
  const codings = records(await readFile(await (await second).path(), 'utf8'))
  assert.ok(codings.length > 0 && codings.every((r) => r[6].includes(code)), `${codings.length} codings, not all of ${code}`)
  await close()
})

/** The rows of a CSV under its headings. */
function records(csv) {
  const found = csv.replace(/^\uFEFF/, '').matchAll(/(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r\n)/g)
  const all = [[]]
  for (const [, quoted, plain, end] of found) {
    all.at(-1).push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    if (end !== ',') all.push([])
  }
  return all.slice(1, -1)
}

test('sites and participants are made, nested, changed and taken back from the bin', async () => {
  const { page, faults, close } = await openSources({}, 'People')
  await page.getByRole('link', { name: 'Sites and participants' }).click()
  for (const name of ['Havnsø Kommune', 'Borgerservice']) {
    await page.getByRole('button', { name: 'Add a site' }).click()
    await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill(name)
    if (name === 'Borgerservice') {
      await page.getByRole('combobox', { name: 'Lies in' }).click()
      await page.getByRole('option', { name: 'Havnsø Kommune' }).click()
    }
    await page.getByRole('button', { name: 'Save' }).click()
    await page.locator('.observed__list b', { hasText: name }).waitFor()
  }
  await page.getByRole('button', { name: 'Delete Havnsø Kommune' }).click()
  await page.getByText('other sites within it').waitFor()
  await page.getByRole('button', { name: 'Add a participant' }).click()
  await page.getByRole('textbox', { name: 'Pseudonym' }).fill('Karen')
  await page.getByRole('textbox', { name: 'Role' }).fill('sagsbehandler')
  await page.keyboard.press('Enter')
  await page.getByText('sagsbehandler').waitFor()
  await page.getByRole('button', { name: 'Delete Karen' }).click()
  await page.getByText('Karen is in the bin').waitFor()
  await count(page, '.observed__list b', 2)
  await page.keyboard.press('Control+z')
  await page.getByText('Karen is back').waitFor()
  await page.getByRole('button', { name: 'Change Karen' }).click()
  await page.getByRole('textbox', { name: 'Role' }).fill('leder')
  await page.keyboard.press('Enter')
  await page.getByText('leder').waitFor()
  assert.deepEqual(faults, [])
  await close()
})

for (const colorScheme of ['light', 'dark']) {
  test(`axe finds nothing among the sources, ${colorScheme}`, async () => {
    const { page, close } = await openSources({ colorScheme })
    await accessible(page, 'sources')
    await page.locator('input[data-row]').first().check()
    await page.getByRole('button', { name: 'More filters' }).click()
    await page.getByRole('button', { name: 'Change', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Add participants' }).click()
    await page.getByRole('dialog').waitFor()
    await accessible(page, 'change of many')
    await page.keyboard.press('Escape')
    await count(page, '[role=dialog]', 0)
    await accessible(page, 'chosen sources')
    await page.getByRole('button', { name: 'Export' }).click()
    await page.getByRole('radio', { name: /^Codings/ }).check()
    await accessible(page, 'export')
    await page.keyboard.press('Escape')
    await count(page, '[role=dialog]', 0)
    await drop(page, [['tom.txt', '']])
    await count(page, '.import__list [data-state=refused]', 1)
    await accessible(page, 'import')
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('link', { name: 'Sites and participants' }).click()
    await page.locator('.observed__list li').first().waitFor()
    await accessible(page, 'people')
    await close()
  })
}

test('a phone lists the sources, without sideways scrolling, in Danish', async () => {
  const { page, close } = await openSources({ viewport: { width: 390, height: 844 }, locale: 'da-DK' })
  await page.getByRole('heading', { name: 'Kilder' }).waitFor()
  assert.equal(await page.locator('.sources__table').count(), 0)
  await fits(page)
  await page.locator('.sources__list input[data-row]').first().check()
  await page.getByText('1 note valgt').waitFor()
  await page.getByRole('button', { name: 'Flere filtre' }).click()
  await fits(page)
  await drop(page, [['tom.txt', '']])
  await count(page, '.import__list [data-state=refused]', 1)
  await fits(page)
  await toSources(page)
  await page.getByRole('link', { name: 'Steder og deltagere' }).click()
  await page.locator('.observed__list li').first().waitFor()
  await fits(page)
  await close()
})
