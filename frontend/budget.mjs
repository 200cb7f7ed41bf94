// What a browser fetches before it shows a note for the first time, as Vite's list of what it built tells it.
// It may not grow beyond its bound: whoever reads a note over a slow line waits for all of it.
import { readdir, readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'

const limit = 250 // kB, zipped as the server does it

// The page itself, its words, and the view of a note, each with all that it imports.
const parts = ['index.html', 'src/locales/en.ts', 'src/note/workspace.tsx']

/** Fails where the first load of a note is too large. The list of what was built isn't served, and goes. */
export async function keepBudget(dist) {
  const list = join(dist, '.vite', 'manifest.json')
  const built = JSON.parse(await readFile(list, 'utf8'))
  const files = new Set()
  for (const part of parts) gather(built, part, files)
  const kilobytes = { js: 0, css: 0 }
  for (const file of files) {
    const { length } = gzipSync(await readFile(join(dist, file)), { level: 9 })
    kilobytes[file.endsWith('.css') ? 'css' : 'js'] += length / 1000
  }
  const { js, css } = kilobytes
  const said = `The first load of a note is ${(js + css).toFixed(1)} kB: ${js.toFixed(1)} of scripts, ${css.toFixed(1)} of styles.`
  if (js + css > limit) throw new Error(`${said} It may be ${limit}: docs/performance.md tells what can come later.`)
  console.log(said)
  await rm(dirname(list), { recursive: true })
}

function gather(built, part, files) {
  const { file, css = [], imports = [] } = built[part] ?? {}
  if (!file) throw new Error(`Vite built no ${part}, of which the first load of a note consists.`)
  if (files.has(file)) return
  for (const name of [file, ...css]) files.add(name)
  for (const each of imports) gather(built, each, files)
}

/** Fails where styles of a control are missing that the app has, or are there for a control that it hasn't. */
export async function matchControls(dist, list, styles) {
  const listed = [...(await readFile(list, 'utf8')).matchAll(/"@mantine\/core\/styles\/([\w-]+)\.css"/g)].map(([, name]) => name)
  const scripts = (await readdir(join(dist, 'assets'))).filter((name) => name.endsWith('.js'))
  const code = (await Promise.all(scripts.map((name) => readFile(join(dist, 'assets', name), 'utf8')))).join('\n')
  for (const file of await readdir(styles)) {
    const name = file.slice(0, -'.css'.length)
    if (!file.endsWith('.css') || name.endsWith('.layer')) continue
    const classes = [...(await readFile(join(styles, file), 'utf8')).matchAll(/\.(m_[\da-f]+)/g)].map(([, name]) => name)
    if (classes.length === 0) continue // of all controls
    const has = classes.some((name) => code.includes(name))
    if (has !== listed.includes(name)) throw new Error(`styles/controls.css ${has ? 'lacks' : 'needs no'} ${name}.css.`)
  }
}
