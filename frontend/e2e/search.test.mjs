import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accessible, fits, run } from './feltbog.mjs'

const feltbog = run()
let study

/** Speaks to the API as the administrator. */
async function api(method, path, body) {
  const answer = await fetch(`${feltbog.address}/api/v1${path}`, {
    method,
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${study?.token ?? ''}` },
    body: body && JSON.stringify(body),
  })
  const text = await answer.text()
  assert.ok(answer.ok, `${method} ${path} = ${answer.status} ${text}`)
  return text === '' ? undefined : JSON.parse(text)
}

/** Asks until the fact holds. */
async function eventually(fact) {
  for (const end = Date.now() + 15_000; Date.now() < end; ) {
    if (await fact()) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  assert.fail(`it never came to be: ${fact}`)
}

/** Makes a project of three notes, once. */
async function prepare() {
  if (study) return
  const { accessToken } = await api('POST', '/auth/sign-in', { email: feltbog.email, password: feltbog.secret })
  study = { token: accessToken }
  const { id } = await api('POST', '/projects', { name: 'Skemaer', codebookTemplate: 'data-in-organisational-practice' })
  study.path = `/projects/${id}`
  const town = (await api('POST', `${study.path}/sites`, { name: 'Havnsø Kommune' })).id
  const agency = (await api('POST', `${study.path}/sites`, { name: 'Styrelsen' })).id
  const note = (title, kind, siteId, observedOn, text) =>
    api('POST', `${study.path}/notes`, { title, kind, siteId, observedOn, language: 'da', text })
  await note('Rundvisning', 'fieldNote', town, '2024-02-05', 'Før skranken 🙂 åbner.\n\n»Så finder jeg endnu et skema frem,« siger hun.\n\nVi går videre.')
  await note('Afdelingsleder', 'interview', agency, '2024-03-21', 'Nu får vi endnu et skema at udfylde. Endnu et skema!')
  await note('Netværksmøde', 'meetingObservation', agency, '2024-04-08', 'Ny platform, endu et skema, ingen læser svarene.')
  study.search = (query) => api('GET', `${study.path}/search?${query}`)
  await eventually(async () => (await study.search('q=endnu%20et%20skema&type=passage')).total === 3)
}

/** Goes to the search with the slash key, from the notes of the project. */
async function open(options) {
  await prepare()
  const window = await feltbog.signIn(options)
  await window.page.goto(`${feltbog.address}${study.path}`)
  await window.page.locator('.note-link').first().waitFor()
  await window.page.keyboard.press('/')
  await window.page.locator('#search-field:focus').waitFor()
  return window
}

const heading = (page, words) => page.getByRole('heading', { level: 1, name: words, exact: true }).waitFor()
/** Types a question, and waits until it is the one that is answered. */
async function ask(page, q, words) {
  await page.locator('#search-field').selectText()
  await page.keyboard.type(q)
  await page.waitForURL((url) => [q, JSON.stringify(q)].includes(url.searchParams.get('q')))
  await page.locator('.found[aria-busy=false]').waitFor()
  await heading(page, words)
}

const titles = (page) => page.locator('.found__hit h2').allInnerTexts()

test('what is typed is found, marked, opened in place and in its note, with the keyboard alone', async () => {
  const { page, faults, close } = await open()
  await ask(page, 'endnu et skema', '3 passages')
  assert.match(page.url(), /\?q=endnu\+et\+skema$/)
  assert.deepEqual(await page.locator('.found__hit', { hasText: 'Near spelling' }).locator('h2').allInnerTexts(), ['Netværksmøde'])
  const [marked] = await page.locator('.found__hit', { hasText: 'Rundvisning' }).locator('mark').allInnerTexts()
  assert.match(marked, /^endnu/)

  await ask(page, 'finder jeg', '1 passage')
  assert.match(await page.locator('.facts').innerText(), /Havnsø Kommune.*5 Feb 2024.*block 2/)
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  const context = page.getByRole('list', { name: 'The passage in its context' })
  await context.getByText('Før skranken 🙂 åbner.').waitFor()
  await context.getByText('Vi går videre.').waitFor()
  assert.deepEqual(await context.locator('mark').allInnerTexts(), ['finder', 'jeg'])
  assert.equal(await page.evaluate(() => document.activeElement.dataset.hit), '0')
  await page.keyboard.press('o')
  await page.locator('.blk').first().waitFor()
  assert.match(page.url(), /\/notes\/[\da-f-]+\?at=27-33$/)
  await page.goBack()
  await heading(page, '1 passage')
  assert.equal(await page.locator('#search-field').inputValue(), 'finder jeg')
  assert.deepEqual(faults, [])
  await close()
})

test('filters take several choices, count them, and are taken back with the back button; a link shows the same', async () => {
  const { page, close } = await open()
  await ask(page, 'skema', '3 passages')
  const site = (name) => page.getByRole('list', { name: 'Site' }).getByRole('checkbox', { name })
  await site('Styrelsen 2').check()
  await heading(page, '2 passages')
  await page.getByRole('checkbox', { name: 'Interview 1' }).check()
  await heading(page, '1 passage')
  const link = page.url()
  await page.getByRole('checkbox', { name: 'Meeting observation 1' }).check()
  await heading(page, '2 passages')
  await page.goBack()
  await heading(page, '1 passage')
  assert.deepEqual(await titles(page), ['Afdelingsleder'])
  await page.goBack()
  await heading(page, '2 passages')
  await page.goBack()
  await heading(page, '3 passages')
  assert.equal(await page.locator('#search-field').inputValue(), 'skema')

  await page.goto(link)
  await heading(page, '1 passage')
  await page.getByRole('button', { name: 'Remove filter: Styrelsen' }).click()
  await heading(page, '1 passage')
  await page.getByRole('button', { name: 'Clear all filters' }).click()
  await heading(page, '3 passages')
  await page.getByRole('button', { name: /^Codes/ }).click()
  await heading(page, '0 codes')
  await close()
})

test('a search that finds nothing says what to try, and one that can’t be answered why', async () => {
  const { page, close } = await open()
  await page.keyboard.type('"skema endnu" -papir')
  await page.getByText('Leave out the quotation marks').waitFor()
  await page.getByText('Take away the words with a minus').waitFor()
  await page.locator('#search-field').fill('en to tre fire fem seks syv otte ni ti elleve')
  await page.getByText('A search may have ten words').waitFor()
  const problem = { type: 'about:blank', title: 'Service Unavailable', status: 503, detail: '-', code: 'search_unavailable' }
  await page.route('**/search?**', (route) =>
    route.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify(problem) }),
  )
  await page.locator('#search-field').fill('platform')
  await page.getByText('Reading and coding go on as usual').waitFor()
  await page.unroute('**/search?**')
  await page.getByRole('button', { name: 'Try again' }).click()
  await heading(page, '1 passage')
  await close()
})

test('a search is saved, opened, renamed, removed, and had again', async () => {
  const { page, close } = await open()
  await ask(page, '"endnu et skema"', '2 passages')
  await page.getByRole('button', { name: 'Save search' }).click()
  await page.getByLabel('Name', { exact: true }).fill('Skemaer')
  await page.keyboard.press('Enter')
  const saved = page.getByRole('region', { name: 'Saved searches' })
  await saved.locator('a[aria-current]', { hasText: 'Skemaer' }).waitFor()
  await ask(page, 'platform', '1 passage')
  await saved.getByRole('link', { name: 'Skemaer' }).click()
  await heading(page, '2 passages')
  assert.equal(await page.locator('#search-field').inputValue(), '"endnu et skema"')
  await page.getByRole('button', { name: 'Rename Skemaer' }).click()
  await page.getByLabel('Name', { exact: true }).fill('Flere skemaer')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Remove Flere skemaer' }).click()
  await saved.getByText('Only you see it').waitFor()
  await page.getByRole('button', { name: /^Undo/ }).click()
  await saved.getByRole('link', { name: 'Flere skemaer' }).waitFor()
  await close()
})

test('one code is put on all hits but the near spellings, and one undo takes it off them', async () => {
  const { page, faults, close } = await open()
  const { items: codes } = await api('GET', `${study.path}/codes`)
  const problem = codes.find((c) => c.key === 'problem').id
  const coded = async () => (await api('GET', `${study.path}/codings?code=${problem}`)).items
  await ask(page, 'endnu et skema', '3 passages')
  await page.getByRole('button', { name: 'Code all hits' }).click()
  const panel = page.getByRole('complementary', { name: 'Code all hits' })
  await page.waitForFunction(() => document.activeElement?.matches('.allpanel input, .allpanel [role=combobox]'))
  await page.keyboard.type('practical')
  await page.keyboard.press('Enter')
  await panel.getByText('2 of 3 selected').waitFor()
  await panel.getByRole('button', { name: 'Matched words' }).click()
  await panel.getByText('3 of 4 selected').waitFor()
  const near = panel.locator('section', { has: page.getByRole('heading', { name: /^Near spelling/ }) })
  assert.equal(await near.getByRole('checkbox').isChecked(), false)
  await panel.getByText('Data as practical problem goes on 3 places in 2 notes.').waitFor()
  await near.getByRole('checkbox').check()
  await panel.getByRole('button', { name: 'Put code on 4 places' }).click()
  await page.getByRole('status').getByText('Put Data as practical problem on 4 places').waitFor()
  await panel.getByText('4 have it from you already').waitFor()
  const put = await coded()
  assert.deepEqual(put.map((c) => c.anchor.quote).toSorted(), ['Endnu et skema', 'endnu et skema', 'endnu et skema', 'endu et skema'].toSorted())
  await page.getByRole('button', { name: /^Undo/ }).click()
  await page.getByText('Took the code off 4 places again').waitFor()
  assert.deepEqual(await coded(), [])
  await panel.getByRole('button', { name: 'Put code on 3 places' }).waitFor()
  await page.keyboard.press('Escape')
  assert.equal(await panel.count(), 0)
  assert.deepEqual(faults, [])
  await close()
})

test('a list of the excerpts is printed without anything around it', async () => {
  const { page, close } = await open({ colorScheme: 'dark' })
  await ask(page, 'skema', '3 passages')
  await page.getByRole('link', { name: 'Printable list' }).click()
  await page.locator('.excerpt').nth(2).waitFor()
  await accessible(page, 'excerpts')
  await page.emulateMedia({ media: 'print' })
  assert.equal(await page.locator('.bar').isVisible(), false)
  const styles = await page.locator('.excerpt').first().evaluate((e) => [getComputedStyle(e).breakInside, getComputedStyle(e).color])
  assert.deepEqual(styles, ['avoid', 'rgb(0, 0, 0)'])
  assert.match(await page.locator('.excerpt').first().innerText(), /Rundvisning[\s\S]*Havnsø Kommune[\s\S]*block 2|Styrelsen/)
  await close()
})

test('a comment is found by its words, shows whose it is and whom it names, and leads to its thread', async () => {
  await prepare()
  const { id: bo } = await api('POST', '/users', { email: 'bo@example.org', name: 'Bo Thygesen', password: 'regnvejr kartotek elevator' })
  const { id } = await api('POST', '/projects', { name: 'Kartoteker', codebookTemplate: 'data-in-organisational-practice' })
  const path = `/projects/${id}`
  await api('POST', `${path}/members`, { email: 'bo@example.org', role: 'coder' })
  const { id: noteId } = await api('POST', `${path}/notes`, { title: 'Kælderen', kind: 'fieldNote', text: 'Her står skabet. Ingen åbner det.' })
  const code = (await api('GET', `${path}/codes`)).items[0]
  const anchor = { start: 9, end: 15, quote: 'skabet', textVersion: 1 }
  const coding = await api('POST', `${path}/codings`, { noteId, codeId: code.id, anchor })
  await api('POST', `${path}/comments`, { codingId: coding.id, text: `@[${bo}] 🙂 er det ikke kartoteket\nfra i går?` })
  await eventually(async () => (await api('GET', `${path}/search?q=kartoteket&type=comment`)).total === 1)

  const { page, faults, close } = await feltbog.signIn()
  await page.goto(`${feltbog.address}${path}/search?q=kartoteket`)
  await heading(page, '0 passages')
  await page.getByRole('button', { name: 'Comments 1' }).click()
  await heading(page, '1 comment')
  const hit = page.locator('.found__hit')
  assert.deepEqual(await titles(page), ['Comment in Kælderen'])
  const { name } = await api('GET', '/me')
  await hit.locator('.facts').getByText(name, { exact: true }).waitFor()
  assert.equal(await hit.locator('.quote').evaluate((e) => e.textContent), '@Bo Thygesen 🙂 er det ikke kartoteket\nfra i går?')
  assert.deepEqual(await hit.locator('mark').allInnerTexts(), ['kartoteket'])
  await accessible(page, 'a comment that was found')
  await page.setViewportSize({ width: 390, height: 844 })
  await fits(page)
  await page.setViewportSize({ width: 1440, height: 900 })
  await hit.focus()
  await page.keyboard.press('o')
  await page.locator(`.cod[data-coding="${coding.id}"][aria-pressed=true]`).waitFor()
  await page.getByRole('region', { name: 'Comments' }).getByText('er det ikke kartoteket').waitFor()
  await page.goBack()
  await heading(page, '1 comment')
  assert.deepEqual(faults, [])
  await close()
})

test('axe finds nothing, light and dark', async () => {
  const { page, close } = await open({ colorScheme: 'light' })
  await ask(page, 'endnu et skema', '3 passages')
  await page.getByRole('checkbox', { name: 'Styrelsen' }).check()
  await heading(page, '2 passages')
  await page.getByRole('button', { name: 'Context' }).first().click()
  await page.locator('.ctx').waitFor()
  await page.getByRole('button', { name: 'Code all hits' }).click()
  await page.waitForFunction(() => document.activeElement?.matches('.allpanel input, .allpanel [role=combobox]'))
  await page.keyboard.type('practical')
  await page.keyboard.press('Enter')
  await page.getByText('1 of 2 selected').waitFor()
  await accessible(page, 'search')
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.waitForFunction(() => document.documentElement.dataset.mantineColorScheme === 'dark')
  await accessible(page, 'search in the dark')
  await close()
})

test('a phone shows the search without sideways scrolling, in Danish', async () => {
  const { page, close } = await open({ viewport: { width: 390, height: 844 }, locale: 'da-DK' })
  await ask(page, 'endnu et skema', '3 passager')
  await page.getByText('Ligner i stavemåde').waitFor()
  await fits(page)
  await page.getByRole('button', { name: 'Filtre' }).click()
  await page.getByRole('checkbox', { name: 'Styrelsen' }).check()
  await heading(page, '2 passager')
  await page.getByRole('button', { name: 'Kod alle fund' }).click()
  await page.getByText('Vælg en kode').waitFor()
  await fits(page)
  const outside = await page.locator('.finder *').evaluateAll((all) =>
    all.filter((e) => e.getBoundingClientRect().right > innerWidth + 1).map((e) => e.className),
  )
  assert.deepEqual(outside, [])
  await accessible(page, 'search on a phone')
  await close()
})
