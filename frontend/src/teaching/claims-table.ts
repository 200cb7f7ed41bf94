import type { Claim } from '../state/classmates'

/** The links as a table that spreadsheets open: comma-separated, in UTF-8 with its mark. */
export function claimsTable(claims: readonly Pick<Claim, 'name' | 'email' | 'link'>[], heads: readonly string[]): string {
  const lines = [heads, ...claims.map(({ name, email, link }) => [name, email, link])]
  return `\uFEFF${lines.map((cells) => cells.map(cell).join(',')).join('\r\n')}\r\n`
}

// A spreadsheet takes what begins so for a formula, and would work it out.
const formula = /^[=+\-@\t\r]/

function cell(words: string): string {
  const safe = formula.test(words) ? `'${words}` : words
  return /[",\r\n']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
