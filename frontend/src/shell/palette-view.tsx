import { Modal } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../ui/icons'
import { Tile } from '../ui/tile'
import { rankOf } from './match'
import { onPalette } from './palette'
import { type Place, usePlaces, useSearch } from './places'
import { useUser } from './user'

const shownOfGroup = 6

/** Finds actions, notes, codes, sites and projects by some letters. Opened with Ctrl-K, or a button. */
export function Palette() {
  const { t } = useTranslation()
  const [opened, setOpened] = useState(true) // it comes when it is first asked for
  const back = useRef(document.activeElement)
  useEffect(() => {
    const open = () => {
      back.current = document.activeElement
      setOpened(true)
    }
    const end = onPalette(open)
    const listen = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || event.key.toLowerCase() !== 'k') return
      event.preventDefault()
      if (opened) setOpened(false)
      else open()
    }
    document.addEventListener('keydown', listen)
    return () => {
      end()
      document.removeEventListener('keydown', listen)
    }
  }, [opened])
  // The field takes the focus before the dialog could see where it was, so that nobody has to wait before they type.
  useEffect(() => {
    if (!opened && back.current instanceof HTMLElement) back.current.focus({ preventScroll: true })
  }, [opened])
  const close = () => setOpened(false)
  return (
    <Modal.Root opened={opened} onClose={close} returnFocus={false} size={560} yOffset="10vh" transitionProps={{ duration: 0 }}>
      <Modal.Overlay />
      <Modal.Content aria-label={t('bar.find')}>
        <Modal.Body p={0}>
          <Finder onClose={close} />
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}

type Found = Place & { heading: string | undefined }

function Finder({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const user = useUser()
  const places = usePlaces()
  const search = useSearch()
  const [typed, setTyped] = useState('')
  const [marked, setMarked] = useState(0)
  const [recent] = useState(() => recentOf(user.id))
  const list = useRef<HTMLDivElement>(null)
  const words = typed.trim()
  const all = words === '' ? suggested(places, recent, t('palette.recent')) : matching(places, words)
  const last = words !== '' && search && { id: 'search', name: t('palette.search', { words }), run: () => search(words) }
  const found = headed(last ? [...all, last] : all)
  const chosen = found[Math.min(marked, found.length - 1)]

  // biome-ignore lint/correctness/useExhaustiveDependencies: the marked one is looked for by its attribute
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' })
  }, [chosen?.id])

  function run(place: Place) {
    if (place.id !== 'search') remember(user.id, place.id)
    onClose()
    place.run()
  }

  return (
    <div className="palette">
      <div className="palette__in">
        <Icon name="search" />
        <input
          // biome-ignore lint/a11y/noAutofocus: whoever opened it types on at once, before the dialog has moved the focus
          autoFocus
          data-autofocus
          role="combobox"
          aria-expanded="true"
          aria-controls="palette"
          aria-activedescendant={chosen && `palette ${chosen.id}`.replaceAll(' ', '-')}
          aria-label={t('bar.find')}
          placeholder={t('bar.find')}
          autoComplete="off"
          spellCheck={false}
          value={typed}
          maxLength={200}
          onChange={(event) => {
            setTyped(event.target.value)
            setMarked(0)
          }}
          onKeyDown={(event) => {
            const n = found.length
            if (event.nativeEvent.isComposing) return
            if (event.key === 'ArrowDown') setMarked(n > 0 ? (Math.min(marked, n - 1) + 1) % n : 0)
            else if (event.key === 'ArrowUp') setMarked(n > 0 ? (Math.min(marked, n - 1) + n - 1) % n : 0)
            else if (event.key === 'Enter' && chosen) run(chosen)
            else return
            event.preventDefault()
          }}
        />
        <kbd>Esc</kbd>
      </div>
      <p className="sr" role="status">
        {t('palette.found', { count: found.length })}
      </p>
      {found.length === 0 && <p className="palette__none muted">{t('palette.none')}</p>}
      <div className="palette__list" id="palette" role="listbox" aria-label={t('bar.find')} ref={list}>
        {found.map((place) => (
          <Option key={place.id} place={place} marked={place === chosen} onRun={() => run(place)} />
        ))}
      </div>
    </div>
  )
}

function Option({ place, marked, onRun }: { place: Found; marked: boolean; onRun: () => void }) {
  return (
    <>
      {place.heading && <div role="presentation">{place.heading}</div>}
      {/* biome-ignore lint/a11y: the field above has the keys, and says which option is marked */}
      <div
        id={`palette ${place.id}`.replaceAll(' ', '-')}
        role="option"
        aria-selected={marked}
        onMouseDown={(event) => event.preventDefault()}
        onClick={onRun}
      >
        {place.code ? <Tile code={place.code} /> : <Icon name={place.note ?? (place.site ? 'place' : iconOf(place.id))} />}
        <span className="grow clip" lang={place.language || undefined}>
          {place.name}
        </span>
        {place.detail && <small className="clip">{place.detail}</small>}
        {place.keys && <kbd>{place.keys}</kbd>}
      </div>
    </>
  )
}

const iconOf = (id: string) => (id === 'search' ? 'search' : id.startsWith('project ') ? 'book' : 'chevron')

/** What was chosen lately, and then what there is to do. */
function suggested(places: readonly Place[], recent: readonly string[], heading: string): Place[] {
  const lately = recent.flatMap((id) => places.find((p) => p.id === id) ?? []).map((p) => ({ ...p, group: heading }))
  const isRecord = (p: Place) => p.note || p.code || p.site
  return [...lately.slice(0, shownOfGroup), ...places.filter((p) => !isRecord(p) && !recent.includes(p.id))]
}

/** What fits the words: the best of each group, and the group with the best fit first. */
function matching(places: readonly Place[], words: string): Place[] {
  const groups = new Map<string, { place: Place; rank: number }[]>()
  for (const place of places) {
    const rank = rankOf(place.name, words)
    if (rank === undefined) continue
    const group = place.group ?? ''
    groups.set(group, [...(groups.get(group) ?? []), { place, rank }])
  }
  const ranked = [...groups.values()].map((group) => group.toSorted((a, b) => a.rank - b.rank).slice(0, shownOfGroup))
  return ranked.toSorted((a, b) => (a[0]?.rank ?? 0) - (b[0]?.rank ?? 0)).flatMap((group) => group.map((g) => g.place))
}

/** Puts what belongs together under one heading. */
function headed(places: readonly Place[]): Found[] {
  const byGroup = new Map<string, Place[]>()
  for (const place of places) byGroup.set(place.group ?? '', [...(byGroup.get(place.group ?? '') ?? []), place])
  return [...byGroup].flatMap(([group, all]) => all.map((p, i) => ({ ...p, heading: i === 0 && group ? group : undefined })))
}

// What was chosen lately is kept by id alone: names are words of the project.
const keptRecent = 8
const keyOf = (user: string) => `recent ${user}`

function recentOf(user: string): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keyOf(user)) ?? '[]')
    return Array.isArray(kept) ? kept.filter((id) => typeof id === 'string') : []
  } catch {
    return []
  }
}

function remember(user: string, id: string) {
  const others = recentOf(user).filter((other) => other !== id)
  localStorage.setItem(keyOf(user), JSON.stringify([id, ...others].slice(0, keptRecent)))
}
