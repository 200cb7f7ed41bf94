import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accessible, fits, openDemo, openNote, run } from './feltbog.mjs'

const feltbog = run()

/** Asks the API as a script does that has a token. */
const ask = async (token, path) => {
  const answer = await fetch(`${feltbog.address}/api/v1${path}`, { headers: { Authorization: `Bearer ${token}` } })
  return { status: answer.status, body: await answer.json() }
}

const tokens = (page) => page.locator('section[aria-labelledby=tokens]')

test('a token for a script is made, copied once, used and ended', async () => {
  const { page, faults, close } = await feltbog.signIn({ permissions: ['clipboard-read', 'clipboard-write'] })
  const { id: other } = await feltbog.api('POST', '/projects', { name: 'Nothing for scripts' })
  await page.goto(`${feltbog.address}/settings`)
  const part = tokens(page)
  await part.getByText('You have no tokens').waitFor()
  await part.getByRole('button', { name: 'Make a token' }).click()
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('name')), 'name')
  await page.keyboard.type('Figures in R')
  await part.getByText('Read and write', { exact: true }).click()
  await part.getByText('in your name and as your role allows').waitFor()
  await part.getByRole('combobox', { name: 'Projects' }).click()
  await page.getByRole('option', { name: /an invented study/ }).click()
  await page.keyboard.press('Escape')
  await part.getByRole('combobox', { name: 'Good for' }).click()
  await page.getByRole('option', { name: '30 days' }).click()
  await accessible(page, 'a token being made')
  await part.getByRole('button', { name: 'Make the token' }).click()

  await part.getByLabel('Your new token').waitFor()
  const secret = await part.getByLabel('Your new token').inputValue()
  assert.match(secret, /^fb_[\w-]{43}$/)
  await page.keyboard.press('Enter') // the focus is on what copies it
  await part.getByText('Copied').waitFor()
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), secret)
  await accessible(page, 'the secret of a token')
  await part.getByRole('button', { name: 'Done' }).click()
  await part.getByLabel('Your new token').waitFor({ state: 'detached' })
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Make a token')

  const one = part.locator('li', { hasText: 'Figures in R' })
  await one.getByText('Read and write · ').waitFor()
  assert.match(await one.textContent(), new RegExp(`…${secret.slice(-4)}.*an invented study.*not used yet`))
  const projects = await ask(secret, '/projects')
  assert.equal(projects.status, 200)
  assert.equal(projects.body.items.length, 1)
  assert.equal((await ask(secret, `/projects/${other}`)).status, 404)
  await page.reload()
  await one.getByText(/used now/).waitFor()
  assert.equal(await page.getByText(secret).count(), 0)
  await page.getByLabel('End my tokens for scripts too').waitFor() // with a new password

  await one.getByRole('button', { name: 'End Figures in R' }).click()
  await page.getByText('Figures in R has ended').waitFor()
  await part.getByText('You have no tokens').waitFor()
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Make a token')
  const gone = await ask(secret, '/projects')
  assert.deepEqual([gone.status, gone.body.code], [401, 'personal_token_invalid'])
  assert.deepEqual(faults, [])
  await close()
})

test('tokens fit a telephone, in the dark and in Danish', async () => {
  const expiresAt = new Date(Date.now() + 86_400_000).toISOString()
  await feltbog.api('POST', '/me/tokens', { name: 'Et meget langt navn til et script, der tegner figurer', scope: 'read', expiresAt })
  const { page, faults, close } = await feltbog.signIn({ viewport: { width: 390, height: 844 }, colorScheme: 'dark', locale: 'da-DK' })
  await page.goto(`${feltbog.address}/settings`)
  const part = tokens(page)
  await part.getByText('Læse · Alle dine projekter').waitFor()
  await part.getByRole('button', { name: 'Lav et token' }).click()
  await part.getByLabel('Hvad det skal bruges til').fill('Tabeller')
  await fits(page)
  await accessible(page, 'a token being made, in the dark')
  await part.getByRole('button', { name: 'Lav tokenet' }).click()
  await part.getByText('Det vises kun denne ene gang').waitFor()
  await fits(page)
  await accessible(page, 'the secret of a token, in the dark')
  const low = await part.locator('button').evaluateAll((all) => all.filter((b) => b.getBoundingClientRect().height < 24).length)
  assert.equal(low, 0)
  assert.deepEqual(faults, [])
  await close()
})

test('whose something is stays told after they left, as the project says', async () => {
  const { page, faults, close } = await feltbog.signIn()
  const study = (await feltbog.api('GET', '/projects')).items.find((p) => p.demo)
  const at = `/projects/${study.id}`
  const members = (await feltbog.api('GET', `${at}/members`)).items
  const { items: notes } = await feltbog.api('GET', `${at}/notes?limit=1000`)
  const note = notes.find((n) => n.title.includes('Thursdays'))
  const { items: codings } = await feltbog.api('GET', `${at}/notes/${note.id}/codings`)
  const leaver = members.find((m) => m.role !== 'owner' && codings.some((c) => c.coderId === m.userId))
  assert.ok(leaver, 'a coder of the note can leave')
  const place = members.toSorted((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt) || a.id.localeCompare(b.id)).indexOf(leaver) + 1
  const pseudonym = `Coder ${place}`

  await openNote(page)
  const theirs = codings.filter((c) => c.coderId === leaver.userId)
  const initials = (name) => page.locator('.cod .who', { hasText: new RegExp(`^${name}$`) })
  const short = leaver.name.split(/\s+/).filter(Boolean).map((w) => w[0]).filter((_, i, all) => i === 0 || i === all.length - 1).join('')
  await initials(short).first().waitFor()
  await feltbog.api('DELETE', `${at}/members/${leaver.userId}`)
  await page.reload()
  await initials(short).first().waitFor() // by name, as the project says at first
  const { version } = await feltbog.api('GET', at)
  await feltbog.api('PATCH', at, { departedCoders: 'pseudonym' }, { 'If-Match': `"${version}"` })
  await initials(`C${place}`).first().waitFor() // while the note is open
  assert.equal(await initials(short).count(), 0)
  assert.ok(theirs.length > 0)

  await page.goto(`${feltbog.address}${at}/search?q=registers`)
  await page.getByText(pseudonym).first().waitFor()
  await page.goto(`${feltbog.address}${at}/history`)
  await page.getByText(pseudonym).first().waitFor()
  assert.equal(await page.getByText(leaver.name).count(), 0)
  await page.getByText('how those who left are called').waitFor()
  await page.goto(feltbog.address)
  await openDemo(page)
  assert.deepEqual(faults, [])
  await close()
})
