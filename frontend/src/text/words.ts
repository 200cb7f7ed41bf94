// How many words an answer has, by the rule of the server (teaching/words.go): runs of letters, their marks
// and digits, in which an apostrophe or a hyphen may stand. A web address is one word. What is Markdown alone
// doesn't count: the number of a list item, and where a link leads.

const listNumber = /[ \t>]*[0-9]{1,9}[.)](?=[ \t])/y
const letters = '[\\p{L}\\p{M}\\p{N}]+'
const joins = "['’\\-\\u2010\\u2011\\u00ad\\u200c\\u200d]"
// One of: a line's end, a link's end with where it leads, the beginning of an address, a word.
const piece = new RegExp(
  `[\\n\\r\\u2028\\u2029]|\\]\\([^()\\n]*\\)|https?://[^\\s<>()[\\]]+|${letters}(?:${joins}${letters})*`,
  'gu',
)

/** Counts the words of an answer. */
export function countWords(text: string): number {
  let count = 0
  piece.lastIndex = afterNumber(text, 0)
  for (let found = piece.exec(text); found; found = piece.exec(text)) {
    const [words] = found
    if (/^[\n\r\u2028\u2029]/.test(words)) piece.lastIndex = afterNumber(text, piece.lastIndex)
    else if (!words.startsWith('](')) count++
  }
  return count
}

/** Where the words of a line begin: behind the number of a list item. */
function afterNumber(text: string, start: number): number {
  listNumber.lastIndex = start
  return listNumber.test(text) ? listNumber.lastIndex : start
}
