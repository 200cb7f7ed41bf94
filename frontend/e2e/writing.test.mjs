import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accessible, fits, openDemo, run } from './feltbog.mjs'

const feltbog = run()
let token
let project

/** Asks the API as the administrator. */
async function ask(path, options = {}) {
  const response = await fetch(`${feltbog.address}/api/v1${path}`, {
    ...options,
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', ...options.headers },
    ...(options.body && { body: JSON.stringify(options.body) }),
  })
  return response.status === 204 ? undefined : response.json()
}

async function signInOverAPI() {
  token = (await ask('/auth/sign-in', { method: 'POST', body: { email: feltbog.email, password: feltbog.secret } })).accessToken
}

/** A window in which the administrator is signed in, who asks the API too. */
async function enter(options) {
  if (!token) await signInOverAPI()
  project ??= (await ask('/projects')).items.find((p) => p.demo).id
  return feltbog.signIn(options)
}

const notes = async (title) => (await ask(`/projects/${project}/notes?limit=1000`)).items.filter((n) => n.title === title)
const text = async (note) => (await ask(`/projects/${project}/notes/${note}/text`)).text
const drafts = async () => (await ask(`/projects/${project}/drafts`)).items

/** Removes what was begun, so that the next test finds none. */
async function clear() {
  for (const d of await drafts()) await ask(`/projects/${project}/drafts/${d.id}`, { method: 'DELETE' })
}

/** Waits until something holds. */
async function until(holds) {
  for (const end = Date.now() + 20_000; ; ) {
    const got = await holds()
    if (got) return got
    assert.ok(Date.now() < end, `it never was so: ${holds}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

const words = (page) => page.getByRole('textbox', { name: 'What you observed' })
const title = (page) => page.getByRole('textbox', { name: 'Title' })
const saved = (page) => page.getByText('All changes saved').waitFor()
const kept = (page) => page.locator('.status').getByText('Kept on this device').waitFor()

/** A window in which a note is begun, with the service worker at work. */
async function begin(options) {
  const window = await enter({ serviceWorkers: 'allow', ...options })
  const { page } = window
  if (options?.serviceWorkers !== 'block') await page.evaluate(() => navigator.serviceWorker.ready)
  await openDemo(page)
  await page.locator('.tabs a[href$="/write"]').click()
  await page.locator('.drafts button').first().click()
  await page.locator('textarea.words').waitFor()
  return window
}

/** Waits until the device holds a draft with these words. */
const onDevice = (page, wanted) =>
  page.waitForFunction(async (text) => {
    const done = (request) => new Promise((resolve) => (request.onsuccess = () => resolve(request.result)))
    const db = await done(indexedDB.open('feltbog'))
    const drafts = await done(db.transaction('drafts').objectStore('drafts').getAll())
    db.close()
    return JSON.stringify(drafts).includes(text)
  }, wanted)

test('a meeting is written with a site and people made on the spot; a reload in the middle keeps it', async () => {
  const { page, faults, close } = await begin()
  const name = '<script>alert(1)</script> Leverandørmøde'
  await title(page).fill(name)
  await page.getByRole('combobox', { name: 'Kind' }).click()
  await page.getByRole('option', { name: 'Meeting observation' }).click()
  await page.getByRole('combobox', { name: 'Site' }).fill('Havnens Hus')
  await page.getByRole('option', { name: 'Make the site “Havnens Hus”' }).click()
  await page.getByLabel('Observed on').fill('2024-04-11')
  await page.getByLabel('From').fill('13:00')
  await page.getByLabel('To', { exact: true }).fill('14:20')
  const people = page.getByRole('combobox', { name: 'Participants' })
  for (const pseudonym of ['Birgit 2', 'Supplier 9']) {
    await people.fill(pseudonym)
    await page.getByRole('option', { name: `Add “${pseudonym}”` }).click()
  }
  await page.getByLabel('Purpose of the meeting').fill('To see the board')
  await page.getByLabel('Agenda').fill('Demonstration\n\nNext steps')
  // As it comes out of a word processor: a no-break space, a thin space, curly quotes, a dash.
  const quote = 'He said: “Those are\u00a0the ones\u2009without data” – and ‘smiled’…'
  await words(page).fill(quote)
  await saved(page)
  await words(page).press('End')
  await page.keyboard.type(' Half a sent')
  await page.locator('.status').getByText('Saving').waitFor()
  await onDevice(page, 'Half a sent') // some milliseconds after the key
  await page.reload()
  assert.equal(await words(page).inputValue(), `${quote} Half a sent`)
  assert.equal(await title(page).inputValue(), name)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Save note' }).click()
  await page.getByRole('heading', { name }).waitFor()
  const [note, ...more] = await notes(name)
  assert.equal(more.length, 0)
  assert.equal(await text(note.id), `${quote} Half a sent`)
  assert.equal(note.kind, 'meetingObservation')
  assert.deepEqual([note.observedOn, note.startsAt, note.endsAt], ['2024-04-11', '13:00', '14:20'])
  assert.deepEqual(note.meeting, { purpose: 'To see the board', agenda: ['Demonstration', 'Next steps'] })
  const sites = (await ask(`/projects/${project}/sites?limit=1000`)).items
  assert.equal(sites.find((s) => s.id === note.siteId).name, 'Havnens Hus')
  const participants = (await ask(`/projects/${project}/participants?limit=1000`)).items
  assert.deepEqual(
    note.participantIds.map((id) => participants.find((p) => p.id === id).pseudonym),
    ['Birgit 2', 'Supplier 9'],
  )
  assert.equal((await drafts()).length, 0)
  assert.deepEqual(faults, [])
  await close()
})

test('without a network a note is written, saved and found after a reload, and then sent once', async () => {
  const { page, faults, close } = await begin()
  await title(page).fill('Written in the basement')
  await words(page).fill('No signal down here.')
  await saved(page)
  await page.context().setOffline(true)
  await page.getByRole('combobox', { name: 'Site' }).fill('Kælderen')
  await page.getByRole('option', { name: 'Make the site “Kælderen”' }).click()
  await words(page).press('End')
  await page.keyboard.type(' Only cards.')
  await kept(page)
  await page.getByRole('button', { name: 'No network. Kept on this device' }).waitFor()
  await page.getByRole('button', { name: 'Save note' }).click()
  await page.getByText('Waits for the network').waitFor()
  await page.getByRole('button', { name: 'No network. Kept on this device, 2 changes' }).waitFor()
  await page.reload()
  await page.getByText('Waits for the network').waitFor()
  await page.getByRole('button', { name: 'No network. Kept on this device, 2 changes' }).click()
  await page.getByRole('dialog').getByText('Kælderen').waitFor()
  await page.getByRole('dialog').getByText('Written in the basement').waitFor()
  await page.keyboard.press('Escape')
  assert.equal((await notes('Written in the basement')).length, 0)
  await page.context().setOffline(false)
  await page.locator('.kept').waitFor({ state: 'detached' })
  await page.getByText('Waits for the network').waitFor({ state: 'detached' })
  const [note, ...more] = await notes('Written in the basement')
  assert.equal(more.length, 0)
  assert.equal(await text(note.id), 'No signal down here. Only cards.')
  assert.equal((await ask(`/projects/${project}/sites/${note.siteId}`)).name, 'Kælderen')
  assert.equal((await drafts()).length, 0)
  assert.deepEqual(faults, [])
  await close()
})

test('a code put without a network stays, can be undone, and is sent', async () => {
  const { page, close } = await enter()
  const n = await ask(`/projects/${project}/notes`, {
    method: 'POST',
    body: { title: 'To be coded on the train', kind: 'fieldNote', text: 'The registers are the ground.\n\nEverything stands on them.' },
  })
  await page.goto(`${feltbog.address}/projects/${project}/notes/${n.id}`)
  await page.locator('.page__count').waitFor()
  await page.locator('.pal').first().waitFor()
  await page.context().setOffline(true)
  await page.keyboard.press('j')
  await page.keyboard.press('1')
  await page.locator('.cod').waitFor()
  await page.getByRole('button', { name: 'No network. Kept on this device, 1 change' }).waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('3')
  await page.getByRole('button', { name: 'No network. Kept on this device, 2 changes' }).waitFor()
  await page.keyboard.press('Control+z')
  await page.getByRole('button', { name: 'No network. Kept on this device, 1 change' }).waitFor()
  assert.equal(await page.locator('.cod').count(), 1)
  await page.context().setOffline(false)
  await page.locator('.kept').waitFor({ state: 'detached' })
  const codings = (await ask(`/projects/${project}/notes/${n.id}/codings`)).items
  assert.deepEqual(
    codings.map((c) => c.anchor.quote),
    ['The registers are the ground.'],
  )
  assert.equal(await page.locator('.cod').count(), 1)
  await close()
})

test('the server is killed while one types and saves: nothing is lost, and nothing done twice', async () => {
  const { page, faults, close } = await begin()
  await title(page).fill('Through the crash')
  await words(page).fill('Before.')
  await saved(page)
  await feltbog.end('SIGKILL')
  await words(page).press('End')
  await page.keyboard.type(' While it was away.')
  await kept(page)
  await page.getByRole('button', { name: 'Save note' }).click()
  await page.getByText('Waits for the network').waitFor()
  await feltbog.serve()
  await signInOverAPI()
  await page.locator('.kept').waitFor({ state: 'detached' })
  const [note, ...more] = await notes('Through the crash')
  assert.equal(more.length, 0)
  assert.equal(await text(note.id), 'Before. While it was away.')
  assert.deepEqual(faults, [])
  await close()
})

test('a save and a draft whose answers are lost are done once', async () => {
  const { page, close } = await begin({ serviceWorkers: 'block' })
  const lost = { drafts: 0, notes: 0 }
  for (const kind of ['drafts/*', 'notes']) {
    await page.route(`**/${kind}`, async (route) => {
      const noun = kind.split('/')[0]
      if (route.request().method() === 'GET' || lost[noun] > 0) return route.continue()
      lost[noun]++
      await route.fetch()
      await route.abort()
    })
  }
  await title(page).fill('Said twice')
  await words(page).fill('Once.')
  await until(() => lost.drafts)
  await words(page).fill('Once only.')
  await saved(page)
  assert.match(page.url(), new RegExp((await drafts())[0].id))
  assert.equal((await drafts()).length, 1)
  await page.getByRole('button', { name: 'Save note' }).click()
  await until(async () => (await drafts()).length === 0)
  await page.locator('.kept').waitFor({ state: 'detached' })
  assert.equal(lost.notes, 1)
  assert.equal((await notes('Said twice')).length, 1)
  await close()
})

test('signing out warns of what is unsent, and leaves nothing of the account on the device', async () => {
  const { page, close } = await begin()
  const bo = await ask('/users', { method: 'POST', body: { email: 'bo@example.org', name: 'Bo Thygesen' } })
  await ask(`/projects/${project}/members`, { method: 'POST', body: { email: bo.email, role: 'coder' } })
  const signIn = async (email, password) => {
    await page.locator('[name=email]').fill(email)
    await page.locator('[name=password]').fill(password)
    await page.keyboard.press('Enter')
    await page.locator('.proj').first().waitFor()
  }
  const signOut = async () => {
    await page.locator('.bar').getByRole('button', { name: /Your account/ }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
  }
  const onDevice = () =>
    page.evaluate(async () => {
      const db = await new Promise((resolve) => {
        const opening = indexedDB.open('feltbog')
        opening.onsuccess = () => resolve(opening.result)
      })
      const all = await Promise.all(
        [...db.objectStoreNames].map(
          (name) =>
            new Promise((resolve) => {
              const asked = db.transaction(name).objectStore(name).getAll()
              asked.onsuccess = () => resolve(asked.result)
            }),
        ),
      )
      db.close()
      return JSON.stringify(all.flat())
    })
  // A session that ended elsewhere: the words wait for their author, and nobody else sees or sends them.
  await title(page).fill('Mine alone')
  await words(page).fill('A secret of mine.')
  await saved(page)
  await page.context().setOffline(true)
  await page.getByRole('button', { name: 'Save note' }).click()
  await page.getByText('Waits for the network').waitFor()
  await page.goto('about:blank') // where no token is left in memory
  await page.context().clearCookies()
  await page.context().setOffline(false)
  await page.goto(feltbog.address)
  await signIn(bo.email, bo.password)
  await openDemo(page)
  await page.locator('.tabs a[href$="/write"]').click()
  await page.getByText('Write a field note or a meeting observation').waitFor()
  assert.equal(await page.getByText('Mine alone').count(), 0)
  assert.equal(await page.locator('.kept').count(), 0)
  assert.equal((await notes('Mine alone')).length, 0)
  await signOut()
  await page.locator('[name=email]').waitFor()
  assert.match(await onDevice(), /A secret of mine/)
  await page.goto(feltbog.address)
  await signIn(feltbog.email, feltbog.secret)
  await until(async () => (await notes('Mine alone')).length === 1)

  await openDemo(page)
  await page.locator('.tabs a[href$="/write"]').click()
  await page.locator('.drafts button').first().click()
  await words(page).fill('Never to be sent.')
  await saved(page)
  await page.context().setOffline(true)
  await words(page).fill('Never to be sent, nor this.')
  await kept(page)
  await signOut()
  await page.getByRole('dialog', { name: '1 change hasn’t been sent' }).waitFor()
  await page.getByRole('button', { name: 'Stay signed in' }).click()
  assert.equal(await words(page).inputValue(), 'Never to be sent, nor this.')
  await signOut()
  await page.getByRole('button', { name: 'Sign out and lose it' }).click()
  await page.locator('[name=email]').waitFor()
  assert.equal(await onDevice(), '[]')
  await page.reload()
  await page.locator('[name=email], .problem').first().waitFor()
  assert.equal(await page.locator('.proj').count(), 0)
  await page.context().setOffline(false)
  await page.reload()
  await page.locator('[name=email]').waitFor()
  assert.equal((await notes('Mine alone')).length, 1)
  await clear()
  await close()
})

test('two tabs write on in one draft, and two devices keep what each wrote', async () => {
  const { page, close } = await begin()
  await title(page).fill('In two places')
  await words(page).fill('First.')
  await saved(page)
  const tab = await page.context().newPage()
  await tab.goto(page.url())
  await words(tab).press('Control+End')
  await tab.keyboard.type(' Second.')
  await page.waitForFunction(() => document.querySelector('textarea.words').value === 'First. Second.')
  await words(page).press('Control+End')
  await page.keyboard.type(' Third.')
  await tab.waitForFunction(() => document.querySelector('textarea.words').value === 'First. Second. Third.')
  await saved(page)
  assert.equal((await drafts()).length, 1)

  const phone = await enter()
  await phone.page.goto(page.url())
  await words(phone.page).waitFor()
  await page.context().setOffline(true)
  await words(page).press('Control+End')
  await page.keyboard.type(' From the laptop.')
  await kept(page)
  await words(phone.page).press('Control+End')
  await phone.page.keyboard.type(' From the phone.')
  await saved(phone.page)
  await page.context().setOffline(false)
  await page.getByText('Both are kept').waitFor()
  await saved(page)
  const both = await Promise.all((await drafts()).map(async (d) => (await ask(`/projects/${project}/drafts/${d.id}`)).text))
  assert.deepEqual(both.sort(), ['First. Second. Third. From the laptop.', 'First. Second. Third. From the phone.'])
  assert.equal(await words(page).inputValue(), 'First. Second. Third. From the laptop.')
  assert.equal(await words(tab).inputValue(), 'First. Second. Third. From the laptop.')
  await phone.close()
  await page.getByRole('link', { name: 'To your drafts', exact: true }).click()
  await tab.close()
  for (let left = 2; left > 0; left--) {
    await page.waitForFunction((n) => document.querySelectorAll('.drafts li').length === n, left)
    await page.getByRole('button', { name: 'Remove the draft “In two places”' }).first().click()
  }
  await until(async () => (await drafts()).length === 0)
  await page.locator('.toast').getByRole('button').click()
  await page.getByText('In two places').waitFor()
  await until(async () => (await drafts()).length === 1)
  await clear()
  await close()
})

test('a text is changed after a look at its codings; who saved before is told of, and mine is kept', async () => {
  const { page, faults, close } = await enter()
  const n = await ask(`/projects/${project}/notes`, {
    method: 'POST',
    body: { title: 'To be changed', kind: 'fieldNote', format: 'markdown', text: 'The **registers** are old.\n\nThe hall is empty.\n\nData flows.' },
  })
  const code = (await ask(`/projects/${project}/codes`)).items[0]
  for (const quote of ['registers', 'The hall is empty', 'Data flows']) {
    const start = (await text(n.id)).indexOf(quote)
    await ask(`/projects/${project}/codings`, { method: 'POST', body: { noteId: n.id, codeId: code.id, anchor: { start, end: start + quote.length, quote } } })
  }
  await page.goto(`${feltbog.address}/projects/${project}/notes/${n.id}`)
  await page.getByRole('button', { name: 'More about this note' }).click()
  await page.getByRole('menuitem', { name: 'Change' }).click()
  assert.match(await words(page).inputValue(), /^The \*\*registers\*\* are old\./)
  await words(page).fill('The **registers** are old.\n\nSomebody sits there.\n\nToday data flows.\n\nData flows.')
  await title(page).fill('Changed')
  await page.getByRole('button', { name: 'Save note' }).click()
  const look = page.getByRole('dialog')
  await look.getByText('1 coding stays where it is.').waitFor()
  await look.getByText('1 coding moves with its words.').waitFor()
  await look.getByText('The hall is empty').waitFor()
  await accessible(page, 'preview')
  await look.getByRole('button', { name: 'Go on writing' }).click()

  await ask(`/projects/${project}/notes/${n.id}`, { method: 'PATCH', headers: { 'If-Match': '"1"' }, body: { phase: 'late' } })
  await page.getByText('Yours is kept here').waitFor()
  assert.match(await words(page).inputValue(), /Somebody sits there/)
  await page.getByRole('button', { name: 'Go on with mine' }).click()
  await page.getByRole('button', { name: 'Save note' }).click()
  await look.getByRole('button', { name: 'Save note' }).click()
  await page.getByText('The words of 1 coding are gone from the text').waitFor()
  assert.match(await page.getByRole('link', { name: 'Look at them' }).getAttribute('href'), /\/review$/)
  await page.getByRole('link', { name: 'To the note' }).last().click()
  await page.getByRole('heading', { name: 'Changed' }).waitFor()
  await page.getByText('Somebody sits there.').waitFor()
  assert.equal(await text(n.id), 'The registers are old.\n\nSomebody sits there.\n\nToday data flows.\n\nData flows.')
  assert.equal((await drafts()).length, 0)
  assert.deepEqual(faults, [])
  await close()
})

test('a text over the limit is refused with the limit, and not lost', async () => {
  const { page, close } = await begin()
  await title(page).fill('Too long')
  await words(page).evaluate((area) => {
    const set = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value').set
    set.call(area, `${'Ord på ord. '.repeat(83)}\n\n\n\n`.repeat(2100))
    area.dispatchEvent(new Event('input', { bubbles: true }))
  })
  await page.getByText('A text may have 2000000 characters').waitFor({ timeout: 60_000 })
  await page.reload()
  await words(page).waitFor()
  assert.equal((await words(page).inputValue()).length, 2_100_000)
  await words(page).fill('Shorter.')
  await saved(page)
  await clear()
  await close()
})

test('on a phone it fits, in Danish, with and without a network', async () => {
  const { page, faults, close } = await begin({ viewport: { width: 390, height: 844 }, locale: 'da-DK', hasTouch: true })
  await page.getByRole('textbox', { name: 'Titel' }).fill('Et møde med en overskrift, der er længere end skærmen er bred')
  await page.getByRole('textbox', { name: 'Hvad du observerede' }).fill('»Hvem ejer dem?« spørger hun.')
  await page.getByText('Alle ændringer er gemt').waitFor()
  await page.context().setOffline(true)
  await page.getByRole('button', { name: 'Fed' }).click()
  await page.keyboard.type('Ingen')
  await page.locator('.status').getByText('Gemt på denne enhed').waitFor()
  await fits(page)
  await page.reload()
  assert.equal(await page.getByRole('textbox', { name: 'Hvad du observerede' }).inputValue(), '»Hvem ejer dem?« spørger hun.**Ingen**')
  await page.getByRole('button', { name: 'Intet net. Gemt på denne enhed, 1 ændring' }).waitFor()
  await fits(page)
  await page.context().setOffline(false)
  await page.getByText('Alle ændringer er gemt').waitFor()
  await page.getByRole('link', { name: 'Til dine kladder, denne er gemt' }).click()
  await page.locator('.drafts li').first().waitFor()
  await fits(page)
  const small = await page.evaluate(() =>
    [...document.querySelectorAll('button, a')]
      .map((e) => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
      .filter(([, box]) => box.width > 0 && box.top >= 0 && (box.width < 24 || box.height < 24))
      .map(([html]) => html),
  )
  assert.deepEqual(small, [])
  assert.deepEqual(faults, [])
  await clear()
  await close()
})

for (const colorScheme of ['light', 'dark']) {
  test(`axe finds nothing where one writes, ${colorScheme}`, async () => {
    const { page, close } = await begin({ serviceWorkers: 'block', colorScheme })
    await page.getByRole('combobox', { name: 'Kind' }).click()
    await page.getByRole('option', { name: 'Workshop' }).click()
    await title(page).fill('Seen by everybody')
    await words(page).fill('Words.')
    await saved(page)
    await accessible(page, 'write')
    // Here no service worker has all parts at hand; the list of what is kept comes soon after the view.
    await page.waitForFunction(() => performance.getEntriesByType('resource').some((r) => r.name.includes('/kept-list-')))
    await page.context().setOffline(true)
    await page.getByRole('button', { name: 'Save note' }).click()
    await page.getByRole('link', { name: /Seen by everybody/ }).click()
    await page.getByRole('button', { name: 'Go on writing' }).waitFor()
    await accessible(page, 'waiting')
    await page.locator('.kept').click()
    await page.getByRole('dialog').waitFor()
    await accessible(page, 'kept')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Go on writing' }).click()
    await page.context().setOffline(false)
    await saved(page)
    await page.getByRole('link', { name: 'To your drafts, this one is kept' }).click()
    await page.locator('.drafts li').first().waitFor()
    await accessible(page, 'drafts')
    await clear()
    await close()
  })
}
