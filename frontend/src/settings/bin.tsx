import { Button, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { locale } from '../i18n'
import { useProject } from '../shell/project'
import { everybody } from '../state/queries'
import { type BinItem, bin, purgeRecord, restoreRecord, undoLast } from '../state/settings'
import { Icon } from '../ui/icons'
import { Lines, Problem, useSentence } from '../ui/problem'
import { say } from '../ui/toast'
import { Page } from './form'
import { ProjectNav } from './project-nav'
import { Purge } from './purge'

/** What was deleted in a project, to take out again or to delete for good. */
export function Bin() {
  const { t } = useTranslation()
  const { id, role } = useProject()
  const list = useQuery(bin(id))
  const [kind, setKind] = useState<string | null>(null)
  const [purged, setPurged] = useState<BinItem>()
  const kinds = [...new Set(list.data?.map((item) => item.noun))]
  const shown = list.data
    ?.filter((item) => !kind || item.noun === kind)
    .toSorted((a, b) => b.deletedAt.localeCompare(a.deletedAt))
  return (
    <Page title={t('bar.bin')} nav={<ProjectNav />}>
      <p className="muted set__lead">{t('bin.lead')}</p>
      {list.isPending && <Lines />}
      {list.error && <Problem error={list.error} again={() => void list.refetch()} />}
      {list.data?.length === 0 && <Empty project={id} />}
      {kinds.length > 1 && (
        <Select
          className="bin__kind"
          label={t('bin.kind')}
          placeholder={t('bin.all')}
          clearable
          value={kind}
          onChange={setKind}
          data={kinds.map((noun) => ({ value: noun, label: t(`bin.nouns.${noun}`) }))}
        />
      )}
      <ul className="lines">
        {shown?.map((item) => (
          <Line key={item.id} project={id} item={item} onPurge={role === 'owner' ? () => setPurged(item) : undefined} />
        ))}
      </ul>
      <Purge
        name={purged?.name}
        words={purged ? purgeWords(t, purged) : ''}
        onClose={() => setPurged(undefined)}
        onPurge={() => (purged ? purgeRecord(id, purged) : Promise.resolve())}
      />
    </Page>
  )
}

function Empty({ project }: { project: string }) {
  const { t } = useTranslation()
  return (
    <div className="empty">
      <p>{t('bin.empty')}</p>
      <Button variant="default" renderRoot={(props) => <Link to="/projects/$project" params={{ project }} {...props} />}>
        {t('bin.toNotes')}
      </Button>
    </div>
  )
}

type Words = ReturnType<typeof useTranslation>['t']

/** What hangs on a note, such as "3 codings and 1 memo"; empty if nothing does. */
const hanging = (t: Words, item: BinItem) =>
  [item.codings > 0 && t('bin.codings', { count: item.codings }), item.memos > 0 && t('bin.memos', { count: item.memos })]
    .filter(Boolean)
    .join(` ${t('bin.and')} `)

function purgeWords(t: Words, item: BinItem): string {
  const more = hanging(t, item)
  return [t('bin.forGood'), more && t('bin.goesToo', { what: more })].filter(Boolean).join(' ')
}

function Line({ project, item, onPurge }: { project: string; item: BinItem; onPurge: (() => void) | undefined }) {
  const { t, i18n } = useTranslation()
  const sentence = useSentence()
  const people = useQuery(everybody(project)).data
  const day = new Intl.DateTimeFormat(locale(i18n.language), { dateStyle: 'medium' })
  const by = people?.find((m) => m.userId === item.deletedBy)?.name || t('bin.somebody')
  const more = hanging(t, item)
  const failed = (error: unknown) => say(sentence(error))

  async function restore() {
    await restoreRecord(project, item)
    say(t('bin.restored', { name: item.name }), () => void undoLast(project, item.id).catch(failed))
  }

  return (
    <li>
      <Icon name={icons[item.noun as keyof typeof icons] ?? 'book'} />
      <span className="grow">
        <b>{item.name}</b>
        <small className="muted">
          {[
            t(`bin.noun.${item.noun}`),
            t('bin.deleted', { when: day.format(new Date(item.deletedAt)), by }),
            t('bin.kept', { until: day.format(new Date(item.purgeAt)) }),
          ].join(' · ')}
        </small>
        {more && <small className="muted">{t('bin.comesToo', { what: more })}</small>}
      </span>
      <Button
        variant="default"
        size="sm"
        aria-label={t('bin.restoreOne', { name: item.name })}
        onClick={() => void restore().catch(failed)}
      >
        {t('bin.restore')}
      </Button>
      {onPurge && (
        <Button variant="subtle" size="sm" aria-label={t('bin.purgeOne', { name: item.name })} onClick={onPurge}>
          {t('bin.purge')}
        </Button>
      )}
    </li>
  )
}

const icons = {
  note: 'document',
  site: 'place',
  participant: 'meetingObservation',
  code: 'book',
  memo: 'interview',
  comment: 'comment',
} as const
