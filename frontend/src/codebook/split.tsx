import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { splitCode, undoChange } from '../state/codebook'
import { excerpts } from '../state/excerpts'
import { type Code, sites } from '../state/queries'
import { Icon } from '../ui/icons'
import { Lines, Problem, useSentence } from '../ui/problem'
import { useDeeds } from './deeds'
import { Dialog } from './dialog'

type Part = { name: string; definition: string }

const mostParts = 50
const mostCodings = 1000

/** Splits a code: names new ones beneath it and says which excerpts go to each. */
export function Split({
  project,
  code,
  onDone,
  onClose,
}: {
  project: string
  code: Code
  onDone: () => void
  onClose: () => void
}) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const { tell } = useDeeds(project)
  const [parts, setParts] = useState<Part[]>([
    { name: '', definition: '' },
    { name: '', definition: '' },
  ])
  const [goes, setGoes] = useState<ReadonlyMap<string, number>>(new Map())
  const [fault, setFault] = useState<string>()
  const [busy, setBusy] = useState(false)
  const list = useInfiniteQuery(excerpts(project, code.id, { alone: true }, 200))
  const places = new Map(useQuery(sites(project)).data?.map((s) => [s.id as string, s.name]))
  const items = list.data?.pages.flatMap((page) => page.items) ?? []
  const named = parts.flatMap((part, i) => (part.name.trim() ? [i] : []))
  const going = (i: number) => [...goes].flatMap(([id, part]) => (part === i ? [id] : []))
  const moved = named.reduce((n, i) => n + going(i).length, 0)
  const put = (i: number, more: Partial<Part>) => setParts(parts.map((part, j) => (j === i ? { ...part, ...more } : part)))

  async function split() {
    setBusy(true)
    setFault(undefined)
    try {
      const made = await splitCode(
        project,
        code.id,
        named.map((i) => ({
          name: parts[i]?.name.trim() ?? '',
          definition: parts[i]?.definition.trim() ?? '',
          codingIds: going(i),
        })),
      )
      onDone()
      tell(t('codeSplit.done', { name: code.name, count: made.length }), Promise.resolve(), async () => {
        if (made[0]) await undoChange(project, made[0].id, made[0].version)
      })
    } catch (error) {
      setFault(sentence(error))
      setBusy(false)
    }
  }

  return (
    <Dialog wide title={t('codeSplit.title', { name: code.name })} onClose={onClose}>
      <p className="muted">{t('codeSplit.lead')}</p>
      <div className="split__parts">
        {parts.map((part, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a part is its place
          <div key={i} className="split__part">
            <TextInput
              data-autofocus={i === 0 || undefined}
              label={t('codeSplit.part', { n: i + 1 })}
              maxLength={200}
              value={part.name}
              onChange={(event) => put(i, { name: event.currentTarget.value })}
            />
            <TextInput
              label={t('codeEdit.definition')}
              maxLength={20_000}
              value={part.definition}
              onChange={(event) => put(i, { definition: event.currentTarget.value })}
            />
          </div>
        ))}
        {parts.length < mostParts && (
          <Button
            variant="default"
            size="compact-sm"
            leftSection={<Icon name="plus" />}
            onClick={() => setParts([...parts, { name: '', definition: '' }])}
          >
            {t('codeSplit.add')}
          </Button>
        )}
      </div>
      {list.isPending && <Lines count={6} />}
      {list.error && <Problem error={list.error} again={() => void list.refetch()} />}
      {list.data && items.length === 0 && <p className="muted">{t('codeSplit.none')}</p>}
      <ul className="split__list">
        {items.map((excerpt) => (
          <li key={excerpt.id}>
            <div className="grow">
              <p className="xs muted">{[excerpt.note.title, places.get(excerpt.note.siteId)].filter(Boolean).join(' · ')}</p>
              <p className="split__quote" lang={excerpt.note.language || undefined}>
                {excerpt.anchor.quote}
              </p>
            </div>
            <NativeSelect
              aria-label={t('codeSplit.goes', { quote: excerpt.anchor.quote.slice(0, 60) })}
              value={goes.get(excerpt.id) ?? ''}
              onChange={(event) => {
                const next = new Map(goes)
                if (event.currentTarget.value === '') next.delete(excerpt.id)
                else next.set(excerpt.id, Number(event.currentTarget.value))
                setGoes(next)
              }}
            >
              <option value="">{t('codeSplit.stays')}</option>
              {named.map((i) => (
                <option key={i} value={i}>
                  {parts[i]?.name}
                </option>
              ))}
            </NativeSelect>
          </li>
        ))}
      </ul>
      {list.hasNextPage && (
        <Button variant="default" size="compact-sm" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('codePage.more')}
        </Button>
      )}
      {fault && (
        <p className="problem" role="alert">
          {fault}
        </p>
      )}
      <div className="dialog__foot dialog__foot--wide">
        <p className="grow sm" role="status">
          {named.length === 0
            ? t('codeSplit.name')
            : [
                ...named.map((i) => t('codeSplit.to', { count: going(i).length, name: parts[i]?.name })),
                moved > mostCodings && t('codeSplit.tooMany'),
              ]
                .filter(Boolean)
                .join(' · ')}
        </p>
        <Button variant="default" onClick={onClose}>
          {t('codebook.cancel')}
        </Button>
        <Button disabled={named.length === 0 || moved > mostCodings} loading={busy} onClick={split}>
          {t('codeSplit.split')}
        </Button>
      </div>
    </Dialog>
  )
}
