// Holds the words on the screen to account: each language has the same keys, every key that the code
// uses is there, and none is there that nothing uses.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

const flat = (words, path = '') =>
  Object.entries(words).flatMap(([key, word]) => (typeof word === 'string' ? [path + key] : flat(word, `${path}${key}.`)))
const withoutPlural = (key) => key.replace(/_(zero|one|other)$/, '')

const faults = []
const languages = { en: new Set(), da: new Set() }
for (const [language, keys] of Object.entries(languages)) {
  const sections = new Set()
  for (const name of await readdir(join('src/locales', language))) {
    const words = JSON.parse(await readFile(join('src/locales', language, name), 'utf8'))
    for (const section of Object.keys(words)) {
      if (sections.has(section)) faults.push(`${language}/${name} has ${section}, which another file has too`)
      sections.add(section)
    }
    for (const key of flat(words)) keys.add(key)
  }
}
const all = new Set(Object.values(languages).flatMap((keys) => [...keys]))
for (const [name, keys] of Object.entries(languages)) {
  for (const key of all) if (!keys.has(key)) faults.push(`${name} lacks ${key}`)
}

const known = new Set([...all].map(withoutPlural))
let source = ''
for (const file of await readdir('src', { recursive: true })) {
  if (/\.tsx?$/.test(file) && !file.endsWith('.d.ts')) source += await readFile(join('src', file), 'utf8')
}
for (const [, key] of source.matchAll(/\bt\(\s*'([\w.]+)'/g)) if (!known.has(key)) faults.push(`no language has ${key}`)
// A key that is put together, as in t(`kind.${kind}`), uses all keys that begin so.
const beginnings = [...source.matchAll(/\bt\(\s*`([\w.]*)\$\{/g)].map(([, beginning]) => beginning)
for (const key of known) {
  if (!source.includes(`'${key}'`) && !beginnings.some((b) => key.startsWith(b))) faults.push(`nothing uses ${key}`)
}
if (faults.length > 0) {
  console.error(faults.join('\n'))
  process.exit(1)
}
