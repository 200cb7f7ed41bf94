import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { accessible, fits, run } from './feltbog.mjs'
import { linkIn, openMailbox } from './mailbox.mjs'

// Nobody makes an account here without an invitation.
process.env.FELTBOG_SIGN_UP = 'invite'
const mailbox = await openMailbox()
process.env.FELTBOG_SMTP_ADDR = mailbox.address
process.env.FELTBOG_SMTP_FROM = 'feltbog@example.org'
process.env.FELTBOG_SMTP_TLS = 'none'
const feltbog = run()
after(() => mailbox.close())

const secret = 'four words for everybody'
const emailOf = (name) => `${name.toLowerCase()}@example.org`
const toast = (page) => page.locator('.toast')
const heading = (page, name) => page.getByRole('heading', { level: 1, name }).waitFor()

/** A window at an address, of somebody by name or of a stranger. */
async function open(address, { name, ...options } = {}) {
  const context = await feltbog.browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    reducedMotion: 'reduce',
    serviceWorkers: 'block',
    ...options,
  })
  const page = await context.newPage()
  if (name) {
    await context.request.post(`${feltbog.address}/api/v1/auth/sign-in`, { data: { email: emailOf(name), password: secret } })
  }
  await page.goto(address)
  return { page, context, close: () => context.close() }
}

/** An account that the administrator made; gives what it asks the API with. */
async function newcomer(name, language = 'en') {
  await feltbog.api('POST', '/users', { name, email: emailOf(name), password: secret, language })
  return caller(name)
}

async function caller(name) {
  const send = async (method, path, body, token) => {
    const answer = await fetch(`${feltbog.address}/api/v1${path}`, {
      method,
      headers: { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) },
      ...(body && { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    assert.ok(answer.ok, `${method} ${path}: ${text}`)
    return text && JSON.parse(text)
  }
  const { accessToken } = await send('POST', '/auth/sign-in', { email: emailOf(name), password: secret })
  return (method, path, body) => send(method, path, body, accessToken)
}

/** Somebody with a project of their own. */
async function owner(name, project) {
  const call = await newcomer(name)
  const { id } = await call('POST', '/projects', { name: project })
  const roles = async () => (await call('GET', `/projects/${id}/members`)).items.map((m) => `${m.name} ${m.role}`).sort()
  const invite = async (asked = {}) => (await call('POST', `/projects/${id}/invitations`, { role: 'coder', ...asked })).items[0].link
  return { call, id, roles, invite, address: `${feltbog.address}/projects/${id}` }
}

/** Fills in the form of somebody who has no account yet, or has one. */
async function enter(page, fields) {
  for (const [name, value] of Object.entries(fields)) await page.locator(`[name=${name}]`).fill(value)
  await page.keyboard.press('Enter')
}

const signedIn = (page, name) => page.getByRole('button', { name: `${name}, Your account` }).waitFor()

test('a link for one person makes an account and a member, once', async () => {
  const lea = await owner('Lea', 'Havnsø')
  const { page, context, close } = await open(`${lea.address}/members`, { name: 'Lea' })
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.getByText('No invitation is open').waitFor()
  await page.getByRole('button', { name: 'Invite people' }).focus()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog')
  await page.waitForFunction(() => document.activeElement?.matches('[role=dialog] [type=radio]'))
  await accessible(page, 'invite')
  await dialog.getByRole('button', { name: 'Make the link' }).press('Enter')
  await dialog.getByText('can join as coder').waitFor()
  const copy = dialog.getByRole('button', { name: 'Copy' })
  await copy.waitFor()
  assert.ok(await copy.evaluate((button) => button === document.activeElement))
  await page.keyboard.press('Enter')
  await dialog.getByRole('status').getByText('Copied').waitFor()
  const link = await page.evaluate(() => navigator.clipboard.readText())
  assert.match(link, new RegExp(`^${feltbog.address}/invitations/.{40,}$`))
  await accessible(page, 'invited')
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  assert.ok(await page.getByRole('button', { name: 'Invite people' }).evaluate((button) => button === document.activeElement))
  await page.getByRole('button', { name: 'Withdraw: Link for one person' }).waitFor()

  const mia = await open(link)
  await heading(mia.page, 'Lea invites you to “Havnsø”')
  await mia.page.getByText('As a coder you read').waitFor()
  await enter(mia.page, { name: 'Mia', email: emailOf('Mia'), password: secret })
  await mia.page.waitForURL(lea.address)
  await toast(mia.page).getByText('You are in “Havnsø” now').waitFor()
  assert.deepEqual(await lea.roles(), ['Lea owner', 'Mia coder'])

  // The owner sees it without asking again.
  await page.getByRole('combobox', { name: 'Role of Mia' }).waitFor()
  await page.getByText('1 that is over').click()
  await page.locator('.earlier .tag', { hasText: 'used' }).waitFor()

  const late = await open(link)
  await heading(late.page, 'This invitation is open no more')
  await accessible(late.page, 'gone')
  await late.page.getByRole('link', { name: 'Go to Feltbog' }).click()
  await late.page.locator('[name=password]').waitFor()
  assert.equal(await late.page.getByRole('button', { name: 'Make an account' }).count(), 0)
  await Promise.all([close(), mia.close(), late.close()])
})

test('a class comes by one link until it is withdrawn; whoever has an account signs in there', async () => {
  const bo = await owner('Bo', 'Tuesdays')
  await newcomer('Ida')
  const { page, close } = await open(`${bo.address}/members`, { name: 'Bo' })
  await page.getByRole('button', { name: 'Invite people' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('radio', { name: 'A class or a team' }).click()
  await dialog.getByRole('textbox', { name: 'How many may come' }).fill('2')
  await dialog.getByRole('combobox', { name: 'Role' }).click()
  assert.deepEqual(await page.getByRole('option').allInnerTexts(), ['Editor', 'Coder', 'Reader'])
  await page.getByRole('option', { name: 'Reader' }).click()
  await dialog.getByRole('button', { name: 'Make the link' }).click()
  const link = await dialog.getByRole('textbox', { name: 'Link' }).inputValue()
  await dialog.getByRole('button', { name: 'Done' }).click()

  const ida = await open(link)
  await ida.page.getByRole('button', { name: 'Have an account? Sign in' }).click()
  await enter(ida.page, { email: emailOf('Ida'), password: secret })
  await ida.page.waitForURL(bo.address)
  await toast(ida.page).getByText('You are in “Tuesdays” now').waitFor()
  assert.deepEqual(await bo.roles(), ['Bo owner', 'Ida reader'])
  // Coming back by the link leads there again.
  await ida.page.goto(link)
  await ida.page.getByText('You are in “Tuesdays” already').waitFor()
  await ida.page.getByRole('button', { name: 'Go to the project' }).click()
  await ida.page.waitForURL(bo.address)

  await page.getByText('1 has come').waitFor()
  await page.getByRole('button', { name: 'Withdraw: Link for 2 people' }).press('Enter')
  await toast(page).getByText('can’t be undone').waitFor()
  assert.equal(await toast(page).getByRole('button').count(), 0)
  assert.ok(await page.getByRole('button', { name: 'Invite people' }).evaluate((button) => button === document.activeElement))
  await ida.page.context().clearCookies()
  await ida.page.goto(link)
  await heading(ida.page, 'This invitation is open no more')
  await Promise.all([close(), ida.close()])
})

test('addresses are invited in bulk by e-mail, and whoever follows the letter as somebody else is told', async () => {
  const per = await owner('Per', 'After the go-live')
  await newcomer('Else', 'da')
  const { page, close } = await open(`${per.address}/members`, { name: 'Per' })
  await page.getByRole('button', { name: 'Invite people' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('radio', { name: 'By e-mail' }).click()
  const addresses = dialog.getByRole('textbox', { name: 'E-mail addresses' })
  await addresses.fill('else@example.org\nnobody at all')
  await dialog.getByRole('button', { name: 'Send the invitations' }).click()
  await dialog.getByText('Correct or remove what is no address: nobody at all').waitFor()
  await addresses.fill('Else <else@example.org>; new@example.org, nobody@refused.example')
  await dialog.getByText('3 addresses').waitFor()
  await dialog.getByRole('textbox', { name: 'Words of your own' }).fill('Welcome to the fjord.')
  await dialog.getByRole('button', { name: 'Send the invitations' }).click()
  await dialog.getByText('2 invitations are sent').waitFor()
  await dialog.getByText('1 couldn’t be sent').waitFor()
  assert.match(await dialog.getByRole('textbox', { name: 'nobody@refused.example' }).inputValue(), /\/invitations\//)
  await accessible(page, 'sent')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Withdraw: new@example.org' }).waitFor()

  const letter = await mailbox.letterTo('else@example.org')
  assert.match(letter.text, /Per inviterer dig/)
  assert.match(letter.text, /Welcome to the fjord\./)
  const other = await open(linkIn(await mailbox.letterTo('new@example.org')), { name: 'Else' })
  await other.page.getByText('You are signed in as Else (else@example.org)').waitFor()
  await other.page.getByRole('note').getByText('was sent to new@example.org').waitFor()
  await accessible(other.page, 'invitation')
  await other.page.getByRole('button', { name: 'Sign out and use another account' }).click()
  await other.page.getByRole('button', { name: 'Make an account and join' }).waitFor()
  assert.equal(await other.page.locator('[name=email]').inputValue(), 'new@example.org')
  await other.page.goto(linkIn(letter))
  await other.page.getByRole('button', { name: 'Have an account? Sign in' }).click()
  assert.equal(await other.page.locator('[name=email]').inputValue(), 'else@example.org')
  await enter(other.page, { password: 'not these words' })
  await other.page.getByRole('alert').waitFor()
  await enter(other.page, { password: secret })
  await other.page.waitForURL(per.address)
  assert.deepEqual(await per.roles(), ['Else coder', 'Per owner'])
  await Promise.all([close(), other.close()])
})

test('a forgotten password is chosen anew by a letter, or by a link of the administrator', async () => {
  await newcomer('Kirsten')
  const here = await open(`${feltbog.address}/settings`, { name: 'Kirsten' })
  await heading(here.page, 'Your settings')
  const { page, close } = await open(feltbog.address)
  await page.getByRole('link', { name: 'Forgot your password?' }).click()
  await heading(page, 'A new password')
  await accessible(page, 'forgot')
  await enter(page, { email: emailOf('Kirsten') })
  await page.getByText('If kirsten@example.org has an account here').waitFor()
  const link = linkIn(await mailbox.letterTo(emailOf('Kirsten')))
  await page.goto(link)
  await heading(page, 'Choose a new password')
  await accessible(page, 'reset')
  await enter(page, { password: 'short' })
  await page.getByRole('alert').waitFor()
  await enter(page, { password: 'other words for Kirsten' })
  await heading(page, 'Your new password is saved')
  await page.getByRole('link', { name: 'Sign in' }).click()
  await enter(page, { email: emailOf('Kirsten'), password: 'other words for Kirsten' })
  await signedIn(page, 'Kirsten')
  await here.page.reload()
  await here.page.getByRole('button', { name: 'Sign in' }).waitFor()
  await here.page.goto(link)
  await enter(here.page, { password: 'more words for Kirsten' })
  await heading(here.page, 'This link works no longer')

  const admin = await feltbog.signIn()
  await admin.page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await admin.page.goto(`${feltbog.address}/settings/users`)
  await admin.page.getByRole('button', { name: 'Reset link for Kirsten' }).click()
  const dialog = admin.page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Copy' }).click()
  await dialog.getByRole('status').getByText('Copied').waitFor()
  await accessible(admin.page, 'reset link')
  // Whoever uses it while signed in is signed out with the rest.
  await page.goto(await admin.page.evaluate(() => navigator.clipboard.readText()))
  await enter(page, { password: secret })
  await page.getByText('Your session has ended').waitFor()
  await enter(page, { password: secret })
  await heading(page, 'Your new password is saved')
  await Promise.all([close(), here.close(), admin.close()])
})

test('a role that is taken, and a membership, end at once in the windows that are open', async () => {
  const tove = await owner('Tove', 'The harbour')
  const link = await tove.invite()
  await newcomer('Aage').then((call) => call('POST', '/invitations/accept', { token: link.split('/').at(-1) }))
  const aage = await open(tove.address, { name: 'Aage' })
  const write = aage.page.locator('.tabs').getByRole('link', { name: 'Write' })
  await write.waitFor()
  const { page, close } = await open(`${tove.address}/members`, { name: 'Tove' })
  await page.getByRole('combobox', { name: 'Role of Aage' }).click()
  await page.getByRole('option', { name: 'Reader' }).click()
  await toast(page).getByText('Aage: Reader').waitFor()
  await write.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Remove Aage' }).press('Enter')
  await heading(aage.page, /There is nothing at this address/)
  assert.ok(await page.getByRole('list').filter({ hasText: 'Tove' }).evaluate((list) => list === document.activeElement))
  await toast(page).getByRole('button').click()
  await page.getByRole('combobox', { name: 'Role of Aage' }).waitFor()
  await aage.page.reload()
  await aage.page.locator('.tabs').waitFor()
  await Promise.all([close(), aage.close()])
})

test('a project is handed over, by somebody who then leaves it', async () => {
  const sara = await owner('Sara', 'Two places')
  const { page, close } = await open(`${sara.address}/settings`, { name: 'Sara' })
  await page.getByText('You are the only owner').waitFor()
  await page.getByRole('link', { name: 'Hand it over' }).click()
  await page.getByText('There is nobody yet to hand it to').waitFor()
  const link = await sara.invite()
  await newcomer('Ove').then((call) => call('POST', '/invitations/accept', { token: link.split('/').at(-1) }))
  await page.getByRole('button', { name: 'Hand it over' }).click()
  const to = page.getByRole('combobox', { name: 'New owner' })
  assert.equal(await to.inputValue(), 'Ove · Coder')
  assert.ok(await to.evaluate((field) => field === document.activeElement))
  await page.getByRole('combobox', { name: 'And you' }).click()
  await page.getByRole('option', { name: 'stay as coder' }).click()
  await page.getByRole('button', { name: 'Hand over now' }).click()
  await toast(page).getByText('Ove owns Two places now').waitFor()
  assert.deepEqual(await sara.roles(), ['Ove owner', 'Sara coder'])
  await page.getByRole('button', { name: 'Invite people' }).waitFor({ state: 'detached' })

  const ove = await open(`${sara.address}/members`, { name: 'Ove' })
  await page.getByRole('button', { name: 'Leave the project' }).click()
  await page.getByRole('button', { name: 'Leave now' }).click()
  await toast(page).getByText('You left Two places').waitFor()
  await heading(page, 'Projects')
  await ove.page.getByRole('combobox', { name: 'Role of Sara' }).waitFor({ state: 'detached' })
  await Promise.all([close(), ove.close()])
})

test('whoever has left is called by name or by a pseudonym, as the project says', async () => {
  const rie = await owner('Rie', 'The library')
  const link = await rie.invite()
  const leaver = await newcomer('Finn')
  await leaver('POST', '/invitations/accept', { token: link.split('/').at(-1) })
  await leaver('POST', `/projects/${rie.id}/leave`)
  const { page, close } = await open(`${rie.address}/members`, { name: 'Rie' })
  const former = page.getByRole('region', { name: 'Those who have left' })
  await former.getByText('Finn').waitFor()
  await page.getByRole('link', { name: 'Project settings' }).click()
  await page.getByRole('radio', { name: 'By pseudonym' }).click()
  await toast(page).getByText('are shown by pseudonym').waitFor()
  await page.locator('.set__nav').getByRole('link', { name: 'Members' }).click()
  await former.getByText('Coder 2').waitFor()
  assert.equal(await page.getByText('Finn').count(), 0)
  await toast(page).getByRole('button').click()
  await former.getByText('Finn').waitFor()
  await page.goto(`${rie.address}/history`)
  await page.getByText('Finn joined as a coder, invited by Rie').waitFor()
  await close()
})

for (const colorScheme of ['light', 'dark']) {
  test(`axe finds nothing in Danish, and a phone shows every page, ${colorScheme}`, async () => {
    const name = `Jens${colorScheme}`
    const jens = await owner(name, 'Vedeldorpvandforsyningsselskabernes digitaliseringsfællesskab')
    const link = await jens.invite({ maxUses: 0, role: 'reader' })
    await jens.invite()
    const danish = { locale: 'da-DK', colorScheme, viewport: { width: 390, height: 844 } }
    const look = async (page, view) => {
      await accessible(page, view)
      await fits(page)
    }
    const stranger = await open(link, danish)
    await heading(stranger.page, new RegExp(`${name} inviterer dig til`))
    await look(stranger.page, 'door')
    await stranger.page.goto(`${feltbog.address}/forgot-password`)
    await stranger.page.getByRole('button', { name: 'Send linket' }).waitFor()
    await look(stranger.page, 'forgot')
    await stranger.page.goto(`${feltbog.address}/reset-password/${'a'.repeat(43)}`)
    await heading(stranger.page, 'Vælg en ny adgangskode')
    await look(stranger.page, 'reset')
    await enter(stranger.page, { password: secret })
    await heading(stranger.page, /Linket virker ikke længere/)
    await look(stranger.page, 'reset gone')

    const { page, close } = await open(`${jens.address}/members`, { ...danish, name })
    await page.getByRole('button', { name: 'Træk tilbage: Link til alle, der har det' }).waitFor()
    await look(page, 'members')
    await page.getByRole('button', { name: 'Invitér folk' }).click()
    await page.getByRole('dialog').getByRole('radio', { name: 'Pr. e-mail' }).click()
    await look(page, 'invite')
    await page.getByRole('dialog').getByRole('radio', { name: 'Én person' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Lav linket' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Kopiér' }).waitFor()
    await look(page, 'made')
    await page.goto(link)
    await page.getByRole('button', { name: 'Gå til projektet' }).waitFor()
    await look(page, 'invitation')
    await Promise.all([close(), stranger.close()])
  })
}
