import { Button, Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { noteKinds } from '../note/kinds'
import { useSitePlaces } from '../sources/filters'
import { nowhere, type SourcesSearch, select, sitePaths, sort } from '../sources/query'
import { notes, type Round, rounds, sites } from '../state/queries'
import { Icon } from '../ui/icons'
import { Lines, Problem } from '../ui/problem'
import { useDay } from './dates'
import { Part } from './part'

const step = 100 // rows that are shown at first, and more at a time

type Props = { round: Round; onChange: (noteIds: string[]) => void }

/** Which notes a round is about. */
export function NotesPart({ round, onChange }: Props) {
  const { t, i18n } = useTranslation()
  const project = round.spaceId
  const day = useDay()
  const list = useQuery(notes(project))
  const places = useQuery(sites(project)).data
  const all = useQuery(rounds(project)).data
  const [wanted, setWanted] = useState<SourcesSearch>({})
  const [isOnly, setOnly] = useState(false)
  const [most, setMost] = useState(step)
  const chosen = useMemo(() => new Set<string>(round.noteIds), [round.noteIds])
  const elsewhere = useMemo(() => busy(all ?? [], round.id), [all, round.id])
  const shown = useMemo(() => {
    const paths = sitePaths(places ?? [])
    const sources = (list.data ?? [])
      .filter((note) => !note.draft && (!isOnly || chosen.has(note.id)))
      .map((note) => ({ note, site: paths.get(note.siteId) ?? '', participants: [], observer: '', progress: undefined }))
    const collator = new Intl.Collator(i18n.language, { numeric: true })
    return sort(select(sources, wanted, places ?? []), 'date', false, collator)
  }, [list.data, places, wanted, isOnly, chosen, i18n.language])

  const put = (ids: readonly string[], isIn: boolean) => {
    const now = new Set(chosen)
    for (const id of ids) isIn ? now.add(id) : now.delete(id)
    onChange([...now])
  }
  const isAll = shown.length > 0 && shown.every(({ note }) => chosen.has(note.id))

  return (
    <Part title={t('setUp.notes')} lead={t('setUp.notesChosen', { count: round.noteIds.length })}>
      {list.isPending && <Lines count={6} />}
      {list.error && !list.data && <Problem error={list.error} again={() => void list.refetch()} />}
      {list.data && (
        <>
          <NoteFilters project={project} wanted={wanted} onChange={setWanted} />
          <div className="row choose__all">
            <Button
              variant="default"
              size="compact-sm"
              onClick={() =>
                put(
                  shown.map((s) => s.note.id),
                  !isAll,
                )
              }
            >
              {t(isAll ? 'setUp.noneOfThese' : 'setUp.allOfThese', { count: shown.length })}
            </Button>
            <Button
              variant={isOnly ? 'light' : 'subtle'}
              size="compact-sm"
              aria-pressed={isOnly}
              onClick={() => setOnly(!isOnly)}
            >
              {t('setUp.onlyChosen')}
            </Button>
          </div>
          {shown.length === 0 && <p className="muted">{t('setUp.noNotes')}</p>}
          {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the boxes in it */}
          <div className="choose" onKeyDown={walk}>
            <table aria-label={t('setUp.notes')}>
              <thead>
                <tr>
                  <th scope="col">{t('column.title')}</th>
                  <th scope="col">{t('column.site')}</th>
                  <th scope="col">{t('column.kind')}</th>
                  <th scope="col">{t('column.date')}</th>
                </tr>
              </thead>
              <tbody>
                {shown.slice(0, most).map(({ note, site }) => (
                  <tr key={note.id} data-chosen={chosen.has(note.id) || undefined}>
                    <th scope="row">
                      <label>
                        <input
                          type="checkbox"
                          checked={chosen.has(note.id)}
                          onChange={(event) => put([note.id], event.currentTarget.checked)}
                        />
                        <span lang={note.language || undefined}>{note.title}</span>
                      </label>
                      {elsewhere.has(note.id) && (
                        <small className="choose__busy">{t('setUp.inRound', { name: elsewhere.get(note.id) })}</small>
                      )}
                    </th>
                    <td className="clip" title={site}>
                      {site}
                    </td>
                    <td>{t(`kind.${note.kind}`)}</td>
                    <td>{note.observedOn && day(note.observedOn)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          {shown.length > most && (
            <Button variant="subtle" size="compact-sm" leftSection={<Icon name="caret" />} onClick={() => setMost(most + step)}>
              {t('setUp.more', { count: shown.length - most })}
            </Button>
          )}
        </>
      )}
    </Part>
  )
}

/** The notes that another round codes and hasn't revealed, with its name. */
function busy(all: readonly Round[], but: string): Map<string, string> {
  const sealed = all.filter((r) => r.id !== but && (r.state === 'blind' || r.state === 'locked'))
  return new Map(sealed.flatMap((r) => r.noteIds.map((id) => [id as string, r.name])))
}

/** Moves between the boxes of rows, as the arrows do. */
export function walk(event: KeyboardEvent<HTMLElement>) {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (!by || !(event.target instanceof HTMLInputElement) || event.target.type !== 'checkbox') return
  const boxes = [...event.currentTarget.querySelectorAll<HTMLInputElement>('input[type=checkbox]:not(:disabled)')]
  const next = boxes[boxes.indexOf(event.target) + by]
  if (!next) return
  event.preventDefault()
  next.focus()
}

type FilterProps = { project: string; wanted: SourcesSearch; onChange: (wanted: SourcesSearch) => void }

function NoteFilters({ project, wanted, onChange }: FilterProps) {
  const { t } = useTranslation()
  const places = useSitePlaces(project)
  const any = t('sources.any')
  return (
    <search className="choose__filters" aria-label={t('sources.filters')}>
      <TextInput
        type="search"
        label={t('sources.words')}
        value={wanted.q ?? ''}
        maxLength={200}
        onChange={(event) => onChange({ ...wanted, q: event.target.value })}
      />
      <Select
        label={t('column.site')}
        placeholder={any}
        data={[...places, { value: nowhere, label: t('rail.noSite') }]}
        value={wanted.site ?? null}
        onChange={(site) => onChange({ ...wanted, site: site ?? undefined })}
        clearable
        searchable
        nothingFoundMessage={t('sources.nothing')}
      />
      <Select
        label={t('column.kind')}
        placeholder={any}
        data={noteKinds.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
        value={wanted.kind ?? null}
        onChange={(kind) => onChange({ ...wanted, kind: noteKinds.find((k) => k === kind) })}
        clearable
      />
      <TextInput
        type="date"
        label={t('sources.from')}
        value={wanted.from ?? ''}
        onChange={(event) => onChange({ ...wanted, from: event.target.value || undefined })}
      />
      <TextInput
        type="date"
        label={t('sources.to')}
        value={wanted.to ?? ''}
        onChange={(event) => onChange({ ...wanted, to: event.target.value || undefined })}
      />
    </search>
  )
}
