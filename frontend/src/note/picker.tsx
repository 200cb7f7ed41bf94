import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Code } from '../state/queries'
import { Icon } from '../ui/icons'
import { Tile } from '../ui/tile'

type Props = {
  codes: readonly Code[]
  characters: number
  at: { x: number; y: number }
  onPick: (code: Code) => void
  /** Makes a code that is called so; left out where one may not. */
  onNew?: ((name: string) => void) | undefined
  onClose: () => void
}

/** Finds a code by some of its letters and puts it. */
export function Picker({ codes, characters, at, onPick, onNew, onClose }: Props) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const [marked, setMarked] = useState(0)
  const found = useMemo(() => matching(codes, typed), [codes, typed])
  const name = typed.trim()
  const offered = onNew && name !== '' && !codes.some((c) => c.name.toLocaleLowerCase() === name.toLocaleLowerCase())
  const last = found.length - (offered ? 0 : 1)
  const chosen = found[Math.min(marked, last)]
  const makes = offered && marked >= found.length
  const left = Math.max(12, Math.min(at.x, window.innerWidth - 384))
  const top = at.y + 330 > window.innerHeight ? Math.max(12, at.y - 360) : at.y + 8

  return (
    <div
      className="pick"
      role="dialog"
      aria-label={t('code.pick')}
      style={{ left, top }}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) onClose()
      }}
    >
      <div className="pick__in">
        <Icon name="search" />
        <input
          // biome-ignore lint/a11y/noAutofocus: it was asked for with a key, and gives focus back when it closes
          autoFocus
          role="combobox"
          aria-expanded="true"
          aria-controls="pick-list"
          aria-activedescendant={makes ? 'pick-new' : chosen && `pick-${chosen.id}`}
          aria-label={t('code.find')}
          value={typed}
          maxLength={200}
          onChange={(event) => {
            setTyped(event.target.value)
            setMarked(0)
          }}
          onKeyDown={(event) => {
            if (event.key === 'ArrowDown') setMarked(Math.min(marked + 1, last))
            else if (event.key === 'ArrowUp') setMarked(Math.max(marked - 1, 0))
            else if (event.key === 'Enter' && makes) onNew?.(name)
            else if (event.key === 'Enter' && chosen) onPick(chosen)
            else if (event.key === 'Escape') onClose()
            else return
            event.preventDefault()
            event.stopPropagation()
          }}
        />
        <span className="xs muted num">{t('code.characters', { count: characters })}</span>
      </div>
      {found.length === 0 && !offered && <p className="sm muted">{t('code.noCode')}</p>}
      <div className="pick__list" id="pick-list" role="listbox" aria-label={t('code.bar')}>
        {found.map((code) => (
          // biome-ignore lint/a11y: the field above has the keys, and says which option is marked
          <div
            key={code.id}
            id={`pick-${code.id}`}
            role="option"
            aria-selected={!makes && code === chosen}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onPick(code)}
          >
            <Tile code={code} />
            <span className="grow clip">
              {code.name}
              {code.parentId && <small> {codes.find((c) => c.id === code.parentId)?.name}</small>}
            </span>
            {code.shortcut && <kbd>{code.shortcut}</kbd>}
          </div>
        ))}
        {offered && (
          // biome-ignore lint/a11y: the field above has the keys, and says which option is marked
          <div
            id="pick-new"
            role="option"
            aria-selected={makes}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onNew(name)}
          >
            <span className="tile tile--new" aria-hidden="true">
              +
            </span>
            <span className="grow clip">{t('code.makeNew', { name })}</span>
          </div>
        )}
      </div>
    </div>
  )
}

/** The codes in whose name or key a word begins so, and then those that have it anywhere. */
export function matching(codes: readonly Code[], typed: string): Code[] {
  const wanted = typed.trim().toLocaleLowerCase()
  const rank = (code: Code) => {
    const name = code.name.toLocaleLowerCase()
    if (name.startsWith(wanted)) return 0
    if (name.split(/\s+/).some((word) => word.startsWith(wanted))) return 1
    return name.includes(wanted) || code.key.includes(wanted) ? 2 : 3
  }
  return codes.filter((c) => rank(c) < 3).toSorted((a, b) => rank(a) - rank(b))
}
