import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { accessible, fits, openDemo, run } from './feltbog.mjs'

const feltbog = run()

/** A tone of some seconds as a WAV file. */
function tone(seconds) {
  const rate = 8000
  const data = Buffer.alloc(44 + rate * seconds * 2)
  data.write('RIFF', 0)
  data.writeUInt32LE(data.length - 8, 4)
  data.write('WAVEfmt ', 8)
  data.writeUInt32LE(16, 16)
  data.writeUInt16LE(1, 20)
  data.writeUInt16LE(1, 22)
  data.writeUInt32LE(rate, 24)
  data.writeUInt32LE(rate * 2, 28)
  data.writeUInt16LE(2, 32)
  data.writeUInt16LE(16, 34)
  data.write('data', 36)
  data.writeUInt32LE(data.length - 44, 40)
  for (let i = 0; i < rate * seconds; i++) data.writeInt16LE(Math.round(2000 * Math.sin(i / 9)), 44 + 2 * i)
  return data
}

const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')

/** Attaches a file to a note, as a script would. */
async function attach(project, note, name, type, data) {
  const form = new FormData()
  form.append('files', new Blob([data], { type }), name)
  const answer = await fetch(`${feltbog.address}/api/v1/projects/${project}/notes/${note}/attachments`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${feltbog.token}` },
    body: form,
  })
  assert.equal(answer.status, 201, await answer.text())
}

/** The interview of the demo that has time codes. */
async function interview() {
  const { items: projects } = await feltbog.api('GET', '/projects')
  const project = projects.find((p) => p.demo).id
  const { items } = await feltbog.api('GET', `/projects/${project}/notes?kind=interview`)
  for (const note of items) {
    const { blocks } = await feltbog.api('GET', `/projects/${project}/notes/${note.id}/text`)
    if (blocks.some((b) => b.seconds > 0)) return { project, note, blocks }
  }
  assert.fail('the demo has no interview with time codes')
}

test('a recording is played from the time code of a turn, and shows which turn is heard', async () => {
  const { page, faults, close } = await feltbog.signIn()
  const { project, note, blocks } = await interview()
  const turns = blocks.filter((b) => b.seconds !== undefined)
  const last = turns.at(-1).seconds
  await attach(project, note.id, 'Samtale på Ærø.wav', 'audio/wav', tone(Math.ceil(last) + 20))
  await attach(project, note.id, 'Tavle.png', 'image/png', png)
  await openDemo(page)
  await page.locator('.note-link', { hasText: note.title }).click()
  const audio = page.locator('.recording audio')
  await audio.waitFor()
  await page.waitForFunction(() => document.querySelector('.recording audio').readyState > 0)
  const at = () => audio.evaluate((player) => player.currentTime)

  await page.locator('.speaker__time').last().click()
  await page.waitForFunction((from) => document.querySelector('.recording audio').currentTime >= from, last)
  assert.ok((await at()) < last + 10)
  await page.locator('.blk.is-heard .speaker__time').waitFor()
  const heard = await page.locator('.blk.is-heard .speaker__time').innerText()
  assert.equal(heard, await page.locator('.speaker__time').last().innerText())
  assert.ok((await audio.boundingBox()).y < 200, 'it stays in sight')
  await page.locator('.blk').last().focus()
  await page.keyboard.press('p')
  await page.waitForFunction(() => document.querySelector('.recording audio').paused)

  await page.getByRole('button', { name: 'Look at Tavle.png' }).click()
  await page.waitForFunction(() => document.querySelector('.files__shown img').naturalWidth === 1)
  await page.keyboard.press('Escape')
  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save Samtale på Ærø.wav' }).click(),
  ])
  assert.equal(saved.suggestedFilename(), 'Samtale på Ærø.wav')
  assert.equal((await readFile(await saved.path())).length, tone(Math.ceil(last) + 20).length)
  await accessible(page, 'a note with files')

  await page.getByRole('button', { name: 'Take Tavle.png from this note' }).click()
  await page.getByText('Took Tavle.png from the note').waitFor()
  await page.getByRole('button', { name: 'Look at Tavle.png' }).waitFor({ state: 'detached' })
  await page.getByRole('button', { name: /^Undo/ }).click()
  await page.getByRole('button', { name: 'Look at Tavle.png' }).waitFor()
  assert.deepEqual(faults, [])
  await close()
})

test('a recording is brought to its note from the note itself', async () => {
  const { page, faults, close } = await feltbog.signIn()
  const { project, note } = await interview()
  const before = (await feltbog.api('GET', `/projects/${project}/notes/${note.id}`)).attachments?.length ?? 0
  await page.goto(`${feltbog.address}/projects/${project}/notes/${note.id}`)
  await page.getByRole('button', { name: 'More about this note' }).click()
  const choosing = page.waitForEvent('filechooser')
  await page.getByRole('menuitem', { name: 'Add a recording or picture' }).click()
  await (await choosing).setFiles([{ name: 'Bandet 2.wav', mimeType: 'audio/wav', buffer: tone(3) }])
  await page.getByRole('combobox', { name: 'Belongs to' }).waitFor()
  assert.equal(await page.getByRole('combobox', { name: 'Belongs to' }).inputValue(), note.title)
  await page.getByRole('button', { name: /^Import/ }).click()
  await page.getByRole('link', { name: 'Open' }).first().click()
  await page.getByRole('button', { name: 'Save Bandet 2.wav' }).waitFor()
  const after = await feltbog.api('GET', `/projects/${project}/notes/${note.id}`)
  assert.equal(after.attachments.length, before + 1)
  assert.deepEqual(faults, [])
  await close()
})

test('a recording and its note fit a phone, in Danish and in the dark', async () => {
  const { page, close } = await feltbog.signIn({ viewport: { width: 390, height: 844 }, locale: 'da-DK', colorScheme: 'dark' })
  const { project, note } = await interview()
  await page.goto(`${feltbog.address}/projects/${project}/notes/${note.id}`)
  await page.locator('.recording audio').waitFor()
  await page.getByRole('button', { name: 'Gem Samtale på Ærø.wav' }).waitFor()
  await fits(page)
  await accessible(page, 'a note with files on a phone')
  await close()
})
