import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accessible, fits, run } from './feltbog.mjs'

const feltbog = run()
const secret = 'four words for everybody'
const emailOf = (name) => `${name.toLowerCase()}@example.org`

/** A window of somebody at an address. */
async function open(name, address, options = {}) {
  const context = await feltbog.browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    reducedMotion: 'reduce',
    serviceWorkers: 'block',
    ...options,
  })
  await context.request.post(`${feltbog.address}/api/v1/auth/sign-in`, { data: { email: emailOf(name), password: secret } })
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  const faults = []
  page.on('pageerror', (error) => faults.push(error.stack))
  await page.goto(address)
  return { page, context, faults, close: () => context.close() }
}

/** Asks the API as somebody; an answer that refuses is given with its status. */
async function caller(name) {
  await feltbog.api('POST', '/users', { name, email: emailOf(name), password: secret, language: 'en' })
  const send = async (method, path, body, headers = {}) => {
    const answer = await fetch(`${feltbog.address}/api/v1${path}`, {
      method,
      headers: { 'Content-Type': 'application/json', ...headers },
      ...(body && { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    return { status: answer.status, body: text && JSON.parse(text) }
  }
  const { body } = await send('POST', '/auth/sign-in', { email: emailOf(name), password: secret })
  const Authorization = `Bearer ${body.accessToken}`
  const call = (method, path, body, headers) => send(method, path, body, { Authorization, ...headers })
  call.id = body.user.id
  return call
}

const paragraphs = (n) =>
  Array.from({ length: n }, (_, i) => `Paragraph ${i + 1}: the caseworker corrects the same address for the third time this week.`)
const titles = ['An error and its owner', 'The index cards', 'Whose network it is']

/** A project with three notes and four codes, of which one is a sub-code. */
async function study(owner, ...coders) {
  const { body: project } = await owner('POST', '/projects', { name: 'Havnsø' })
  const at = `/projects/${project.id}`
  for (const name of coders) await owner('POST', `${at}/members`, { email: emailOf(name), role: 'coder' })
  const notes = []
  for (const title of titles) {
    const text = paragraphs(8).join('\n\n')
    notes.push((await owner('POST', `${at}/notes`, { title, kind: 'fieldNote', text })).body.id)
  }
  const codes = []
  for (const [name, parent] of [['Ground'], ['Barrier', 0], ['Future'], ['Left out']]) {
    const parentId = parent === undefined ? '' : codes[parent]
    codes.push((await owner('POST', `${at}/codes`, { name, parentId })).body.id)
  }
  return { id: project.id, at, notes, codes, address: `${feltbog.address}/projects/${project.id}` }
}

const box = (page, name) => page.getByRole('checkbox', { name, exact: true })
const button = (page, name) => page.getByRole('button', { name, exact: true })
const saved = (page) => page.getByText('All changes saved').first().waitFor()
const cards = (page) => page.locator('.cod').count()
const shows = (page, n) => page.waitForFunction((wanted) => document.querySelectorAll('.cod').length === wanted, n)
const band = (page) => page.locator('.band', { hasText: 'Blind round: you see only your own codings' })

/** Asks for the codes to put on a block, by keyboard. */
async function ask(page, block) {
  await page.locator('.blk').nth(block - 1).locator('.blk__text').click({ position: { x: 4, y: 4 } })
  await page.keyboard.press('Escape')
  await page.keyboard.press('Enter')
}

/** Puts a code on a block by keyboard. */
async function put(page, block, name) {
  await ask(page, block)
  await page.getByRole('combobox', { name: 'Code' }).fill(name)
  await page.keyboard.press('Enter')
}

const stateOf = async (call, { at }, round) => (await call('GET', `${at}/rounds/${round}`)).body

test('three people go through a whole round, from its set-up to a comment on a difference', async () => {
  const [lea, bo, sara] = [await caller('Lea'), await caller('Bo'), await caller('Sara')]
  const here = await study(lea, 'Bo', 'Sara')
  const one = await open('Lea', `${here.address}/rounds`)

  // Set up.
  await button(one.page, 'New round').click()
  await one.page.getByRole('textbox', { name: 'Name' }).fill('Barrier or ground')
  await one.page.getByRole('textbox', { name: 'Question' }).fill('Is anything prevented?')
  await button(one.page, 'Choose these 3').click()
  await box(one.page, 'Ground').check()
  assert.equal(await box(one.page, 'Barrier').isChecked(), true, 'a code brings its sub-codes')
  await box(one.page, 'Future').check()
  await box(one.page, /^Lea /).check()
  await box(one.page, /^Bo /).check()
  await box(one.page, /^Sara /).check()
  await one.page.getByRole('textbox', { name: 'Coders for each note' }).fill('3')
  await button(one.page, 'Draw').click()
  const seed = one.page.getByRole('textbox', { name: 'Seed' })
  const first = await seed.inputValue()
  assert.match(first, /^\d+$/)
  await button(one.page, 'Draw again').click()
  await one.page.waitForFunction((old) => [...document.querySelectorAll('input')].every((i) => i.value !== old), first)
  await saved(one.page)
  await accessible(one.page, 'set-up')
  const round = new URL(one.page.url()).pathname.split('/').at(-1)
  const draft = await stateOf(lea, here, round)
  assert.equal(draft.codeIds.length, 3)
  assert.deepEqual(
    draft.assignment.map((a) => a.coderIds.length),
    [3, 3, 3],
  )

  // An open coding of before, which the round hides from its coders.
  const [note] = here.notes
  const quote = 'Paragraph 1'
  await bo('POST', `${here.at}/codings`, { noteId: note, codeId: here.codes[3], anchor: { start: 0, end: quote.length, quote } })
  await button(one.page, 'Start blind round').click()
  await one.page.getByText('You code in this round yourself').waitFor()
  assert.equal((await stateOf(lea, here, round)).state, 'blind')
  await accessible(one.page, 'a blind round')

  // Three code. Each sees only their own.
  const two = await open('Bo', `${here.address}/rounds/${round}`)
  const three = await open('Sara', `${here.address}/notes/${note}`)
  await two.page.getByRole('link', { name: 'Go to the next one' }).click()
  await one.page.getByRole('link', { name: titles[0] }).first().click()
  for (const { page } of [one, two, three]) {
    await band(page).waitFor()
    await page.locator('.pal').first().waitFor()
    assert.equal(await cards(page), 0)
    assert.deepEqual(await page.locator('.pal').evaluateAll((all) => all.map((b) => b.title)), ['Ground', 'Future'])
  }
  assert.equal(await two.page.locator('h1').innerText(), titles[0])
  await two.page.locator('.roundline').getByText('3 notes left').waitFor()
  await accessible(one.page, 'a note of a blind round')
  await put(one.page, 1, 'Ground')
  await put(one.page, 3, 'Barrier')
  await saved(one.page)
  await shows(one.page, 2)
  await one.page.keyboard.press('m')
  await one.page.getByLabel('New memo').fill('Anything is prevented here')
  await one.page.keyboard.press('Control+Enter')
  await one.page.locator('.memo').getByText('Anything is prevented here').waitFor()
  await put(three.page, 1, 'Ground')
  await put(three.page, 5, 'Future')
  await saved(three.page)
  await shows(three.page, 2)
  // A code of one's own words isn't made here.
  await three.page.locator('.blk').nth(6).locator('.blk__text').click({ position: { x: 4, y: 4 } })
  await three.page.keyboard.press('v')
  await three.page.keyboard.press('v')
  await three.page.getByText('In a blind round there are no new codes').waitFor()
  assert.equal((await lea('GET', `${here.at}/codes`)).body.items.length, 4)

  // One loses the network halfway, goes on, is done, and comes back.
  await put(two.page, 1, 'Ground')
  await saved(two.page)
  await two.context.setOffline(true)
  await put(two.page, 3, 'Future')
  await two.page.getByRole('button', { name: 'No network. Kept on this device, 1 change' }).waitFor()
  await two.page.keyboard.press('Escape')
  await two.page.keyboard.press('d')
  await two.page.getByRole('button', { name: 'No network. Kept on this device, 2 changes' }).waitFor()
  await two.context.setOffline(false)
  await two.page.locator('.kept').waitFor({ state: 'detached' })
  await two.page.getByRole('button', { name: 'I’m done with this note', pressed: true }).waitFor()
  await two.page.getByText('2 notes left').first().waitFor()
  const mine = (await bo('GET', `${here.at}/notes/${note}/codings?layer=${round}`)).body.items
  assert.equal(mine.length, 2)
  assert.ok(mine.every((c) => c.layer === round && c.coderId === bo.id))
  await two.page.getByRole('button', { name: 'Next note of mine' }).click()
  await two.page.locator('h1', { hasNotText: titles[0] }).waitFor()
  assert.equal(await cards(one.page), 2)
  assert.equal(await cards(three.page), 2)

  // One is removed while their stream is open; what they put stays theirs, and nothing of theirs comes any more.
  assert.equal((await lea('DELETE', `${here.at}/members/${sara.id}`)).status, 204)
  await three.page.getByText('There is nothing at this address').waitFor()
  const late = { noteId: note, codeId: here.codes[0], layer: round, anchor: { start: 0, end: quote.length, quote } }
  assert.equal((await sara('POST', `${here.at}/codings`, late)).status, 404)
  assert.equal((await sara('GET', `${here.at}/notes/${note}/codings?layer=${round}`)).status, 404)

  // Lock, open again, lock, reveal: the coder on the note sees each come.
  await two.page.goto(`${here.address}/notes/${note}`)
  await band(two.page).waitFor()
  await one.page.goto(`${here.address}/rounds/${round}`)
  const move = async (name, why) => {
    await button(one.page, name).click()
    const dialog = one.page.getByRole('dialog', { name })
    if (why) await dialog.getByRole('textbox').fill(why)
    await dialog.getByRole('button', { name }).click()
  }
  await move('Lock', 'Enough for now')
  await two.page.getByText('This round is locked').waitFor()
  await one.page.getByRole('region', { name: 'Progress' }).getByText('Done', { exact: true }).waitFor()
  await accessible(one.page, 'the board')
  await ask(two.page, 6)
  await two.page.getByText('Nothing can be coded here').waitFor()
  await shows(two.page, 2)
  await move('Open again')
  await one.page.getByText('Say why the round is opened again').waitFor()
  await one.page.getByRole('dialog').getByRole('textbox').fill('Bo has more to say')
  await accessible(one.page, 'opening again')
  await one.page.getByRole('dialog').getByRole('button', { name: 'Open again' }).click()
  await band(two.page).waitFor()
  await put(two.page, 6, 'Ground')
  await saved(two.page)
  await shows(two.page, 3)
  await button(one.page, 'Lock').waitFor()
  await move('Lock')
  await button(one.page, 'Reveal').waitFor()
  await move('Reveal', 'All have said theirs')
  await one.page.getByText('3 differences').waitFor()
  await one.page.getByText('Bo has more to say').waitFor()
  await two.page.locator('.band').waitFor({ state: 'detached' })
  await accessible(one.page, 'a revealed round')

  // Side by side.
  await one.page.getByRole('region', { name: 'Side by side' }).getByRole('link', { name: titles[0] }).click()
  await one.page.locator('.side__block').first().waitFor()
  await one.page.getByText('3 differences').waitFor()
  const blocks = () => one.page.locator('.side__block').evaluateAll((all) => all.map((b) => b.dataset.block))
  assert.deepEqual(await blocks(), ['3', '5', '6'])
  await one.page.getByRole('button', { name: 'Blocks 1 to 2: alike Show' }).click()
  assert.deepEqual(await blocks(), ['1', '2', '3', '5', '6'])
  await one.page.keyboard.press('n')
  await one.page.getByText('Difference 1 of 3').waitFor()
  await one.page.keyboard.press('p')
  await one.page.getByText('Difference 3 of 3').waitFor()
  await one.page.keyboard.press('n')
  await one.page.getByText('Difference 1 of 3').waitFor()
  const what = one.page.getByRole('region', { name: 'What each put in block 3' })
  await what.getByText('Anything is prevented here').waitFor()
  await accessible(one.page, 'side by side')
  await what.getByRole('button', { name: 'Lea: Barrier' }).click()
  await what.locator('.thread__field textarea').fill('The case is closed each time.')
  await one.page.keyboard.press('Enter')
  await what.locator('.thread__words').getByText('The case is closed each time.').waitFor()
  await two.page.goto(`${one.page.url()}`)
  await two.page.getByText('The case is closed each time.').waitFor()
  // Without Sara, what only she put is no difference.
  await one.page.getByRole('button', { name: '3 of 3 coders' }).click()
  await one.page.locator('.side__filter').getByRole('checkbox').last().uncheck()
  await one.page.getByText('Difference 1 of 2').waitFor()
  assert.deepEqual(await blocks(), ['1', '2', '3', '6'])
  assert.deepEqual(one.faults.concat(two.faults, three.faults), [])
  await Promise.all([one, two, three].map(({ close }) => close()))
})

/** A round by hand, set up over the API and moved on. */
async function begun(owner, here, assignment, ...moves) {
  const noteIds = assignment.map((a) => a.noteId)
  const coderIds = [...new Set(assignment.flatMap((a) => a.coderIds))]
  const asked = { name: 'By hand', noteIds, codeIds: here.codes.slice(0, 3), coderIds, method: 'byHand', assignment, dueOn: '2020-01-31' }
  let { body: round } = await owner('POST', `${here.at}/rounds`, asked)
  for (const to of moves) {
    const answer = await owner('POST', `${here.at}/rounds/${round.id}/move`, { to, why: '' }, { 'If-Match': `"${round.version}"` })
    assert.equal(answer.status, 200, JSON.stringify(answer.body))
    round = answer.body
  }
  return round
}

test('a draft saves itself beside what others write, and asks where they wrote the same', async () => {
  const [ida] = [await caller('Ida')]
  const here = await study(ida)
  const { page, faults, close } = await open('Ida', `${here.address}/rounds`)
  await page.getByText('In a round several people code').waitFor()
  await accessible(page, 'no rounds')
  await button(page, 'New round').click()
  await page.getByRole('textbox', { name: 'Name' }).waitFor()
  const round = new URL(page.url()).pathname.split('/').at(-1)
  const elsewhere = async (fields) => {
    const { version } = await stateOf(ida, here, round)
    assert.equal((await ida('PATCH', `${here.at}/rounds/${round}`, fields, { 'If-Match': `"${version}"` })).status, 200)
  }
  // What is typed waits until something else was written on the server.
  let hold = true
  await page.route('**/rounds/*', async (route) => {
    if (route.request().method() === 'PATCH' && hold) {
      hold = false
      await elsewhere({ question: 'Theirs' })
    }
    await route.continue()
  })
  await page.getByRole('textbox', { name: 'Name' }).fill('Mine')
  await page.waitForFunction(() => document.querySelector('textarea')?.value === 'Theirs')
  await saved(page)
  assert.deepEqual(await stateOf(ida, here, round).then(({ name, question }) => [name, question]), ['Mine', 'Theirs'])
  hold = true
  await page.unroute('**/rounds/*')
  await page.route('**/rounds/*', async (route) => {
    if (route.request().method() === 'PATCH' && hold) {
      hold = false
      await elsewhere({ name: 'Theirs too' })
    }
    await route.continue()
  })
  await page.getByRole('textbox', { name: 'Name' }).fill('Mine again')
  await page.getByText('Somebody else has changed the same meanwhile: name.').waitFor()
  await button(page, 'Keep mine').click()
  await saved(page)
  await page.getByText('Somebody else has changed').waitFor({ state: 'detached' })
  assert.equal((await stateOf(ida, here, round)).name, 'Mine again')
  assert.equal(await button(page, 'Start blind round').isDisabled(), true)

  // By hand, box by box.
  await box(page, titles[0]).check()
  await box(page, titles[1]).check()
  await box(page, /^Ida /).check()
  await page.getByRole('radio', { name: 'By hand' }).check()
  await box(page, `${titles[0]}, Ida`).focus()
  await page.keyboard.press('Space')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Space')
  await saved(page)
  assert.deepEqual(
    (await stateOf(ida, here, round)).assignment.map((a) => a.coderIds),
    [[ida.id], [ida.id]],
  )
  await button(page, 'Delete this draft').click()
  await page.getByText('In a round several people code').waitFor()
  await page.locator('.toast button').click()
  await page.getByRole('link', { name: 'Mine again' }).waitFor()
  assert.deepEqual(faults, [])
  await close()
})

test('whoever isn’t asked to code a note of a round is told why it rests, and it all fits on a phone, in the dark and in Danish', async () => {
  const [per, mia, ole] = [await caller('Per'), await caller('Mia'), await caller('Ole')]
  const here = await study(per, 'Mia', 'Ole')
  const [n, m] = here.notes
  const round = await begun(per, here, [{ noteId: n, coderIds: [mia.id] }, { noteId: m, coderIds: [mia.id, ole.id] }], 'blind')
  const narrow = { viewport: { width: 390, height: 844 }, colorScheme: 'dark' }
  const owner = await open('Per', `${here.address}/rounds/${round.id}`)
  await owner.page.getByText('Past the due date and not done: Mia, Ole').waitFor()
  await owner.page.goto(`${here.address}/notes/${n}`)
  await owner.page.getByText('This note is being coded blind').waitFor()
  await ask(owner.page, 1)
  await owner.page.getByText('Nothing can be coded here until the round is revealed.').waitFor()
  const other = await open('Ole', `${here.address}/notes/${n}`)
  await other.page.getByText('This note is coded blind by others in your round.').waitFor()
  const coder = await open('Mia', `${here.address}/rounds`, { ...narrow, locale: 'da-DK' })
  await coder.page.getByText('2 noter tilbage').waitFor()
  await fits(coder.page)
  await accessible(coder.page, 'rounds, narrow')
  await coder.page.getByRole('link', { name: 'By hand' }).click()
  await coder.page.getByRole('link', { name: 'Gå til den næste' }).waitFor()
  await fits(coder.page)
  await accessible(coder.page, 'a round, narrow')
  await coder.page.goto(`${here.address}/notes/${n}`)
  await coder.page.getByText('Blind runde: du ser kun dine egne kodninger').waitFor()
  await coder.page.getByRole('button', { name: 'Jeg er færdig med noten' }).waitFor()
  await fits(coder.page)
  await accessible(coder.page, 'a blind note, narrow')
  const quote = 'Paragraph 1'
  const anchor = { start: 0, end: quote.length, quote }
  await mia('POST', `${here.at}/codings`, { noteId: m, codeId: here.codes[1], anchor })
  await ole('POST', `${here.at}/codings`, { noteId: m, codeId: here.codes[2], anchor })
  for (const to of ['locked', 'revealed']) {
    const { version } = await stateOf(per, here, round.id)
    await per('POST', `${here.at}/rounds/${round.id}/move`, { to, why: '' }, { 'If-Match': `"${version}"` })
  }
  await coder.page.goto(`${here.address}/rounds/${round.id}/notes/${m}?block=1`)
  await coder.page.getByText('Forskel 1 af 1').waitFor()
  await fits(coder.page)
  await accessible(coder.page, 'side by side, narrow')
  // The whole set-up on a phone.
  const draft = await begun(per, here, [{ noteId: n, coderIds: [mia.id] }])
  const phone = await open('Per', `${here.address}/rounds/${draft.id}`, narrow)
  await button(phone.page, 'Start blind round').waitFor()
  await phone.page.locator('.choose label').first().waitFor()
  await fits(phone.page)
  await accessible(phone.page, 'set-up, narrow')
  assert.deepEqual([owner, other, coder, phone].flatMap(({ faults }) => faults), [])
  await Promise.all([owner, other, coder, phone].map(({ close }) => close()))
})
