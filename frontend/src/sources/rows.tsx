// The sources as rows of a table on wide screens, and as a list on narrow ones.

import { Link } from '@tanstack/react-router'
import { type ComponentProps, type KeyboardEvent, memo, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { locale } from '../i18n'
import type { Note } from '../state/queries'
import { Icon } from '../ui/icons'
import { Meter } from './meter'
import { type Column, columns, type Grouping, type Source } from './query'

type Choice = {
  /** Whether rows can be chosen: who may only read has nothing to do with them. */
  isChoosable: boolean
  chosen: ReadonlySet<string>
  /** Chooses or lets go of a note; with range, all from the last one to it. */
  onToggle: (note: string, range: boolean) => void
}

type Props = Choice & {
  groups: readonly [string, Source[]][]
  grouping: Grouping
  column: Column
  down: boolean
  onSort: (column: Column) => void
  onChooseAll: (yes: boolean) => void
}

/** How many rows are drawn at first, and how many more whenever the end comes into view. */
const step = 200

/** The first rows, and a mark whose coming into view brings more. */
function useStepwise(groups: readonly [string, Source[]][]) {
  const [shown, setShown] = useState(step)
  const end = useRef<HTMLDivElement>(null)
  const total = groups.reduce((n, [, all]) => n + all.length, 0)
  useEffect(() => {
    const mark = end.current
    if (!mark || shown >= total) return
    const seen = new IntersectionObserver(([entry]) => entry?.isIntersecting && setShown((n) => n + step), {
      rootMargin: '800px',
    })
    seen.observe(mark)
    return () => seen.disconnect()
  }, [shown, total])
  let left = shown
  const first = groups.flatMap(([name, all]): [string, Source[], number][] => {
    const some = all.slice(0, left)
    left -= some.length
    return some.length > 0 ? [[name, some, all.length]] : []
  })
  return { first, mark: shown < total && <div ref={end} className="sources__more" /> }
}

function useGroupName(grouping: Grouping) {
  const { t } = useTranslation()
  return (name: string) => {
    if (name === '') return grouping === 'year' ? t('sources.noDate') : t('rail.noSite')
    return grouping === 'kind' ? t(`kind.${name}`) : name
  }
}

/** Moves between the boxes of the rows, as the arrows do. */
function walk(event: KeyboardEvent<HTMLElement>) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (!step || !(event.target instanceof HTMLInputElement) || event.target.type !== 'checkbox') return
  const boxes = [...event.currentTarget.querySelectorAll<HTMLInputElement>('input[data-row]')]
  const next = boxes[boxes.indexOf(event.target) + step]
  if (!next) return
  event.preventDefault()
  next.focus()
}

/** The table of wide screens. */
export function SourceTable(props: Props) {
  const { t } = useTranslation()
  const { groups, grouping, column, down, isChoosable, chosen, onToggle } = props
  const { first, mark } = useStepwise(groups)
  const nameOf = useGroupName(grouping)
  const total = groups.reduce((n, [, all]) => n + all.length, 0)
  const inView = groups.reduce((n, [, all]) => n + all.filter(({ note }) => chosen.has(note.id)).length, 0)
  return (
    <>
      <table className="sources__table" data-grouped={grouping} aria-label={t('rail.title')} onKeyDown={walk}>
        <thead>
          <tr>
            {isChoosable && (
              <td>
                <Tick
                  aria-label={t('sources.chooseAll')}
                  checked={inView > 0 && inView === total}
                  isPartly={inView > 0 && inView < total}
                  onChange={(event) => props.onChooseAll(event.currentTarget.checked)}
                />
              </td>
            )}
            {columns.map((c) => (
              <th key={c} scope="col" data-column={c} aria-sort={c === column ? (down ? 'descending' : 'ascending') : undefined}>
                <button type="button" onClick={() => props.onSort(c)}>
                  {t(`column.${c}`)}
                  {c === column && <Icon name={down ? 'down' : 'up'} />}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        {first.map(([name, some, count]) => (
          <tbody key={name}>
            {grouping !== 'none' && (
              <tr className="sources__group">
                <th colSpan={1 + Number(isChoosable)} scope="rowgroup">
                  {nameOf(name)} <span className="num muted">{count}</span>
                </th>
              </tr>
            )}
            {some.map((source) => (
              <Row
                key={source.note.id}
                source={source}
                isChosen={chosen.has(source.note.id)}
                onToggle={isChoosable ? onToggle : undefined}
              />
            ))}
          </tbody>
        ))}
      </table>
      {mark}
    </>
  )
}

type RowProps = { source: Source; isChosen: boolean; onToggle: Choice['onToggle'] | undefined }

const Row = memo(function Row({ source, isChosen, onToggle }: RowProps) {
  const { t, i18n } = useTranslation()
  const { note, site, participants, observer, progress } = source
  const { day, number } = formats(i18n.language)
  return (
    <tr data-chosen={isChosen || undefined} data-note={note.id}>
      {onToggle && (
        <td>
          <Choose note={note} isChosen={isChosen} onToggle={onToggle} />
        </td>
      )}
      <th scope="row" data-column="title">
        <Title source={source} />
      </th>
      <td data-column="kind">{t(`kind.${note.kind}`)}</td>
      <td data-column="site">
        <span className="clip">{site}</span>
      </td>
      <td data-column="date" className="num">
        {note.observedOn && day.format(new Date(note.observedOn))}
      </td>
      <td data-column="participants">
        <span className="clip" title={participants.join(', ')}>
          {participants.length > 3
            ? t('sources.people', { names: participants.slice(0, 2).join(', '), count: participants.length - 2 })
            : participants.join(', ')}
        </span>
      </td>
      <td data-column="observer">
        <span className="clip">{observer}</span>
      </td>
      <td data-column="length" className="num">
        {number.format(note.length)}
      </td>
      <td data-column="codings" className="num">
        {progress ? number.format(progress.codings) : ''}
      </td>
      <td data-column="progress">
        <Meter progress={progress} />
      </td>
      <td data-column="updated" className="num">
        {day.format(new Date(note.updatedAt))}
      </td>
    </tr>
  )
})

/** The list of narrow screens. */
export function SourceList({ groups, grouping, isChoosable, chosen, onToggle }: Props) {
  const { first, mark } = useStepwise(groups)
  const nameOf = useGroupName(grouping)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the boxes in it
    <div className="sources__list" onKeyDown={walk}>
      {first.map(([name, some, count]) => (
        <section key={name}>
          {grouping !== 'none' && (
            <h2>
              {nameOf(name)} <span className="num muted">{count}</span>
            </h2>
          )}
          <ul>
            {some.map((source) => (
              <Item
                key={source.note.id}
                source={source}
                isChosen={chosen.has(source.note.id)}
                onToggle={isChoosable ? onToggle : undefined}
              />
            ))}
          </ul>
        </section>
      ))}
      {mark}
    </div>
  )
}

const Item = memo(function Item({ source, isChosen, onToggle }: RowProps) {
  const { t, i18n } = useTranslation()
  const { note, progress } = source
  const { day } = formats(i18n.language)
  const facts = [t(`kind.${note.kind}`), note.observedOn && day.format(new Date(note.observedOn))]
  return (
    <li data-note={note.id} data-chosen={isChosen || undefined}>
      {onToggle && <Choose note={note} isChosen={isChosen} onToggle={onToggle} />}
      <div className="grow">
        <Title source={source} />
        <p className="xs muted row">
          <span className="grow clip">{facts.filter(Boolean).join(' · ')}</span>
          <Meter progress={progress} />
        </p>
      </div>
    </li>
  )
})

type ChooseProps = { note: Note; isChosen: boolean; onToggle: Choice['onToggle'] }

function Choose({ note, isChosen, onToggle }: ChooseProps) {
  const { t } = useTranslation()
  // A change says nothing of the keys that were held; the click before it does, also the one of the space bar.
  const range = useRef(false)
  return (
    <Tick
      data-row
      aria-label={t('sources.choose', { title: note.title })}
      checked={isChosen}
      onClick={(event) => {
        range.current = event.shiftKey
      }}
      onChange={() => onToggle(note.id, range.current)}
    />
  )
}

type TickProps = ComponentProps<'input'> & { isPartly?: boolean; 'data-row'?: boolean }

/** A box to tick, of the browser's own: a list has hundreds. */
function Tick({ isPartly = false, ...rest }: TickProps) {
  return (
    <label className="tick">
      <input
        type="checkbox"
        ref={(box) => {
          if (box) box.indeterminate = isPartly
        }}
        {...rest}
      />
    </label>
  )
}

function Title({ source: { note } }: { source: Source }) {
  const { t } = useTranslation()
  return (
    <span className="sources__title">
      <Icon name={note.kind} />
      <Link
        className="note-link clip"
        to="/projects/$project/notes/$note"
        params={{ project: note.spaceId, note: note.id }}
        lang={note.language || undefined}
        title={note.title}
      >
        {note.title}
      </Link>
      {note.draft && <span className="srcbadge">{t('rail.draft')}</span>}
      {note.toTranscribe && <span className="srcbadge">{t('note.toTranscribe')}</span>}
    </span>
  )
}

let known: { language: string; day: Intl.DateTimeFormat; number: Intl.NumberFormat } | undefined

/** How days and numbers are written; making a format takes longer than writing a row. */
function formats(language: string) {
  if (known?.language !== language) {
    known = {
      language,
      day: new Intl.DateTimeFormat(locale(language), { dateStyle: 'medium', timeZone: 'UTC' }),
      number: new Intl.NumberFormat(locale(language)),
    }
  }
  return known
}
