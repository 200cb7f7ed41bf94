import { type KeyboardEvent, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Code, Site } from '../state/queries'
import { say } from '../ui/toast'
import { useIsDraft } from './draft'
import { useDrag } from './drag'
import { NameField, Row } from './row'
import { type Tally, untouched } from './tally'
import { dropped, type Node, type Place, rows, type Side, type Step, stepped, within } from './tree'

type Props = {
  codes: readonly Code[]
  nodes: readonly Node[]
  tallies: Map<string, Tally>
  sites: readonly Site[]
  may: boolean
  chosen: string | undefined
  /** Where a new code is being named: beneath a code, or at the top with an empty id. */
  adding: string | undefined
  /** The code whose row is to have focus as soon as it is there. */
  wanted: string | undefined
  onReached: () => void
  onChoose: (code: Code, open: boolean) => void
  onMove: (code: Code, place: Place) => void
  onRename: (code: Code, name: string) => void
  onAdd: (name: string | undefined, parentId: string) => void
  onDelete: (code: Code) => void
}

const steps: Record<string, Step> = { ArrowUp: 'up', ArrowDown: 'down', ArrowRight: 'in', ArrowLeft: 'out' }

/** The codebook as a tree, to go through and to reorder with the keyboard, a mouse or a finger. */
export function CodeTree(props: Props) {
  const { codes, nodes, tallies, sites, may, chosen, adding, wanted } = props
  const { t } = useTranslation()
  const isDraft = useIsDraft()
  const list = useRef<HTMLDivElement>(null)
  const held = useRef<string>(undefined)
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set())
  const [renaming, setRenaming] = useState<string>()
  const visible = useMemo(() => rows(nodes, folded), [nodes, folded])
  const most = useMemo(() => Math.max(1, ...[...tallies.values()].flatMap((all) => [...all.bySite.values()])), [tallies])
  const reached = visible.some((n) => n.code.id === chosen) ? chosen : visible[0]?.code.id
  const { drag, onPointerDown } = useDrag(may, drop)

  // A row that moves in the page loses focus on the way.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the order that may have changed
  useLayoutEffect(() => {
    if (held.current && document.activeElement === document.body) focus(held.current)
  }, [visible])
  // biome-ignore lint/correctness/useExhaustiveDependencies: it may come with the next order
  useLayoutEffect(() => {
    if (!wanted || !visible.some((n) => n.code.id === wanted)) return
    focus(wanted)
    props.onReached()
  }, [wanted, visible])

  function focus(id: string) {
    list.current?.querySelector<HTMLElement>(`[data-code="${id}"]`)?.focus()
  }

  function fold(id: string, shut: boolean) {
    const next = new Set(folded)
    if (shut) next.add(id)
    else next.delete(id)
    setFolded(next)
  }

  function go(node: Node | undefined) {
    if (!node) return
    props.onChoose(node.code, false)
    focus(node.code.id)
  }

  function move(code: Code, place: Place | undefined, step?: Step) {
    if (!place) return say(step ? t(`codebook.edge.${step}`, { name: code.name }) : t('codebook.cycle', { name: code.name }))
    fold(place.parentId, false)
    held.current = code.id
    props.onMove(code, place)
  }

  function drop(id: string, target: string, side: Side) {
    const code = codes.find((c) => c.id === id)
    if (!code) return
    props.onChoose(code, false)
    // Behind a code that stands open is above what hangs beneath it.
    const open = visible.find((n) => n.code.id === target && n.children.length > 0 && !folded.has(target))
    if (side === 'after' && open && !within(codes, id).has(target)) return move(code, { parentId: target, index: 0 })
    move(code, dropped(codes, id, target, side))
  }

  function onKeyDown(event: KeyboardEvent) {
    const at = visible.findIndex((n) => n.code.id === (event.target as HTMLElement).dataset.code)
    const node = visible[at]
    if (!node || event.ctrlKey || event.metaKey) return
    const { code } = node
    const step = steps[event.key]
    if (event.altKey) {
      if (!step || !may) return
      move(code, stepped(codes, nodes, code.id, step), step)
    } else if (event.key === 'ArrowDown') go(visible[at + 1])
    else if (event.key === 'ArrowUp') go(visible[at - 1])
    else if (event.key === 'Home') go(visible[0])
    else if (event.key === 'End') go(visible.at(-1))
    else if (event.key === 'ArrowRight') {
      if (folded.has(code.id)) fold(code.id, false)
      else go(node.children[0])
    } else if (event.key === 'ArrowLeft') {
      if (node.children.length > 0 && !folded.has(code.id)) fold(code.id, true)
      else go(visible.find((n) => n.code.id === code.parentId))
    } else if (event.key === ' ') props.onChoose(code, true)
    else if ((event.key === 'F2' || event.key === 'Enter') && may) setRenaming(code.id)
    else if (event.key === 'Delete' && may) props.onDelete(code)
    else if (/^[\p{L}\p{N}]$/u.test(event.key)) {
      const begins = (n: Node) => n.code.name.toLocaleLowerCase().startsWith(event.key.toLocaleLowerCase())
      go([...visible.slice(at + 1), ...visible.slice(0, at)].find(begins))
    } else return
    event.preventDefault()
  }

  const placed = (node: Node) => {
    const beside = visible.filter((n) => n.level === node.level && n.code.parentId === node.code.parentId)
    return { of: beside.length, at: beside.indexOf(node) + 1 }
  }
  const end = adding === undefined ? -1 : lastWithin(visible, adding)

  return (
    <div
      ref={list}
      role="tree"
      aria-label={t('codebook.title')}
      className="tree"
      data-dragging={drag ? true : undefined}
      onKeyDown={onKeyDown}
      onPointerDown={onPointerDown}
      onFocus={(event) => {
        held.current = event.target.dataset.code
      }}
      onBlur={(event) => {
        if (event.relatedTarget) held.current = undefined
      }}
      onClick={(event) => {
        const row = (event.target as Element).closest<HTMLElement>('[data-code]')
        const code = codes.find((c) => c.id === row?.dataset.code)
        if (!code) return
        props.onChoose(code, true)
        row?.focus()
      }}
      onDoubleClick={(event) => {
        const row = (event.target as Element).closest<HTMLElement>('[data-code]')
        if (may && row) setRenaming(row.dataset.code)
      }}
    >
      {visible.map((node, i) => [
        <Row
          key={node.code.id}
          node={node}
          tally={tallies.get(node.code.id) ?? untouched}
          sites={sites}
          most={most}
          folded={folded.has(node.code.id)}
          chosen={node.code.id === chosen}
          reached={node.code.id === reached}
          unsaved={isDraft(`code ${node.code.id}`)}
          renaming={node.code.id === renaming}
          mayMove={may}
          place={placed(node)}
          drop={drag?.over?.id === node.code.id ? drag.over.side : undefined}
          dragged={drag?.id === node.code.id}
          onFold={() => fold(node.code.id, !folded.has(node.code.id))}
          onName={(name) => {
            setRenaming(undefined)
            if (name && name !== node.code.name) props.onRename(node.code, name)
            held.current = node.code.id
            requestAnimationFrame(() => {
              if (document.activeElement === document.body) focus(node.code.id)
            })
          }}
        />,
        i === end && adding !== undefined && (
          <Adding key="adding" level={levelBeneath(visible, adding)} parentId={adding} onAdd={props.onAdd} />
        ),
      ])}
      {adding !== undefined && end < 0 && <Adding level={1} parentId={adding} onAdd={props.onAdd} />}
    </div>
  )
}

/** The row of a code that has no name yet. */
function Adding({ level, parentId, onAdd }: { level: number; parentId: string; onAdd: Props['onAdd'] }) {
  const { t } = useTranslation()
  return (
    <div
      role="treeitem"
      aria-selected={false}
      aria-level={level}
      aria-label={t('codebook.new')}
      className="node"
      tabIndex={-1}
      style={{ '--level': level } as React.CSSProperties}
    >
      <span className="node__name">
        <span className="node__fold" />
        <span className="tile node__blank" aria-hidden="true" />
        <NameField start="" onDone={(name) => onAdd(name, parentId)} />
      </span>
    </div>
  )
}

/** The last row that belongs to a code, which a new one comes after; of the top the last of all. */
function lastWithin(visible: readonly Node[], id: string): number {
  const from = visible.findIndex((n) => n.code.id === id)
  const top = visible[from]
  if (!top) return visible.length - 1
  const next = visible.findIndex((n, i) => i > from && n.level <= top.level)
  return next < 0 ? visible.length - 1 : next - 1
}

const levelBeneath = (visible: readonly Node[], id: string) => (visible.find((n) => n.code.id === id)?.level ?? 0) + 1
