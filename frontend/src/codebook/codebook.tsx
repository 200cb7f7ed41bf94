import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useProject } from '../shell/project'
import { changeBack, changeCode, createCode, removeCode, restoreCode, usage } from '../state/codebook'
import { type Code, codes, sites } from '../state/queries'
import { Icon } from '../ui/icons'
import { Lines, Problem } from '../ui/problem'
import { Tile } from '../ui/tile'
import { say } from '../ui/toast'
import { ActionMenu } from './action-menu'
import { CodeTree } from './code-tree'
import { useDeeds } from './deeds'
import { ExportMenu } from './export-menu'
import { type From, Import } from './import'
import { Merge } from './merge'
import { Panel } from './panel'
import { Split } from './split'
import { tally } from './tally'
import { forest, living, type Place, positionAt, type Step, stepped, walk } from './tree'
import './codebook.css'

type Asked = { what: 'merge' | 'split'; code: Code } | { what: 'import'; from: From }

/** The codebook of a project: its codes as a tree, and beside it the one that is looked at. */
export function Codebook() {
  const { t } = useTranslation()
  const { id: project, project: study, role } = useProject()
  const { tell } = useDeeds(project)
  const list = useQuery(codes(project))
  const used = useQuery(usage(project)).data
  const places = useQuery(sites(project)).data
  const all = useMemo(() => list.data ?? [], [list.data])
  const nodes = useMemo(() => forest(all), [all])
  const shown = useMemo(() => living(nodes), [nodes])
  const tallies = useMemo(() => tally(nodes, used ?? []), [nodes, used])
  const usedAt = useMemo(
    () =>
      (places ?? [])
        .filter((s) => used?.some((u) => u.siteId === s.id))
        .sort((a, b) => a.name.localeCompare(b.name))
        .slice(0, 8),
    [places, used],
  )
  const archived = walk(nodes).filter((n) => !walk(shown).some((s) => s.code.id === n.code.id))
  const may = role === 'owner' || role === 'editor'
  const [chosen, setChosen] = useState<string>()
  const [open, setOpen] = useState(false)
  const [wanted, focusRow] = useState<string>()
  const [adding, setAdding] = useState<string>()
  const [asked, setAsked] = useState<Asked>()
  const add = useRef<HTMLButtonElement>(null)
  const code = all.find((c) => c.id === chosen && !c.mergedInto)

  function choose(next: Code, opened: boolean) {
    setChosen(next.id)
    if (opened) setOpen(true)
  }

  function move(moved: Code, place: Place) {
    const beneath = all.find((c) => c.id === place.parentId)
    const words = beneath
      ? t('codebook.movedBeneath', { name: moved.name, parent: beneath.name })
      : t('codebook.moved', { name: moved.name })
    const fields = { parentId: place.parentId, index: place.index }
    const act = changeCode(project, moved.id, fields, { position: positionAt(all, moved.id, place) })
    tell(words, act, (done) => changeBack(project, moved, done, ['parentId']))
  }

  function step(moved: Code, way: Step) {
    const place = stepped(all, shown, moved.id, way)
    if (place) move(moved, place)
    else say(t(`codebook.edge.${way}`, { name: moved.name }))
  }

  function rename(renamed: Code, name: string) {
    const act = changeCode(project, renamed.id, { name })
    tell(t('codebook.renamed', { name }), act, (done) => changeBack(project, renamed, done, ['name']))
  }

  function archive(put: Code, away: boolean) {
    const act = changeCode(project, put.id, { archived: away })
    tell(t(away ? 'codebook.wasArchived' : 'codebook.wasBrought', { name: put.name }), act, (done) =>
      changeBack(project, put, done, ['archived']),
    )
  }

  function remove(removed: Code) {
    const rows = walk(shown)
    const at = rows.findIndex((n) => n.code.id === removed.id)
    const next = rows[at + 1] ?? rows[at - 1]
    setOpen(false)
    setChosen(next?.code.id)
    focusRow(next?.code.id)
    tell(t('codebook.deleted', { name: removed.name }), removeCode(project, removed), () => restoreCode(project, removed.id))
  }

  function create(name: string | undefined, parentId: string) {
    setAdding(undefined)
    if (!name) return parentId ? focusRow(parentId) : add.current?.focus()
    const act = createCode(project, name, parentId)
    tell(t('codebook.created', { name }), act, (made) => removeCode(project, made))
    act.then(
      (made) => {
        setChosen(made.id)
        focusRow(made.id)
      },
      () => add.current?.focus(),
    )
  }

  return (
    <main className={open && code ? 'book book--open' : 'book'} id="text" tabIndex={-1}>
      <div className="book__page">
        <header className="book__head">
          <div className="grow">
            <h1>{t('codebook.title')}</h1>
            {list.data && (
              <p className="sm muted">
                {t('codebook.count', { count: walk(shown).length })}
                {study && (
                  <>
                    {' · '}
                    <Link to="/projects/$project/codebook/history" params={{ project }}>
                      {t('codebook.version', { n: study.codebookVersion })}
                    </Link>
                  </>
                )}
              </p>
            )}
          </div>
          {may && (
            <>
              <Button ref={add} size="sm" leftSection={<Icon name="plus" />} onClick={() => setAdding('')}>
                {t('codebook.new')}
              </Button>
              <ActionMenu
                acts={(['template', 'table', 'project'] as const).map((from) => ({
                  words: t(`codeImport.${from}`),
                  act: () => setAsked({ what: 'import', from }),
                }))}
              >
                {(onFocus) => (
                  <Button variant="default" size="sm" onFocus={onFocus}>
                    {t('codebook.add')}
                  </Button>
                )}
              </ActionMenu>
            </>
          )}
          <ExportMenu project={project} what="codebook" />
        </header>
        {list.isPending && <Lines count={9} />}
        {list.error && <Problem error={list.error} again={() => void list.refetch()} />}
        {list.data && shown.length === 0 && adding === undefined && (
          <div className="book__empty">
            <p>{t(may ? 'codebook.empty' : 'codebook.emptyReader')}</p>
            {may && <Button onClick={() => setAsked({ what: 'import', from: 'template' })}>{t('codebook.begin')}</Button>}
          </div>
        )}
        {(shown.length > 0 || adding !== undefined) && (
          <>
            <p className="tree__head xs muted" aria-hidden="true">
              <span>{t('codebook.code')}</span>
              <span>{t('codebook.shortcut')}</span>
              <span>{t('codebook.codingsHead')}</span>
              <span>{t('codebook.notesHead')}</span>
              <span>{t('codebook.sitesHead')}</span>
            </p>
            <CodeTree
              codes={all}
              nodes={shown}
              tallies={tallies}
              sites={usedAt}
              may={may}
              chosen={code?.id}
              adding={adding}
              wanted={wanted}
              onReached={() => focusRow(undefined)}
              onChoose={choose}
              onMove={move}
              onRename={rename}
              onAdd={create}
              onDelete={remove}
            />
            {may && <p className="xs muted book__hint">{t('codebook.hint')}</p>}
          </>
        )}
        {archived.length > 0 && (
          <details className="book__archived">
            <summary>
              <Icon name="chevron" />
              {t('codebook.archived', { count: archived.length })}
            </summary>
            <ul>
              {archived.map((n) => (
                <li key={n.code.id}>
                  <Tile code={n.code} />
                  <Link className="grow clip" to="/projects/$project/codebook/$code" params={{ project, code: n.code.id }}>
                    {n.code.name}
                  </Link>
                  {may && (
                    <Button variant="subtle" size="compact-sm" onClick={() => archive(n.code, false)}>
                      {t('codebook.bringBack')}
                    </Button>
                  )}
                </li>
              ))}
            </ul>
          </details>
        )}
      </div>
      <aside className="book__panel" aria-label={t('codebook.chosen')}>
        {open && <h1 className="book__title sr">{t('codebook.title')}</h1>}
        {code ? (
          <Panel
            project={project}
            code={code}
            codes={all}
            tally={tallies.get(code.id)}
            sites={places ?? []}
            may={may}
            onStep={(way) => step(code, way)}
            onAdd={() => {
              setOpen(false)
              setAdding(code.id)
            }}
            onMerge={() => setAsked({ what: 'merge', code })}
            onSplit={() => setAsked({ what: 'split', code })}
            onArchive={() => archive(code, !code.archived)}
            onDelete={() => remove(code)}
            onClose={() => {
              setOpen(false)
              focusRow(code.id)
            }}
          />
        ) : (
          <p className="muted book__none">{t('codebook.none')}</p>
        )}
      </aside>
      {asked?.what === 'import' && <Import project={project} from={asked.from} onClose={() => setAsked(undefined)} />}
      {asked?.what === 'merge' && (
        <Merge
          project={project}
          code={asked.code}
          codes={all}
          onClose={() => setAsked(undefined)}
          onDone={(into) => {
            setAsked(undefined)
            setChosen(into)
            focusRow(into)
          }}
        />
      )}
      {asked?.what === 'split' && (
        <Split project={project} code={asked.code} onDone={() => setAsked(undefined)} onClose={() => setAsked(undefined)} />
      )}
    </main>
  )
}
