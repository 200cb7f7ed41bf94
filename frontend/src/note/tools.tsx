import { ActionIcon } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { withWords } from '../i18n'
import { useProject } from '../shell/project'
import { useUser } from '../shell/user'
import { useBring } from '../sources/use-bring'
import { useStreamState } from '../state/live'
import { type Note, sites } from '../state/queries'
import { useWaiting } from '../state/queue'
import { Icon } from '../ui/icons'
import { lazily } from '../ui/lazily'
import { MenuButton } from '../ui/opener'

const ReleaseDialog = lazily(() => withWords('teaching', import('../teaching/release-dialog')), 'ReleaseDialog')

type Props = {
  project: string
  note: Note | undefined
  pinned: boolean
  sending: boolean
  people: React.ReactNode
  children: React.ReactNode
}

/** The line over a note: where it belongs, what can be done with all of it, and whether all is saved. */
export function Tools({ project, note, pinned, sending, people, children }: Props) {
  const { t } = useTranslation()
  const { role } = useProject()
  const user = useUser()
  const stream = useStreamState()
  const kept = useWaiting().length > 0
  const take = useBring(project)
  const [isReleasing, setReleasing] = useState(false)
  /** Lets somebody pick files that belong to this note. */
  async function bring(to: string) {
    const [{ pick }, { wishForAll }] = await Promise.all([import('../sources/files'), import('../state/import-choices')])
    pick(false, (found) => {
      wishForAll(project, { note: to })
      take(found)
    })
  }
  const mayChange = !pinned && (role === 'owner' || role === 'editor' || (role === 'coder' && note?.authorId === user.id))
  const site = useQuery(sites(project)).data?.find((s) => s.id === note?.siteId)?.name
  return (
    <div className="tools">
      <span className="sm tools__where clip">
        {site && (
          <>
            <span className="muted clip">{site}</span>
            <span className="muted" aria-hidden="true">
              /
            </span>
          </>
        )}
        {note && <Icon name={note.kind} />}
        {note && <span>{t(`kind.${note.kind}`)}</span>}
      </span>
      <span className="grow" />
      {people}
      <span className="xs muted tools__state">
        {kept ? t('kept.here') : stream === 'lost' ? t('note.lost') : t(sending ? 'note.saving' : 'note.saved')}
      </span>
      {children}
      <MenuButton
        position="bottom-end"
        button={
          <ActionIcon variant="subtle" aria-label={t('note.more')}>
            <Icon name="dots" />
          </ActionIcon>
        }
      >
        {(Menu) => (
          <>
            {note && mayChange && (
              <Menu.Item
                renderRoot={(props) => (
                  <Link {...props} to="/projects/$project/notes/$note/edit" params={{ project, note: note.id }} />
                )}
              >
                {t('note.change')}
              </Menu.Item>
            )}
            {note && mayChange && <Menu.Item onClick={() => void bring(note.id)}>{t('files.add')}</Menu.Item>}
            {note && role === 'owner' && !note.draft && (
              <Menu.Item onClick={() => setReleasing(true)}>{t('note.release')}</Menu.Item>
            )}
            <Menu.Item onClick={() => window.print()}>{t('note.print')}</Menu.Item>
          </>
        )}
      </MenuButton>
      {note && isReleasing && <ReleaseDialog project={project} notes={[note]} onClose={() => setReleasing(false)} />}
    </div>
  )
}
