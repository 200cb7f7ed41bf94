import { Button, SegmentedControl } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Bar } from '../shell/bar'
import { inbox, mark, markAll } from '../state/inbox'
import { Lines, Problem, useSentence } from '../ui/problem'
import { say } from '../ui/toast'
import { Item } from './item'
import './inbox.css'

/** What concerns somebody, from all their projects. */
export function Inbox() {
  const { t } = useTranslation()
  const sentence = useSentence()
  const [only, setOnly] = useState(false)
  const list = useInfiniteQuery(inbox(only))
  const items = list.data?.pages.flatMap((p) => p.items) ?? []
  const unread = list.data?.pages[0]?.unread ?? 0
  const failed = (error: unknown) => say(sentence(error))

  async function readAll() {
    const ids = await markAll()
    say(t('inbox.allRead'), ids.length > 0 ? () => void mark(ids, false).catch(failed) : undefined)
  }

  return (
    <div className="shell">
      <Bar />
      <main className="view" id="text" tabIndex={-1}>
        <div className="inbox">
          <h1>{t('inbox.title')}</h1>
          <p className="muted">{t('inbox.lead')}</p>
          {(only || items.length > 0) && (
            <div className="row inbox__tools">
              <SegmentedControl
                aria-label={t('inbox.which')}
                size="xs"
                value={only ? 'unread' : 'all'}
                onChange={(value) => setOnly(value === 'unread')}
                data={[
                  { value: 'all', label: t('inbox.all') },
                  { value: 'unread', label: t('inbox.unread') },
                ]}
              />
              <span className="grow" />
              <Button
                variant="default"
                size="compact-sm"
                aria-disabled={unread === 0}
                onClick={() => unread > 0 && void readAll().catch(failed)}
              >
                {t('inbox.readAll')}
              </Button>
            </div>
          )}
          {list.isPending && <Lines count={9} />}
          {list.error && !list.data && <Problem error={list.error} again={() => void list.refetch()} />}
          {list.data && items.length === 0 && !list.hasNextPage && <Empty only={only} />}
          {items.length > 0 && (
            <ul aria-label={t('inbox.list')}>
              {items.map((item) => (
                <Item key={item.id} item={item} onMark={(read) => void mark([item.id], read).catch(failed)} />
              ))}
            </ul>
          )}
          {list.hasNextPage && (
            <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
              {t('inbox.more')}
            </Button>
          )}
        </div>
      </main>
    </div>
  )
}

function Empty({ only }: { only: boolean }) {
  const { t } = useTranslation()
  return (
    <div className="inbox__none">
      <p>{t(only ? 'inbox.noneUnread' : 'inbox.none')}</p>
      <Button variant="default" renderRoot={(props) => <Link to="/" {...props} />}>
        {t('inbox.toProjects')}
      </Button>
    </div>
  )
}
