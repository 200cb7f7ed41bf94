// The code by which a course is joined, as it is typed from a slide.

const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const length = 8

/** Reads a code as it was typed: in any case, with or without hyphens and spaces, and with letters taken for digits. */
export function readCode(typed: string): string | undefined {
  const code = typed
    .toUpperCase()
    .replace(/[\s\p{Pd}_.]/gu, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1')
  return code.length === length && [...code].every((letter) => letters.includes(letter)) ? code : undefined
}
