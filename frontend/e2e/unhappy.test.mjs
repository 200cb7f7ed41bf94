// What goes wrong in a classroom: too much is pasted, or what isn't words; a note is gone; the time is over; a list
// of students isn't one. Everywhere a sentence says so, and what was written stays.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answering, button, classOf, field, onDevice, saved, until, work } from './classroom.mjs'
import { accessible, run } from './feltbog.mjs'

const feltbog = run()

const toast = (page, words) => page.locator('.toast', { hasText: words }).waitFor()

/** A paragraph, an item and a heading as Word puts them on the clipboard, with what Word never would. */
const fromWord = `<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta name=Generator content="Microsoft Word 15">
<style><!-- p.MsoNormal {margin:0cm;} --></style><!--[if gte mso 9]><xml><w:WordDocument/></xml><![endif]--></head><body lang=DA><!--StartFragment-->
<h2 style='mso-style-next:Normal'><b>Registret</b><o:p></o:p></h2>
<p class=MsoNormal><span style='font-family:"Calibri"'>Listen <b>overtog
alt</b> fra <i style='mso-bidi-font-style:normal'>telefonen</i>, <a href="https://example.org/plan">sagde planen</a>.</span><o:p>&nbsp;</o:p></p>
<p class=MsoListParagraphCxSpFirst style='mso-list:l0 level1 lfo1'><![if !supportLists]><span style='font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span></span><![endif]>Ingen så den</p>
<p class=MsoListParagraphCxSpLast style='mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>·<span>&nbsp;</span></span><![endif]>Alle <a href="javascript:hacked()">brugte</a> den</p>
<script>window.hacked = true</script><img src="https://example.org/pixel.png" onerror="window.hacked = true"><p class=MsoNormal>&nbsp;</p>
<!--EndFragment--></body></html>`

/** Pastes what another program put on the clipboard. */
const paste = (page, types) =>
  field(page).evaluate((area, all) => {
    const clipboardData = new DataTransfer()
    for (const [type, data] of Object.entries(all)) clipboardData.setData(type, data)
    area.focus()
    area.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
  }, types)

test('a megabyte that is pasted stays here with the reason, isn’t sent over and over, and can be cut down', async () => {
  const class1 = await classOf(feltbog, ['Nina'])
  const [nina] = class1.students
  const { page, faults, context, close } = await answering(class1, nina)
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: feltbog.address })
  await field(page).fill('One two three.')
  await saved(page)
  const sent = []
  page.on('request', (request) => request.method() === 'PUT' && sent.push(request.postData()?.length))
  await page.evaluate(() => navigator.clipboard.writeText(' register'.repeat(111_111)))
  await field(page).press('Control+End')
  await page.keyboard.press('Control+V')
  const band = page.getByRole('alert').filter({ hasText: 'This answer has 1,000,013 characters, and an answer may have 50,000.' })
  await band.waitFor()
  await band.getByText('kept on this device only').waitFor()
  await page.getByText('111114 of 3–40 words').waitFor()

  await button(page, 'Submit').click()
  await button(page, 'Submit as it is').click()
  await toast(page, 'Something you wrote can’t be saved as it is.')
  assert.equal((await work(nina, class1.exercise)).submission.handIn, 0)
  await onDevice(page, 'register register')
  await page.reload()
  await band.waitFor()
  assert.equal((await field(page).inputValue()).length, 1_000_013)
  assert.equal((await work(nina, class1.exercise)).answers[0].text, 'One two three.')
  assert.deepEqual(sent, [], 'nothing was sent that the server wouldn’t take')

  // Words that are let go come back; cut down, they are saved.
  await button(page, 'Let them go').click()
  await until(async () => (await field(page).inputValue()) === 'One two three.')
  await page.locator('.toast').getByRole('button').click()
  await until(async () => (await field(page).inputValue()).length === 1_000_013)
  await field(page).fill('a '.repeat(25_001))
  await page.getByText('This answer has 50,002 characters').waitFor()
  await accessible(page, 'an answer that is too long')
  await field(page).fill('One two three registers.')
  await saved(page)
  await page.getByRole('alert').waitFor({ state: 'detached' })
  await until(async () => (await work(nina, class1.exercise)).answers[0].text === 'One two three registers.')
  assert.deepEqual(faults, [])
  await close()
})

test('what is pasted from Word becomes light Markdown, of which nothing runs', async () => {
  const class1 = await classOf(feltbog, ['Otto'])
  const [otto] = class1.students
  const { page, faults, close } = await answering(class1, otto)
  const elsewhere = []
  page.on('request', (request) => !request.url().startsWith(feltbog.address) && elsewhere.push(request.url()))
  await paste(page, { 'text/html': fromWord, 'text/plain': 'Registret\r\nListen overtog alt' })
  const words =
    '## Registret\n\nListen **overtog alt** fra *telefonen*, [sagde planen](https://example.org/plan).\n\n- Ingen så den\n- Alle brugte den'
  assert.equal(await field(page).inputValue(), words)
  // The browser's own undo knows of it.
  await field(page).press('Control+Z')
  assert.equal(await field(page).inputValue(), '')
  await paste(page, { 'text/html': fromWord })
  await saved(page)
  await button(page, 'Preview').click()
  const read = page.getByRole('region', { name: 'Answer to prompt 1 as it is read' })
  assert.deepEqual(await read.getByRole('listitem').allInnerTexts(), ['Ingen så den', 'Alle brugte den'])
  assert.equal(await read.locator('strong').innerText(), 'overtog alt')
  await accessible(page, 'an answer as it is read')
  await button(page, 'Preview').click()

  // Markup that comes as plain words stays plain words.
  const markup = '<img src=x onerror="window.hacked = true"><script>window.hacked = true</script>'
  await field(page).fill(markup)
  await button(page, 'Preview').click()
  await read.getByText(markup).waitFor()
  assert.equal(await read.locator('img, script').count(), 0)
  assert.equal(await page.evaluate(() => window.hacked), undefined)
  await saved(page)
  assert.equal((await work(otto, class1.exercise)).answers[0].text, markup)
  // The browser tells of the picture's handler that it refused it.
  assert.deepEqual([...elsewhere, ...faults.filter((fault) => !fault.includes('inline event handler'))], [])
  await close()
})

test('words that are none of the note, and a note that is taken back while it is read, become no evidence, and cost no word', async () => {
  const class1 = await classOf(feltbog, ['Pia'])
  const { exercise, note, students } = class1
  const [pia] = students
  const { page, faults, close } = await answering(class1, pia)
  await field(page).fill('It says so here.')
  await page.getByRole('button', { name: new RegExp(note.title) }).click()
  await button(page, 'Mark block 2').click()
  await page.route('**/evidence', (route) => {
    const body = route.request().postDataJSON()
    return route.continue({ postData: { ...body, anchor: { ...body.anchor, quote: 'What nobody wrote' } } })
  })
  await button(page, 'Use these words').click()
  await toast(page, "The quote isn't what stands")
  assert.equal(await page.getByRole('figure').count(), 0)
  await page.unroute('**/evidence')

  const { items } = await feltbog.api('GET', `/exercises/${exercise.id}/releases`).catch(() => ({ items: [] }))
  const [copy] = items.length > 0 ? items : (await feltbog.api('GET', `/exercises/${exercise.id}/notes`)).items
  await feltbog.api('DELETE', `/exercises/${exercise.id}/releases/${copy.id}`)
  await button(page, 'Mark block 2').click()
  await button(page, 'Use these words').click()
  await toast(page, "This note isn't in the exercise, or not any more.")
  await page.getByText('There are no notes to read yet.').waitFor()
  assert.equal(await field(page).inputValue(), 'It says so here.')
  await saved(page)
  const [answer] = (await work(pia, exercise)).answers
  assert.deepEqual([answer.text, answer.evidence], ['It says so here.', []])

  // What is copied from a PDF brings signs that nobody sees.
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Nordby\u0002 Kommune')
  await saved(page)
  await until(async () => (await work(pia, exercise)).submission.organisation.name === 'Nordby Kommune')
  assert.deepEqual(faults, [])
  await close()
})

test('the server’s clock says when the time is over, also to a page that didn’t hear of it; late work is taken where it may be', async () => {
  const inHalfAnHour = new Date(Date.now() + 30 * 60_000).toISOString().slice(0, 16)
  const class1 = await classOf(feltbog, ['Rie'], { dueAt: inHalfAnHour, timeZone: 'UTC' })
  const [rie] = class1.students
  const { page, context, faults, close } = await answering(class1, rie)
  // A device whose clock is an hour ahead, and that hears nothing of what happens.
  await context.addInitScript(() => {
    const real = Date.now
    Date.now = () => real() + 3_600_000
  })
  await page.route('**/stream', (route) => route.abort())
  await page.reload()
  await field(page).fill('One two three.')
  await saved(page)
  await page.getByText(/in (29|30) minutes/).waitFor()
  assert.equal(await button(page, 'Submit').isEnabled(), true)

  const change = async (fields) => {
    const { version } = await feltbog.api('GET', `/exercises/${class1.exercise.id}`)
    await feltbog.api('PATCH', `/exercises/${class1.exercise.id}`, fields, { 'If-Match': `"${version}"` })
  }
  await change({ dueAt: new Date().toISOString().slice(0, 16) })
  await button(page, 'Submit').click()
  await button(page, 'Submit as it is').click()
  await toast(page, 'The due time has passed')
  await page.getByText('The time is over.').waitFor()
  assert.equal(await button(page, 'Submit').isDisabled(), true)
  assert.equal(await field(page).inputValue(), 'One two three.')
  // Writing goes on.
  await field(page).fill('One two three four.')
  await saved(page)
  assert.equal((await work(rie, class1.exercise)).answers[0].text, 'One two three four.')

  await change({ lateAllowed: true })
  await page.reload()
  await page.getByText('What you submit now is marked as late.').waitFor()
  await button(page, 'Submit').click()
  await button(page, 'Submit as it is').click()
  await page.getByText('Submitted late').first().waitFor()
  assert.deepEqual((await work(rie, class1.exercise)).handIns.map(({ late }) => late), [true])
  assert.deepEqual(faults, [])
  await close()
})

test('a list in other letters, of other things or of too many is told apart, and 5,000 come in at once', async () => {
  const { id } = await feltbog.api('POST', '/courses', { name: 'All of the year', term: 'Spring 2027', language: 'en' })
  const { page, faults, close } = await feltbog.signIn()
  await page.goto(`${feltbog.address}/courses/${id}/people`)
  await button(page, 'Add from a list').click()
  const choose = async (name, content) => {
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: /^Choose (a|another) file$/ }).click()])
    await chooser.setFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(content) })
  }
  const rows = (n, from = 0) => Array.from({ length: n }, (_, i) => `Student ${from + i},student${from + i}@example.org`)
  const told = page.getByRole('dialog').getByRole('alert')
  const cells = page.locator('.roster__rows tbody td')

  await choose('two.csv', 'Name,E-mail\nAsta Ny,asta@example.org\nNo address,\nAsta again,ASTA@example.org\nAsta Ny,asta@example.org')
  await page.getByText('1 is new. 2 stand in the list twice. 1 line needs a look, and isn’t added.').waitFor()
  // What isn't a list takes the place of the list before it.
  await choose('photo.csv', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, 0x49, 0x48, 0x44, 0x52])
  await told.filter({ hasText: "This file isn't a table." }).waitFor()
  assert.equal(await page.getByRole('button', { name: /^Add \d/ }).count(), 0)
  await choose('empty.csv', '')
  await told.filter({ hasText: 'This file is empty' }).waitFor()
  await choose('names.csv', 'Name\nAsta Ny\nBo Ny')
  await told.filter({ hasText: 'No column of this table holds e-mail addresses.' }).waitFor()
  await choose('book.xlsx', 'PK\u0003\u0004 and no workbook')
  await told.filter({ hasText: 'This file is damaged' }).waitFor()
  await choose('many.csv', rows(5001).join('\n'))
  await told.filter({ hasText: 'A roster may have 5000 rows, and this one has 5001. Divide it.' }).waitFor()
  await accessible(page, 'a list that is refused')

  // Letters as an old Mac writes them are read anew in those; those of a Windows are known by themselves.
  await choose('mac.csv', [...Buffer.from('Navn;E-mail\r\n'), 0x81, ...Buffer.from('se H'), 0xbf, ...Buffer.from('jg'), 0x8c, ...Buffer.from('rd;ase@example.org\r\n')])
  await cells.first().waitFor()
  await page.getByRole('combobox', { name: 'Letters of the file' }).click()
  await page.getByRole('option', { name: 'macintosh' }).click()
  await cells.getByText('Åse Højgård').waitFor()
  await choose('windows.csv', Buffer.from('\ufeffNavn\tE-mail\r\nÅse Højgård\tase@example.org\r\nSkæv\tskæv@\r\n', 'utf16le'))
  await page.getByText('1 is new. 1 line needs a look, and isn’t added.').waitFor()
  await cells.getByText('Åse Højgård').waitFor()
  await button(page, 'Add 1 person').click()
  await page.getByText('1 person is on the list now.').first().waitFor()

  // The next list is looked at beside the lines that were left.
  await choose('all.csv', rows(5000).join('\n'))
  await page.getByText('5000 are new.').waitFor()
  await page.getByText('And 4700 more lines.').waitFor()
  await button(page, 'Add 5000 people').click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  const { items } = await feltbog.api('GET', `/courses/${id}/members?role=student`)
  assert.equal(items.length, 5001)
  assert.equal(new Set(items.map(({ email }) => email)).size, 5001)
  assert.deepEqual(faults, [])
  await close()
})
