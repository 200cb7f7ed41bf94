import { TextInput } from '@mantine/core'
import { type ReactNode, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Facets as Counts } from '../state/search'
import { Icon } from '../ui/icons'
import { Tile } from '../ui/tile'
import type { Asked, List, Single } from './address'
import { AttributeFacets } from './attributes'
import { type Names, useWritten } from './names'
import { tree } from './tree'

export type FacetsProps = {
  asked: Asked
  counts: Counts | undefined
  names: Names
  onAsk: (change: Partial<Asked>, replace?: boolean) => void
}

/** A value that can be chosen: how far in it stands, how many hits have it, and what stands for it. */
export type Value = { id: string; label: string; depth: number; count: string; tile?: ReactNode; lang?: string }

/** The filters of a search, with what each would let through. */
export function Facets({ asked, counts, names, onAsk }: FacetsProps) {
  const { t } = useTranslation()
  const { language, number } = useWritten()
  const plain = (all: Record<string, number> | undefined, chosen: readonly string[], label: (id: string) => string): Value[] =>
    [...new Set([...Object.keys(all ?? {}), ...chosen])]
      .map((id) => ({ id, label: label(id), depth: 0, n: all?.[id] ?? 0 }))
      .filter((v) => v.label !== '')
      .toSorted((a, b) => b.n - a.n || a.label.localeCompare(b.label))
      .map(({ n, ...v }) => ({ ...v, count: number(n) }))
  const [wantedMode, setWantedMode] = useState<Mode>('codeAny')
  const branch = (b: { least: number; most: number }) =>
    b.most > b.least ? t('search.atLeast', { n: number(b.least) }) : number(b.least)
  // An address written by hand may ask in several ways at once; then the first is shown here, and the chips show all.
  const mode = modes.find((m) => asked[m].length > 0) ?? wantedMode
  const sites = tree([...names.sites.values()], counts?.site ?? {}, asked.site, true)
  const codes = tree(
    [...names.codes.values()].filter((c) => !c.mergedInto),
    counts?.code ?? {},
    asked[mode],
    false,
  )
  const list = (name: List) => ({
    chosen: asked[name],
    onChoose: (id: string) => onAsk({ [name]: toggled(asked[name], id) }),
  })
  const single = (name: Single) => ({
    chosen: asked[name] ? [asked[name]] : [],
    onChoose: (id: string) => onAsk({ [name]: asked[name] === id ? '' : id }),
  })
  return (
    <>
      <Facet
        title={t('search.site')}
        {...list('site')}
        values={sites.map((b) => ({ id: b.record.id, label: b.record.name, depth: b.depth, count: branch(b) }))}
      />
      <Facet
        title={t('search.code')}
        {...list(mode)}
        values={codes.map((b) => ({
          id: b.record.id,
          label: b.record.name,
          depth: b.depth,
          count: branch(b),
          tile: <Tile code={b.record} />,
        }))}
      >
        <fieldset className="modes">
          <legend className="sr">{t('search.codesAre')}</legend>
          {modes.map((m) => (
            <button
              key={m}
              type="button"
              aria-pressed={m === mode}
              onClick={() => {
                setWantedMode(m)
                if (asked[mode].length > 0) onAsk({ codeAny: [], code: [], codeNone: [], [m]: asked[mode] })
              }}
            >
              {t(`search.with_${m}`)}
            </button>
          ))}
        </fieldset>
      </Facet>
      <Facet
        title={t('search.coder')}
        {...list('coder')}
        values={plain(counts?.coder, asked.coder, (id) => names.coders.get(id) ?? '')}
      />
      <details open>
        <summary>
          <Icon name="chevron" />
          <span className="grow">{t('search.date')}</span>
        </summary>
        <div className="when">
          <TextInput
            type="date"
            size="xs"
            label={t('search.from')}
            value={asked.from}
            onChange={(event) => onAsk({ from: event.target.value }, true)}
          />
          <TextInput
            type="date"
            size="xs"
            label={t('search.to')}
            value={asked.to}
            onChange={(event) => onAsk({ to: event.target.value }, true)}
          />
        </div>
      </details>
      <Facet title={t('search.kind')} {...list('kind')} values={plain(counts?.kind, asked.kind, (id) => t(`kind.${id}`))} />
      <Facet
        title={t('search.participant')}
        {...list('participant')}
        values={plain(counts?.participant, asked.participant, (id) => names.participants.get(id)?.pseudonym ?? '')}
      />
      <AttributeFacets asked={asked} counts={counts} names={names} onAsk={onAsk} />
      <Facet
        title={t('search.phase')}
        {...single('phase')}
        values={plain(counts?.phase, asked.phase ? [asked.phase] : [], (id) => id)}
      />
      <Facet
        title={t('search.language')}
        {...single('language')}
        values={plain(counts?.language, asked.language ? [asked.language] : [], language)}
      />
    </>
  )
}

/** The three ways to ask for codes: any of them, all, or none. */
const modes = ['codeAny', 'code', 'codeNone'] as const
type Mode = (typeof modes)[number]

/** A list with a value taken out of it or put in. */
export const toggled = (all: readonly string[], id: string) =>
  all.includes(id) ? all.filter((other) => other !== id) : [...all, id]

const few = 8

/** One filter, with what each of its values would let through. */
export function Facet(props: {
  title: string
  values: readonly Value[]
  chosen: readonly string[]
  onChoose: (id: string) => void
  children?: ReactNode
}) {
  const { t } = useTranslation()
  const { title, values, chosen } = props
  const [all, setAll] = useState(false)
  const [wanted, setWanted] = useState('')
  const id = useId()
  if (values.length === 0) return null
  const fold = wanted.trim().toLocaleLowerCase()
  const long = values.length > few
  const shown = !long
    ? values
    : all
      ? values.filter((v) => v.label.toLocaleLowerCase().includes(fold))
      : values.filter((v, i) => i < few || chosen.includes(v.id))
  return (
    <details open>
      <summary>
        <Icon name="chevron" />
        <span className="grow">{title}</span>
      </summary>
      {props.children}
      {long && all && (
        <TextInput
          className="facet__find"
          type="search"
          size="xs"
          aria-label={t('search.findIn', { what: title })}
          placeholder={t('search.findIn', { what: title })}
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
        />
      )}
      <ul id={id} aria-label={title}>
        {shown.map((v) => (
          <li key={v.id}>
            <label className="check" style={{ paddingLeft: v.depth * 16 }}>
              <input type="checkbox" checked={chosen.includes(v.id)} onChange={() => props.onChoose(v.id)} />
              {v.tile}
              <span className="clip">{v.label}</span>
              <span className="xs muted num">{v.count}</span>
            </label>
          </li>
        ))}
      </ul>
      {long && (
        <button type="button" className="facet__more" aria-expanded={all} aria-controls={id} onClick={() => setAll(!all)}>
          {all ? t('search.fewer') : t('search.showAll', { count: values.length })}
        </button>
      )}
    </details>
  )
}
