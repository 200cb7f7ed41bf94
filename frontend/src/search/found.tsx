import { Button } from '@mantine/core'
import type { UseInfiniteQueryResult } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Refused } from '../api/client'
import type { Hit as HitData } from '../state/search'
import { Lines, Problem } from '../ui/problem'
import { type Asked, reading } from './address'
import { noFilters } from './chips'
import { Hit, keyOf } from './hit'
import type { Names } from './names'

type Props = {
  project: string
  asked: Asked
  query: UseInfiniteQueryResult
  items: readonly HitData[]
  names: Names
  now: number
  open: ReadonlySet<string>
  narrowed: boolean
  onOpen: (hit: HitData) => void
  onFocus: (n: number) => void
  onAsk: (change: Partial<Asked>) => void
  onMore: () => void
}

/** The hits of a search, or why there are none. */
export function Found(props: Props) {
  const { t } = useTranslation()
  const { query, items, asked } = props
  if (query.error && query.data === undefined) return <Failed error={query.error} again={() => void query.refetch()} />
  if (query.data === undefined) return <Lines count={12} />
  if (items.length === 0 && !query.isPlaceholderData) return <Nothing {...props} />
  return (
    <>
      <ol className="found" aria-label={t(`search.of_${asked.type}`)} aria-busy={query.isPlaceholderData}>
        {items.map((hit, n) => (
          <Hit
            key={keyOf(hit)}
            project={props.project}
            hit={hit}
            names={props.names}
            n={n}
            now={n === props.now}
            open={props.open.has(keyOf(hit))}
            onOpen={props.onOpen}
            onFocus={props.onFocus}
          />
        ))}
      </ol>
      {query.hasNextPage && (
        <Button variant="default" onClick={props.onMore}>
          {t('search.more')}
        </Button>
      )}
      <p className="found__keys xs muted" aria-hidden="true">
        <kbd>J</kbd> <kbd>K</kbd> {t('search.keyWalk')} <kbd>Enter</kbd> {t('search.keyOpen')} <kbd>O</kbd> {t('search.keyNote')}{' '}
        <kbd>/</kbd> {t('search.keyField')}
      </p>
    </>
  )
}

function Failed({ error, again }: { error: unknown; again: () => void }) {
  const { t } = useTranslation()
  const code = error instanceof Refused ? error.problem?.code : undefined
  if (code === 'query_too_long') return <p className="found__none">{t('search.tooMany')}</p>
  if (code !== 'search_unavailable') return <Problem error={error} again={again} />
  return (
    <div className="found__none" role="alert">
      <p>{t('search.away')}</p>
      <Button variant="default" onClick={again}>
        {t('app.retry')}
      </Button>
    </div>
  )
}

/** What to try where nothing was found. */
function Nothing({ asked, narrowed, onAsk }: Props) {
  const { t } = useTranslation()
  const read = reading(asked.q)
  const tries = [
    narrowed && t('search.tryFilters'),
    read.some((r) => r.phrase && !r.not) && t('search.tryPhrase'),
    read.filter((r) => !r.not).length > 1 && t('search.tryFewer'),
    read.some((r) => r.not) && t('search.tryWithout'),
    t('search.trySpelling'),
  ].filter((words) => words !== false)
  if (read.length === 0 && !narrowed) return <p className="found__none">{t(`search.none_${asked.type}`)}</p>
  return (
    <div className="found__none">
      <p>{t('search.nothing')}</p>
      <ul>
        {tries.map((words) => (
          <li key={words}>{words}</li>
        ))}
      </ul>
      {narrowed && (
        <Button variant="default" onClick={() => onAsk(noFilters)}>
          {t('search.clear')}
        </Button>
      )}
    </div>
  )
}
