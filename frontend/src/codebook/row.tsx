import { useTranslation } from 'react-i18next'
import type { Site } from '../state/queries'
import { Icon } from '../ui/icons'
import { Tile } from '../ui/tile'
import type { Tally } from './tally'
import type { Node, Side } from './tree'

type Props = {
  node: Node
  tally: Tally
  sites: readonly Site[]
  most: number
  folded: boolean
  chosen: boolean
  reached: boolean
  unsaved: boolean
  renaming: boolean
  mayMove: boolean
  place: { of: number; at: number }
  drop: Side | undefined
  dragged: boolean
  onFold: () => void
  onName: (name: string | undefined) => void
}

/** A code in the tree: its name, its key, and how often it was put where. */
export function Row(props: Props) {
  const { node, tally, sites, most, folded, chosen, reached, unsaved, renaming, place, drop } = props
  const { t } = useTranslation()
  const { code } = node
  const label = [
    code.shortcut && t('codebook.key', { key: code.shortcut }),
    t('codebook.codings', { count: tally.codings }),
    t('codebook.notes', { count: tally.notes }),
    tally.below > 0 && t('codebook.below', { count: tally.below }),
  ]
  return (
    <div
      role="treeitem"
      id={`code-${code.id}`}
      data-code={code.id}
      className="node"
      aria-level={node.level}
      aria-setsize={place.of}
      aria-posinset={place.at}
      aria-expanded={node.children.length > 0 ? !folded : undefined}
      aria-selected={chosen}
      tabIndex={reached ? 0 : -1}
      data-drop={drop}
      data-dragged={props.dragged || undefined}
      style={{ '--level': node.level } as React.CSSProperties}
    >
      <span className="node__name">
        {props.mayMove && (
          <span className="node__grip" data-grip>
            <Icon name="grip" />
          </span>
        )}
        {node.children.length > 0 ? (
          // biome-ignore lint/a11y: arrow keys of the tree fold and unfold
          <span
            className="node__fold"
            data-folded={folded}
            onClick={(event) => {
              event.stopPropagation()
              props.onFold()
            }}
          >
            <Icon name="chevron" />
          </span>
        ) : (
          <span className="node__fold" />
        )}
        <Tile code={code} />
        {renaming ? <NameField start={code.name} onDone={props.onName} /> : <span className="clip">{code.name}</span>}
        {unsaved && (
          <span className="node__dot" title={t('codebook.unsaved')}>
            <span className="sr">{t('codebook.unsaved')}</span>
          </span>
        )}
        {code.archived && <small className="muted">{t('codebook.isArchived')}</small>}
      </span>
      <span className="sr" data-use>
        {label.filter(Boolean).join(', ')}
      </span>
      <span className="node__key" aria-hidden="true">
        {code.shortcut && <kbd>{code.shortcut}</kbd>}
      </span>
      <span className="num node__count" aria-hidden="true">
        {tally.codings || (tally.below ? 0 : '')}
        {tally.below > 0 && (
          <small className="muted" title={t('codebook.below', { count: tally.below })}>
            {' '}
            +{tally.below}
          </small>
        )}
      </span>
      <span className="num node__notes muted" aria-hidden="true">
        {tally.notes || ''}
      </span>
      <span className="node__sites" aria-hidden="true" title={sitesInWords(tally, sites)}>
        {sites.map((site) => (
          <i key={site.id} style={{ height: `${Math.round((100 * (tally.bySite.get(site.id) ?? 0)) / most)}%` }} />
        ))}
      </span>
    </div>
  )
}

function sitesInWords(tally: Tally, sites: readonly Site[]): string | undefined {
  const used = sites.filter((s) => tally.bySite.get(s.id))
  return used.map((s) => `${s.name} ${tally.bySite.get(s.id)}`).join(', ') || undefined
}

/** Where a name is written: Enter and leaving keep it, Escape doesn't. */
export function NameField({ start, onDone }: { start: string; onDone: (name: string | undefined) => void }) {
  const { t } = useTranslation()
  return (
    <input
      className="node__input"
      // biome-ignore lint/a11y/noAutofocus: it was asked for with a key or a button
      autoFocus
      aria-label={t('codeEdit.name')}
      defaultValue={start}
      maxLength={200}
      onFocus={(event) => event.target.select()}
      onClick={(event) => event.stopPropagation()}
      onPointerDown={(event) => event.stopPropagation()}
      onDoubleClick={(event) => event.stopPropagation()}
      onKeyDown={(event) => {
        event.stopPropagation()
        if (event.key === 'Escape') event.currentTarget.value = ''
        if (event.key === 'Escape' || event.key === 'Enter') event.currentTarget.blur()
      }}
      onBlur={(event) => onDone(event.target.value.trim() || undefined)}
    />
  )
}
