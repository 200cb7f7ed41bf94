// Short forms of names for narrow places.

/** The names of codes without the words that they all begin with: "Data as foundation" is "Foundation" beside "Data as future". */
export function shortNames(names: readonly string[]): string[] {
  const split = names.map((name) => name.split(' '))
  const fewest = Math.min(...split.map((words) => words.length))
  let shared = 0
  while (names.length > 2 && shared < fewest - 1 && split.every((words) => words[shared] === split[0]?.[shared])) shared++
  return split.map((words) => capital(words.slice(shared).join(' ')))
}

const capital = (name: string) => name.replace(/^\p{Ll}/u, (letter) => letter.toLocaleUpperCase())
