import { Button } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useProject } from '../shell/project'
import { counts, type Hit, hits, type Put, takeBack } from '../state/search'
import { Icon } from '../ui/icons'
import { useSentence } from '../ui/problem'
import { hush, say } from '../ui/toast'
import { type Asked, field, filtered, type Order, orders, pageOf, read, types, write } from './address'
import { Ask } from './ask'
import { Chips } from './chips'
import { CodeAll } from './code-all'
import { Facets } from './facets'
import { Found } from './found'
import { keyOf } from './hit'
import { useNames, useWritten } from './names'
import { Saved } from './saved'
import './search.css'
import './rail.css'

/** Finds passages, memos, comments and codes of a project. What is asked for stands in the address. */
export function Search() {
  const { t } = useTranslation()
  const sentence = useSentence()
  const { number } = useWritten()
  const { id, role } = useProject()
  const navigate = useNavigate()
  const address = useSearch({ strict: false }) as Record<string, unknown>
  const asked = useMemo(() => read(address), [address])
  const pages = pageOf(address)
  const names = useNames(id)
  const found = useInfiniteQuery(hits(id, asked))
  const counted = useQuery(counts(id, asked)).data
  const items = useMemo(() => found.data?.pages.flatMap((p) => p.items) ?? [], [found.data])
  const total = found.data?.pages[0]?.total
  const [now, setNow] = useState(0)
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const [coding, setCoding] = useState(false)
  const [filters, setFilters] = useState(false)
  const list = useRef<HTMLDivElement>(null)
  const codeAll = useRef<HTMLButtonElement>(null)
  const put = useRef<Put>(undefined)
  const mayCode = role !== undefined && role !== 'reader'

  const { hasNextPage, isFetching, isPlaceholderData, fetchNextPage } = found
  const come = found.data?.pages.length ?? 0
  useEffect(() => {
    if (come > 0 && come < pages && hasNextPage && !isFetching && !isPlaceholderData) void fetchNextPage()
  }, [come, pages, hasNextPage, isFetching, isPlaceholderData, fetchNextPage])

  const question = JSON.stringify(write(asked))
  const before = useRef(question)
  useLayoutEffect(() => {
    if (before.current === question) return // the first one: the router puts the list where it was
    before.current = question
    setNow(0)
    setOpen(new Set())
    if (list.current) list.current.scrollTop = 0
  }, [question])
  useEffect(() => {
    // Who comes without a question wants to ask one.
    if (before.current === '{}') document.getElementById(field)?.focus({ preventScroll: true })
  }, [])

  function ask(change: Partial<Asked>, replace = false) {
    void navigate({ to: '/projects/$project/search', params: { project: id }, search: write({ ...asked, ...change }), replace })
  }

  function goTo(n: number) {
    const hit = list.current?.querySelector<HTMLElement>(`[data-hit="${n}"]`)
    if (!hit) return
    setNow(n)
    hit.focus({ preventScroll: true })
    hit.scrollIntoView({ block: 'nearest' })
  }

  const toggle = useCallback((hit: Hit | undefined) => {
    if (hit?.type !== 'passage') return
    setOpen((before) => {
      const changed = new Set(before)
      if (!changed.delete(keyOf(hit))) changed.add(keyOf(hit))
      return changed
    })
  }, [])

  function close() {
    setCoding(false)
    codeAll.current?.focus()
  }

  async function undo() {
    const last = put.current
    if (!last) return
    put.current = undefined
    hush()
    try {
      const left = await takeBack(last)
      say(left > 0 ? t('candidates.undoneBut', { count: left }) : t('candidates.undone', { count: last.count }))
    } catch (error) {
      put.current = last
      say(sentence(error))
    }
  }

  const keys = useRef<(event: KeyboardEvent) => void>(() => undefined)
  keys.current = (event) => {
    const target = event.target
    if (!(target instanceof HTMLElement)) return
    if (
      target.closest(
        'input:not([type=checkbox]), textarea, select, [contenteditable], [role=dialog], [role=menu], [role=listbox]',
      )
    )
      return
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === 'z' && put.current) void undo()
    else if (event.ctrlKey || event.metaKey || event.altKey) return
    else {
      const onHit = target.closest<HTMLElement>('[data-hit]')
      const arrows = onHit !== null || target === document.body || target.id === 'text'
      const at = onHit ? Number(onHit.dataset.hit) : now - 1
      if (event.key === 'j' || (event.key === 'ArrowDown' && arrows)) goTo(Math.min(at + 1, items.length - 1))
      else if (event.key === 'k' || (event.key === 'ArrowUp' && arrows))
        at > 0 ? goTo(at - 1) : document.getElementById(field)?.focus()
      else if (event.key === 'Enter' && target === onHit) toggle(items[at])
      else if (event.key === 'o' && onHit) onHit.querySelector<HTMLElement>('h2 a')?.click()
      else if (event.key === 'Escape' && coding) close()
      else return
    }
    event.preventDefault()
  }
  useEffect(() => {
    const listen = (event: KeyboardEvent) => keys.current(event)
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [])

  return (
    <div className={coding ? 'finder finder--coding' : 'finder'}>
      <nav className={filters ? 'finder__rail is-shown' : 'finder__rail'} id="filters" aria-label={t('search.rail')}>
        <Saved project={id} asked={asked} />
        <Facets asked={asked} counts={counted} names={names} onAsk={ask} />
      </nav>
      <main className="finder__main" id="text" tabIndex={-1}>
        <div className="codeall">
          <Ask project={id} asked={asked} onType={(q) => ask({ q }, true)} onDown={() => goTo(0)} />
          <Chips asked={asked} names={names} onAsk={ask} />
          <div className="row wrap codeall__how">
            <h1 className="grow" aria-live="polite">
              {total !== undefined && t(`search.total_${asked.type}`, { count: total, n: number(total) })}
            </h1>
            <Button
              className="codeall__filters"
              variant="default"
              size="compact-sm"
              aria-expanded={filters}
              aria-controls="filters"
              onClick={() => setFilters(!filters)}
            >
              {t('search.filters')}
            </Button>
            <fieldset className="seg">
              <legend className="sr">{t('search.in')}</legend>
              {types.map((type) => (
                <button key={type} type="button" aria-pressed={asked.type === type} onClick={() => ask({ type })}>
                  {t(`search.of_${type}`)} <span className="num">{counted && number(counted.type[type] ?? 0)}</span>
                </button>
              ))}
            </fieldset>
            <select
              className="order"
              aria-label={t('search.order')}
              value={asked.order}
              onChange={(event) => ask({ order: event.target.value as Order })}
            >
              {orders.map((order) => (
                <option key={order} value={order}>
                  {t(`search.by_${order.replace('-', 'latest_')}`)}
                </option>
              ))}
            </select>
            {asked.type === 'passage' && total !== undefined && total > 0 && (
              <>
                <Link
                  className="found__link"
                  to="/projects/$project/search/excerpts"
                  params={{ project: id }}
                  search={write(asked)}
                >
                  <Icon name="print" />
                  {t('search.print')}
                </Link>
                {mayCode && (
                  <Button
                    ref={codeAll}
                    variant={coding ? 'default' : 'filled'}
                    size="compact-sm"
                    aria-expanded={coding}
                    onClick={() => setCoding(!coding)}
                  >
                    {t('candidates.title')}
                  </Button>
                )}
              </>
            )}
          </div>
        </div>
        <div className="finder__list" ref={list} data-scroll-restoration-id="found">
          <Found
            project={id}
            asked={asked}
            query={found}
            items={items}
            names={names}
            now={Math.min(now, Math.max(0, items.length - 1))}
            open={open}
            onOpen={toggle}
            onFocus={setNow}
            onAsk={ask}
            onMore={() =>
              void navigate({
                to: '/projects/$project/search',
                params: { project: id },
                search: { ...write(asked), page: pages + 1 },
                replace: true,
                resetScroll: false,
              })
            }
            narrowed={filtered(asked)}
          />
        </div>
      </main>
      {coding && (
        <CodeAll
          project={id}
          asked={asked}
          names={names}
          onClose={close}
          onPut={(done, words) => {
            put.current = done
            say(words, done && (() => void undo()))
          }}
        />
      )}
    </div>
  )
}
