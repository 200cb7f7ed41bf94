// What the tests of those who answer exercises share: a class with an exercise, and windows of its students.
import assert from 'node:assert/strict'

const password = 'a quiet long password'

/** A note of the demo, which is released to exercises. */
async function noteOfDemo(feltbog) {
  const demo = (await feltbog.api('GET', '/projects')).items.find((p) => p.demo)
  const all = (await feltbog.api('GET', `/projects/${demo.id}/notes?limit=1000`)).items
  return { project: demo.id, note: all.find((n) => n.title.includes('Thursdays')) }
}

/** Asks the API as a student. */
async function asStudent(feltbog, token, method, path, body) {
  const response = await fetch(`${feltbog.address}/api/v1${path}`, {
    method,
    headers: { Authorization: `Bearer ${token}`, ...(body && { 'Content-Type': 'application/json' }) },
    body: body && JSON.stringify(body),
  })
  const text = await response.text()
  assert.ok(response.ok, `${method} ${path}: ${response.status} ${text}`)
  return text === '' ? undefined : JSON.parse(text)
}

/** A course with an open exercise of two prompts, a note released to it, and its students. */
export async function classOf(feltbog, names, fields = {}) {
  const notes = await noteOfDemo(feltbog)
  const course = await feltbog.api('POST', '/courses', { name: 'Organising with data', term: 'Spring 2027', language: 'en' })
  const at = `/courses/${course.id}`
  const made = await feltbog.api('POST', `${at}/exercises`, { template: 'public-organisation' })
  const exercise = await feltbog.api(
    'PATCH',
    `/exercises/${made.id}`,
    { open: true, prompts: made.prompts.slice(0, 2), minWords: 3, maxWords: 40, passages: 1, reasons: true, ...fields },
    { 'If-Match': `"${made.version}"` },
  )
  await feltbog.api('POST', `/exercises/${exercise.id}/releases`, { projectId: notes.project, noteId: notes.note.id })
  const { code } = await feltbog.api('POST', `${at}/join`, {})
  const students = []
  for (const name of names) {
    const email = `${name.toLowerCase()}.${course.id}@example.org`
    const account = { email, password, name, course: code }
    const { accessToken } = await (
      await fetch(`${feltbog.address}/api/v1/auth/sign-up`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(account),
      })
    ).json()
    assert.ok(accessToken, `${name} has an account`)
    students.push({ name, email, ask: (...more) => asStudent(feltbog, accessToken, ...more) })
  }
  return { feltbog, course, exercise, students, project: notes.project, note: notes.note, address: `${feltbog.address}/exercises/${exercise.id}` }
}

/** A window in which a student answers. */
export async function answering({ feltbog, address }, student, options = {}) {
  const window = await feltbog.visit(new URL(address).pathname, options)
  const { page } = window
  await page.locator('[name=email]').fill(student.email)
  await page.locator('[name=password]').fill(password)
  await page.keyboard.press('Enter')
  await field(page).waitFor()
  return window
}

/** Where the answer to a prompt is written. */
export const field = (page, n = 1) => page.getByRole('textbox', { name: /^(Answer to prompt|Svar på spørgsmål) / }).and(page.locator(`#answer-${n}`))
export const saved = (page) => page.locator('.ans__place--saved').waitFor()
export const button = (page, name) => page.getByRole('button', { name, exact: true })

/** A student's own submission as the server has it. */
export async function work(student, exercise) {
  const { items } = await student.ask('GET', `/exercises/${exercise.id}/submissions`)
  return student.ask('GET', `/submissions/${items[0].id}`)
}

/** Waits until something holds. */
export async function until(holds) {
  for (const end = Date.now() + 20_000; ; ) {
    const got = await holds()
    if (got) return got
    assert.ok(Date.now() < end, `it never was so: ${holds}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** Waits until the device holds these words. */
export const onDevice = (page, wanted) =>
  page.waitForFunction(async (text) => {
    const done = (request) => new Promise((resolve) => (request.onsuccess = () => resolve(request.result)))
    const db = await done(indexedDB.open('feltbog'))
    const rows = await done(db.transaction('answers').objectStore('answers').getAll())
    db.close()
    return JSON.stringify(rows).includes(text)
  }, wanted)
