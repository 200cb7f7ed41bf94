import type { i18n } from 'i18next'

/** What the server says: a code, its sentence for people, and the parts that are inserted in it. */
export type Said = { code: string; sentence: string; values?: readonly string[] }

/** What codes are of. The words of a language hold a section for each. */
type Section = 'problem' | 'warning' | 'question' | 'cell'

/**
 * Says in the language of the app what the server says in English. Where the language has no sentence for
 * the code, or a part is missing that belongs into it, the server's sentence stands.
 */
export function sentenceIn(i18n: Pick<i18n, 'language' | 'getResource'>, said: Said, ...sections: Section[]): string {
  const { code, sentence, values = [] } = said
  const own = sections
    .map((section): unknown => i18n.getResource(i18n.language, 'translation', `${section}.${code}`))
    .find((words) => typeof words === 'string')
  if (typeof own !== 'string') return sentence
  const isComplete = [...own.matchAll(hole)].every(([, n]) => values[Number(n)])
  return isComplete ? own.replace(hole, (_, n) => values[Number(n)] ?? '') : sentence
}

const hole = /\{\{(\d+)\}\}/g

type Place = { pointer: string }

/** Names the faulty places of a request, such as rows of a table, in one word of a sentence. */
export function placesOf(errors: readonly Place[] = []): string {
  const most = 20
  const names = [...new Set(errors.map(({ pointer }) => pointer.slice(pointer.lastIndexOf('/') + 1)))].filter(Boolean)
  const more = names.length > most ? [`+${names.length - most}`] : []
  return [...names.slice(0, most), ...more].join(', ')
}
