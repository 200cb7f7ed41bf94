// One person's day with Feltbog, from an account to a table on the disk, in one window.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { accessible, importFiles, run } from './feltbog.mjs'

process.env.FELTBOG_SIGN_UP = 'open' // anybody may make an account here
const feltbog = run()
const transcripts = [
  'EP_51_MAStorey_Productivity.md',
  'EP_53_Mauricio_Aniche.md',
  'EP_60_Yehonathan_Sharvit.md',
].map((name) => fileURLToPath(new URL(`../../testdata/transcripts/se-unlocked/${name}`, import.meta.url)))

const chosen = (page) => page.locator('.cod[aria-pressed=true]')
const saved = (page) => page.locator('.tools__state', { hasText: 'All changes saved' }).waitFor()
const cards = (page, wanted) =>
  page.waitForFunction((n) => document.querySelectorAll('.cod').length === n, wanted)
const tab = (page, name) => page.locator('.tabs').getByRole('link', { name, exact: true }).click()

test('a researcher’s whole day', async () => {
  const context = await feltbog.browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    reducedMotion: 'reduce',
    serviceWorkers: 'allow',
  })
  await context.addInitScript(() => delete window.showSaveFilePicker)
  const page = await context.newPage()
  const faults = []
  page.on('pageerror', (error) => faults.push(error.stack))

  // An account and a project.
  await page.goto(feltbog.address)
  await page.locator('form button').last().click()
  await page.locator('[name=name]').fill('Karen Blixt')
  await page.locator('[name=email]').fill('karen@example.org')
  await page.locator('[name=password]').fill('nine herons over the fjord')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Projects' }).waitFor()
  await page.getByLabel('Name').fill('Engineers and their data')
  await page.evaluate(() => navigator.serviceWorker.ready)
  await page.getByRole('button', { name: 'Create project' }).click()
  await page.locator('.sources__empty').waitFor()

  // Four transcripts: three from a folder, and one that was typed on a train.
  const choosing = page.waitForEvent('filechooser')
  await page.getByRole('main').getByRole('button', { name: 'Upload files' }).click()
  const typed = {
    name: 'Interview på Ærø.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from(
      'Birgit: Registrene er fundamentet. Uden dem står vi ikke.\n\nKarl: Vi har haft registre siden 1968.\n\nBirgit: Nu kommer registerdata af sig selv.\n',
    ),
  }
  const read = await Promise.all(
    transcripts.map(async (path) => ({ name: path.split('/').at(-1), mimeType: 'text/markdown', buffer: await readFile(path) })),
  )
  await (await choosing).setFiles([...read, typed])
  await importFiles(page, 4)
  await page.getByRole('button', { name: 'Choose 4 notes in the list' }).click()
  await page.locator('.note-link').nth(3).waitFor()
  assert.equal(await page.locator('.note-link').count(), 4)

  // A meeting, written in the app.
  await tab(page, 'Write')
  await page.locator('.drafts button').first().click()
  await page.getByRole('textbox', { name: 'Title' }).fill('Datastyregruppen, 1. møde')
  await page.getByRole('combobox', { name: 'Kind' }).click()
  await page.getByRole('option', { name: 'Meeting observation' }).click()
  const people = page.getByRole('combobox', { name: 'Participants' })
  await people.fill('Birgit')
  await page.getByRole('option', { name: 'Add “Birgit”' }).click()
  await page
    .getByRole('textbox', { name: 'What you observed' })
    .fill('The registers are the ground, says Birgit.\n\nNobody objects to the registrs.\n\nJonas has a spreadsheet of errors.')
  await page.getByText('All changes saved').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Save note' }).click()
  await page.getByRole('heading', { name: 'Datastyregruppen, 1. møde' }).waitFor()
  const note = page.url()

  // Coding: blocks by keyboard, words by mouse, one over the other; one taken back.
  await page.locator('.blk__text').first().waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('1')
  await cards(page, 1)
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await page.keyboard.type('problem')
  await page.keyboard.press('Enter')
  await cards(page, 2)
  const words = await page.locator('.blk__text [data-start]').first().boundingBox()
  await page.mouse.move(words.x + 2, words.y + 12)
  await page.mouse.down()
  await page.mouse.move(words.x + 120, words.y + 12, { steps: 5 })
  await page.mouse.up()
  await page.keyboard.press('5')
  await cards(page, 3)
  await page.keyboard.press('Control+z')
  await cards(page, 2)
  await page.keyboard.press('Control+Shift+z')
  await cards(page, 3)
  await saved(page)

  // Two codes become one.
  await tab(page, 'Codebook')
  await page.getByRole('treeitem', { name: /Data as old news/ }).click()
  await page.getByRole('button', { name: 'More for Data as old news' }).click()
  await page.getByRole('menuitem', { name: 'Merge into another' }).click()
  await page.getByRole('dialog').getByLabel('Into').selectOption({ label: 'Data as future' })
  await page.getByRole('button', { name: 'Merge', exact: true }).click()
  await page.getByRole('treeitem', { name: /Data as old news/ }).waitFor({ state: 'detached' })

  // A search with a slip of the pen, and a code on all that it finds.
  await page.keyboard.press('/')
  await page.getByRole('searchbox').fill('regsiters')
  await page.getByText('Near spelling').first().waitFor()
  await page.getByRole('searchbox').fill('registers')
  await page.locator('.found li', { hasText: 'says Birgit' }).waitFor()
  await page.getByRole('button', { name: 'Code all hits' }).click()
  await page.waitForFunction(() => document.activeElement?.matches('.allpanel input, .allpanel [role=combobox]'))
  await page.keyboard.type('connector')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: /^Put code on/ }).click()
  await page.getByRole('status').getByText(/^Put Data as connector on/).waitFor()

  // The text is edited; the coding that loses its words waits, and finds a place.
  await page.goto(note)
  await cards(page, 4)
  await page.getByRole('button', { name: 'More about this note' }).click()
  await page.getByRole('menuitem', { name: 'Change' }).click()
  const text = page.getByRole('textbox', { name: 'What you observed' })
  await text.fill((await text.inputValue()).replace('Jonas has a spreadsheet of errors.', 'Somebody keeps a list.'))
  await page.getByRole('button', { name: 'Save note' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Save note' }).click()
  await page.getByText('The words of 1 coding are gone from the text').waitFor()
  await page.getByRole('link', { name: 'Look at them' }).click()
  await page.locator('.review__one', { hasText: 'spreadsheet' }).click()
  await page.getByText('These words were edited away').waitFor()
  await page.keyboard.press('v')
  await page.keyboard.press('ArrowRight')
  await page.getByRole('button', { name: 'Put it on the selected words' }).click()
  await page.getByText('has its place again').waitFor()
  await saved(page)

  // On the train, without a network, and back.
  await context.setOffline(true)
  await page.locator('.blk').nth(1).evaluate((b) => b.querySelector('.blk__text').click())
  await page.keyboard.press('6')
  await page.getByRole('button', { name: 'No network. Kept on this device, 1 change' }).waitFor()
  await context.setOffline(false)
  await page.locator('.kept').waitFor({ state: 'detached' })
  await page.reload()
  await cards(page, 5)
  await accessible(page, 'the coded note')

  // Everything as a table.
  await tab(page, 'Notes')
  await page.getByRole('button', { name: 'Export' }).click()
  await page.getByRole('radio', { name: /^Codings/ }).check()
  const saving = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Save the file' }).click()
  const table = await readFile(await (await saving).path(), 'utf8')
  assert.match(table, /Datastyregruppen, 1\. møde/)
  assert.match(table, /Karen Blixt/)
  assert.doesNotMatch(table, /Data as old news/)
  assert.deepEqual(faults, [])
  await context.close()
})
