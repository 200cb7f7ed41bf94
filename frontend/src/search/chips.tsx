import { useTranslation } from 'react-i18next'
import type { Code } from '../state/queries'
import { Icon } from '../ui/icons'
import { Tile } from '../ui/tile'
import { type Asked, lists, type Single } from './address'
import { useAttributeWords } from './attributes'
import { type Names, useWritten } from './names'

type Chosen = { key: string; words: string; code: Code | undefined; away: Partial<Asked> }

/** What is chosen in the filters, in words, each with the change that takes it away. */
export function useChosen(asked: Asked, names: Names): Chosen[] {
  const { t } = useTranslation()
  const { day, language } = useWritten()
  const inWords = useAttributeWords(names.attributes)
  const codeOf = (id: string) => names.codes.get(id)
  const label = {
    site: (id: string) => names.sites.get(id)?.name,
    kind: (id: string) => t(`kind.${id}`),
    code: (id: string) => codeOf(id)?.name,
    codeAny: (id: string) => codeOf(id)?.name,
    codeNone: (id: string) => codeOf(id) && t('search.without', { what: codeOf(id)?.name }),
    coder: (id: string) => names.coders.get(id),
    participant: (id: string) => names.participants.get(id)?.pseudonym,
    attribute: (filter: string) => inWords(filter),
  }
  const chosen: Chosen[] = lists.flatMap((name) =>
    asked[name].map((id) => ({
      key: `${name}/${id}`,
      words: label[name](id) ?? t('search.gone'),
      code: name === 'code' || name === 'codeAny' || name === 'codeNone' ? codeOf(id) : undefined,
      away: { [name]: asked[name].filter((other) => other !== id) },
    })),
  )
  const { from, to, phase } = asked
  const add = (key: Single, words: string) => chosen.push({ key, words, code: undefined, away: { [key]: '' } })
  if (from) add('from', t('search.since', { day: day(from) }))
  if (to) add('to', t('search.until', { day: day(to) }))
  if (phase) add('phase', phase)
  if (asked.language) add('language', language(asked.language))
  return chosen
}

/** What is chosen in the filters, each to be taken away by itself, or all at once. */
export function Chips({ asked, names, onAsk }: { asked: Asked; names: Names; onAsk: (change: Partial<Asked>) => void }) {
  const { t } = useTranslation()
  const chosen = useChosen(asked, names)
  // The chip that was pressed goes away, and takes the focus with it.
  function change(to: Partial<Asked>) {
    document.getElementById('text')?.focus({ preventScroll: true })
    onAsk(to)
  }
  if (chosen.length === 0) return null
  return (
    <ul className="chips" aria-label={t('search.chosen')}>
      {chosen.map(({ key, words, code, away }) => (
        <li key={key}>
          <button
            type="button"
            className={code ? 'chip' : 'chip chip--plain'}
            data-c={code?.colour}
            aria-label={t('search.remove', { what: words })}
            onClick={() => change(away)}
          >
            {code && <Tile code={code} />}
            <span className="clip">{words}</span>
            <Icon name="close" />
          </button>
        </li>
      ))}
      <li>
        <button type="button" className="facet__more" onClick={() => change(noFilters)}>
          {t('search.clear')}
        </button>
      </li>
    </ul>
  )
}

/** A search without its filters. */
export const noFilters: Partial<Asked> = {
  site: [],
  kind: [],
  code: [],
  codeAny: [],
  codeNone: [],
  coder: [],
  participant: [],
  attribute: [],
  phase: '',
  language: '',
  from: '',
  to: '',
}
