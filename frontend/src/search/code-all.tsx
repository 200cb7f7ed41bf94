import { ActionIcon, Button, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { matching } from '../note/picker'
import { type Candidate, candidates, type Extent, type Put, putAll } from '../state/search'
import { Icon } from '../ui/icons'
import { Lines, Problem, useSentence } from '../ui/problem'
import { Tile } from '../ui/tile'
import type { Asked } from './address'
import { CandidateGroup, placeOf } from './candidates'
import { type Names, useWritten } from './names'
import './panel.css'

type Props = {
  project: string
  asked: Asked
  names: Names
  onClose: () => void
  onPut: (put: Put | undefined, words: string) => void
}

// As many codes as are shown without scrolling; typing finds the others.
const few = 12

const extents = ['passage', 'words'] as const

/** Puts one code on what a search found, after a look at each place. */
export function CodeAll({ project, asked, names, onClose, onPut }: Props) {
  const { t } = useTranslation()
  const [codeId, setCode] = useState<string | null>(null)
  const [typed, setTyped] = useState('')
  const [opened, setOpened] = useState(false)
  const [extent, setExtent] = useState<Extent>('passage')
  const choice = useRef<HTMLInputElement>(null)
  useEffect(() => choice.current?.focus(), [])
  const book = useMemo(() => [...names.codes.values()].filter((c) => !c.archived && !c.mergedInto), [names.codes])
  const code = codeId ? names.codes.get(codeId) : undefined
  return (
    <aside className="allpanel" aria-labelledby="code-all">
      <div className="allpanel__head">
        <h2 className="grow" id="code-all" tabIndex={-1}>
          {t('candidates.title')}
        </h2>
        <ActionIcon variant="subtle" aria-label={t('keys.close')} onClick={onClose}>
          <Icon name="close" />
        </ActionIcon>
      </div>
      <div className="allpanel__set">
        <Select
          ref={choice}
          label={t('code.find')}
          placeholder={t('candidates.choose')}
          searchable
          comboboxProps={{ withinPortal: false }}
          selectFirstOptionOnChange
          allowDeselect={false}
          dropdownOpened={opened}
          onDropdownOpen={() => setOpened(true)}
          onDropdownClose={() => setOpened(false)}
          searchValue={typed}
          onSearchChange={setTyped}
          // Whoever types fast presses Enter before the list has marked its first option.
          onKeyDown={(event) => {
            const first = event.key === 'Enter' && typed !== '' && typed !== code?.name ? matching(book, typed)[0] : undefined
            if (!first) return
            setCode(first.id)
            setOpened(false)
          }}
          withScrollArea={false}
          nothingFoundMessage={t('code.noCode')}
          data={book.map((c) => ({ value: c.id, label: c.name }))}
          filter={({ search }) =>
            matching(book, search === code?.name ? '' : search)
              .slice(0, few)
              .map((c) => ({ value: c.id, label: c.name }))
          }
          renderOption={({ option }) => {
            const shown = names.codes.get(option.value)
            const parent = shown?.parentId ? names.codes.get(shown.parentId)?.name : undefined
            return (
              <span className="row">
                {shown && <Tile code={shown} />}
                <span>
                  {option.label} {parent && <small className="muted">{parent}</small>}
                </span>
              </span>
            )
          }}
          leftSection={code && <Tile code={code} />}
          value={codeId}
          onChange={setCode}
        />
        <fieldset className="seg">
          <legend className="label">{t('candidates.putOn')}</legend>
          {extents.map((e) => (
            <button key={e} type="button" aria-pressed={e === extent} onClick={() => setExtent(e)}>
              {t(`candidates.on_${e}`)}
            </button>
          ))}
        </fieldset>
      </div>
      {code ? (
        <Places key={extent} project={project} asked={asked} names={names} code={code} extent={extent} onPut={onPut} />
      ) : (
        <p className="allpanel__say muted">{t('candidates.lead')}</p>
      )}
    </aside>
  )
}

type PlacesProps = Omit<Props, 'onClose'> & { code: { id: string; name: string }; extent: Extent }

function Places({ project, asked, names, code, extent, onPut }: PlacesProps) {
  const { t } = useTranslation()
  const { number } = useWritten()
  const sentence = useSentence()
  const found = useQuery(candidates(project, asked, code.id, extent))
  // What somebody ticked or unticked; all else is as it comes, ticked but for near spellings.
  const [ticks, setTicks] = useState<ReadonlyMap<string, boolean>>(new Map())
  const [sending, setSending] = useState(false)
  if (found.error) return <Problem error={found.error} again={() => void found.refetch()} />
  if (!found.data) {
    return (
      <div className="allpanel__say">
        <Lines />
      </div>
    )
  }
  const { items, already, changed, more } = found.data
  const waiting = sending || found.isPlaceholderData
  const ticked = (place: Candidate) => ticks.get(placeOf(place)) ?? !place.near
  const chosen = items.filter(ticked)
  const notes = new Set(chosen.map((c) => c.noteId)).size
  const set = (places: readonly Candidate[], to: boolean) =>
    setTicks(new Map([...ticks, ...places.map((place) => [placeOf(place), to] as const)]))
  const places = t(`candidates.count_${extent}`, { count: chosen.length, n: number(chosen.length) })

  async function put() {
    if (waiting || chosen.length === 0) return
    setSending(true)
    try {
      const done = await putAll(project, found.data?.codeId ?? code.id, chosen)
      document.getElementById('code-all')?.focus()
      setTicks(new Map())
      const count = done?.count ?? 0
      onPut(done, t('candidates.done', { code: code.name, places: t(`candidates.count_${extent}`, { count, n: number(count) }) }))
    } catch (error) {
      onPut(undefined, sentence(error))
    } finally {
      setSending(false)
    }
  }

  const left = [
    already > 0 && t('candidates.already', { count: already }),
    changed > 0 && t('candidates.changed', { count: changed }),
    more && t('candidates.more'),
  ].filter((words) => words !== false)
  if (items.length === 0) {
    return (
      <div className="allpanel__say">
        <p>{already > 0 ? t('candidates.allDone', { code: code.name }) : t(`candidates.none_${extent}`)}</p>
        <Left words={left} />
      </div>
    )
  }
  return (
    <>
      <label className="check allpanel__all">
        <input
          type="checkbox"
          checked={chosen.length === items.length}
          ref={(box) => {
            if (box) box.indeterminate = chosen.length > 0 && chosen.length < items.length
          }}
          onChange={() => set(items, chosen.length < items.length)}
        />
        <b>{t('candidates.selected', { count: items.length, n: number(items.length), chosen: number(chosen.length) })}</b>
      </label>
      <div className="allpanel__list">
        {groups(items, names, t('rail.noSite')).map(([site, all]) => (
          <CandidateGroup key={site} title={site} places={all} ticked={ticked} onTick={set} />
        ))}
        <CandidateGroup title={t('search.near')} places={items.filter((i) => i.near)} ticked={ticked} onTick={set} />
      </div>
      <div className="allpanel__foot">
        <p className="sm" aria-live="polite">
          {t('candidates.sum', { code: code.name, places, notes: t('candidates.notes', { count: notes, n: number(notes) }) })}
        </p>
        <Left words={left} />
        <Button
          aria-disabled={waiting || chosen.length === 0}
          data-disabled={chosen.length === 0 || undefined}
          onClick={() => void put()}
        >
          {sending ? t('note.saving') : t('candidates.put', { places })}
        </Button>
        <p className="xs muted row">
          <Icon name="undo" />
          <span>{t('candidates.oneUndo')}</span>
        </p>
      </div>
    </>
  )
}

function Left({ words }: { words: readonly string[] }): ReactNode {
  return words.map((w) => (
    <p key={w} className="sm muted">
      {w}
    </p>
  ))
}

/** The places that are spelt as asked, by site, the most first. */
function groups(items: readonly Candidate[], names: Names, nowhere: string): [string, Candidate[]][] {
  const bySite = new Map<string, Candidate[]>()
  for (const item of items) {
    if (item.near) continue
    const site = (item.siteId && names.sites.get(item.siteId)?.name) || nowhere
    bySite.set(site, [...(bySite.get(site) ?? []), item])
  }
  return [...bySite].toSorted(([, a], [, b]) => b.length - a.length)
}
