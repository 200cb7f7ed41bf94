// Holds the words on the screen to account: each language has the same keys, every key that the code
// uses is there, and none is there that nothing uses.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

const flat = (words, path = '') =>
  Object.entries(words).flatMap(([key, word]) => (typeof word === 'string' ? [path + key] : flat(word, `${path}${key}.`)))
const withoutPlural = (key) => key.replace(/_(zero|one|other)$/, '')

// The sentences of the server are in English; this file has them in another language.
const serverWords = 'problems.json'
const faults = []
const languages = { en: new Set(), da: new Set() }
for (const [language, keys] of Object.entries(languages)) {
  const sections = new Set()
  for (const name of await readdir(join('src/locales', language))) {
    if (name === serverWords) continue
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
await checkServerWords()

/** Holds the sentences of the server to account: each of its codes has one, and none is there for another. */
async function checkServerWords() {
  const contract = await readFile('../api/openapi.yaml', 'utf8')
  const [, problems = ''] = /\n {4}ProblemCode:.*?\n {6}enum:\s*\[(.*?)\]/s.exec(contract) ?? []
  let readers = ''
  for (const name of await readdir('../exchange')) {
    if (/\.go$/.test(name) && !name.endsWith('_test.go')) readers += await readFile(join('../exchange', name), 'utf8')
  }
  // How codes are written where a reader warns, asks, or says what is the matter with a cell.
  const said = {
    problem: new Set(problems.match(/\w+/g)),
    warning: found(readers, /\bwarn\("(\w+)"/g, /\bWarning\{+(?:Code: )?"(\w+)"/g, /\bleft[A-Z]\w+ += "(archive_\w+)"/g),
    question: found(readers, /\bTableQuestion\{[^}]*?Code: "(\w+)"/g),
    cell: found(readers, /\bcellProblem\("(\w+)"/g, /\bTableProblem\{[^}]*?Code: "(\w+)"/g),
  }
  for (const language of Object.keys(languages)) {
    if (language === 'en') continue
    const words = JSON.parse(await readFile(join('src/locales', language, serverWords), 'utf8'))
    for (const [section, codes] of Object.entries(said)) {
      if (codes.size === 0) faults.push(`no code of a ${section} was found`)
      const own = Object.keys(words[section] ?? {})
      for (const code of codes) if (!own.includes(code)) faults.push(`${language}/${serverWords} lacks ${section}.${code}`)
      for (const code of own)
        if (!codes.has(code)) faults.push(`${language}/${serverWords} has ${section}.${code}, which nothing says`)
    }
  }
}

function found(source, ...forms) {
  return new Set(forms.flatMap((form) => [...source.matchAll(form)].map(([, code]) => code)))
}

if (faults.length > 0) {
  console.error(faults.join('\n'))
  process.exit(1)
}
