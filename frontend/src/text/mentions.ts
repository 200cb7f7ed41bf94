// Mentions in comments: written with a name behind an @, kept with an id, shown by name. Pure.

export type Person = { id: string; name: string }

/** A piece of a comment: words, or somebody who is mentioned. */
export type Piece = string | { person: string }

const kept = /@\[([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\]/g
const longest = 60 // characters of a name that is being typed

/** The words of a comment with those it mentions apart. */
export function pieces(text: string): Piece[] {
  return text
    .split(kept)
    .map((piece, i) => (i % 2 === 0 ? piece : { person: piece }))
    .filter((piece) => piece !== '')
}

/** A comment as it is written: names instead of ids. */
export const written = (text: string, nameOf: (id: string) => string) =>
  pieces(text)
    .map((piece) => (typeof piece === 'string' ? piece : `@${nameOf(piece.person)}`))
    .join('')

/** A comment where nobody's name is at hand. */
export const unnamed = (text: string) => written(text, () => '…')

/** A comment as it is kept: ids instead of names. Of two with the same name, the one who was chosen from the list is meant. */
export function addressed(text: string, people: readonly Person[], chosen: readonly string[] = []): string {
  const first = (person: Person) => Number(chosen.includes(person.id))
  const longestFirst = people
    .filter(({ name }) => name !== '')
    .toSorted((a, b) => b.name.length - a.name.length || first(b) - first(a))
  let rest = text
  let kept = ''
  for (;;) {
    const at = rest.indexOf('@')
    if (at < 0) return kept + rest
    const person = longestFirst.find(({ name }) => begins(rest.slice(at + 1), name))
    kept += rest.slice(0, at) + (person ? `@[${person.id}]` : '@')
    rest = rest.slice(at + 1 + (person?.name.length ?? 0))
  }
}

/** Whether words begin with a name that ends there. */
const begins = (words: string, name: string) => words.startsWith(name) && !/^[\p{L}\p{N}]/u.test(words.slice(name.length))

/** What is typed of a name behind an @, before the caret; undefined where no name is typed. */
export function typedName(text: string, caret: number): { start: number; words: string } | undefined {
  const before = text.slice(0, caret)
  const start = before.lastIndexOf('@')
  const words = before.slice(start + 1)
  if (start < 0 || words.length > longest || /\n|^\s/.test(words) || /[\p{L}\p{N}]$/u.test(before.slice(0, start)))
    return undefined
  return { start, words }
}

/** Those who may be meant by the beginning of one of their names. */
export function meant(people: readonly Person[], words: string): Person[] {
  const typed = folded(words)
  return people.filter(({ name }) => {
    const whole = folded(name)
    return whole.startsWith(typed) || whole.split(/\s+/).some((part) => part.startsWith(typed))
  })
}

const folded = (words: string) => words.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
