// Adds to dist/, where Vite has put the app, its service worker and the reference of the API: pages under
// their own names, and what they need under names that carry a hash of the content, so that browsers may
// keep those for good.
import { createHash } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, extname, isAbsolute, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { keepBudget, matchControls } from './budget.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const dist = join(here, 'dist')
const swagger = join(here, 'node_modules', 'swagger-ui-dist')

// Every asset: the word that pages name it by, and the files it is made of.
const assets = {
  'tokens.css': ['pages/tokens.css'],
  'docs.css': ['pages/docs.css'],
  'docs.js': ['pages/docs.js'],
  'icon.svg': ['public/icon.svg'],
  'swagger-ui.css': [join(swagger, 'swagger-ui.css')],
  'swagger-ui.js': [join(swagger, 'swagger-ui-bundle.js')],
  'swagger-ui-licence.txt': ['NOTICE', 'LICENSE', 'swagger-ui-bundle.js.LICENSE.txt'].map((name) => join(swagger, name)),
}
const pages = { 'docs.html': 'pages/docs.html' }

const read = (path) => readFile(isAbsolute(path) ? path : join(here, path), 'utf8')

// A bundle names its source map, which we don't serve.
const withoutMap = (text) => text.replace(/\n?(\/\/|\/\*)# sourceMappingURL=\S+( ?\*\/)?\s*$/, '\n')

async function writeAsset(name, sources) {
  const text = withoutMap((await Promise.all(sources.map(read))).join('\n\n'))
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 12)
  const ending = extname(name)
  const path = `assets/${name.slice(0, -ending.length)}-${hash}${ending}`
  await writeFile(join(dist, path), text)
  return [name, `/${path}`]
}

async function writePage(name, source, addresses) {
  const text = (await read(source)).replace(/\{\{\s*([\w.-]+)\s*\}\}/g, (_, word) => {
    if (!addresses[word]) throw new Error(`${source} names ${word}, which is no asset`)
    return addresses[word]
  })
  await writeFile(join(dist, name), text)
}

// The alphabets of the typefaces that the languages of the app are written with.
const isForeign = (name) => /\.woff2$/.test(name) && !/-latin(-ext)?-/.test(name)

/** Writes the service worker, which keeps what Vite has built, in the version of that build. */
async function writeWorker() {
  const assets = (await readdir(join(dist, 'assets'))).filter((name) => !isForeign(name)).sort()
  const files = ['/', '/icon.svg', ...assets.map((name) => `/assets/${name}`)]
  const text = await read('pages/sw.js')
  const hash = createHash('sha256')
    .update(text)
    .update(await readFile(join(dist, 'index.html')))
    .update(files.join())
  const words = { version: hash.digest('hex').slice(0, 12), files: JSON.stringify(files) }
  await writeFile(
    join(dist, 'sw.js'),
    text.replace(/\{\{(\w+)\}\}/g, (_, word) => words[word]),
  )
}

await matchControls(dist, join(here, 'src/styles/controls.css'), join(here, 'node_modules/@mantine/core/styles'))
await keepBudget(dist)
await writeWorker()
const addresses = Object.fromEntries(
  await Promise.all(Object.entries(assets).map(([name, sources]) => writeAsset(name, sources))),
)
await Promise.all(Object.entries(pages).map(([name, source]) => writePage(name, source, addresses)))
