import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { discard, retry, useAway, useUnsent, useWaiting } from '../state/queue'
import { kindOf, recordOf, type Waiting } from '../state/sending'
import { Dialog } from '../ui/dialog'
import { Icon } from '../ui/icons'
import './kept.css'

/** The quiet line that tells of the network, and of what is kept on this device until it is back. */
export function Kept() {
  const { t } = useTranslation()
  const away = useAway()
  const count = useUnsent()
  const waiting = useWaiting()
  const refused = waiting.filter((w) => w.refused).length
  const [shown, list] = useDisclosure(false)
  const words = sentence()

  function sentence() {
    if (refused > 0) return t('kept.refused', { count: refused })
    if (away) return count > 0 ? t('kept.away', { count }) : t('kept.noNetwork')
    return waiting.length > 0 ? t('kept.sending', { count: waiting.length }) : ''
  }

  return (
    <>
      <span className="sr" role="status">
        {words}
      </span>
      {words && (
        <button type="button" className="kept" aria-label={words} aria-haspopup="dialog" onClick={list.open}>
          <Icon name="away" />
          <span className="kept__words clip">{words}</span>
          {count > 0 && <span className="kept__count num">{count}</span>}
        </button>
      )}
      <Dialog shown={shown} onClose={list.close} title={t('kept.title')}>
        <p className="sm">{t(away ? 'kept.whyAway' : 'kept.why')}</p>
        <ul className="kept__list">
          {waiting.map((write) => (
            <Entry key={write.id} write={write} onGo={list.close} />
          ))}
        </ul>
        {waiting.length < count && <p className="sm muted">{t('kept.drafts', { count: count - waiting.length })}</p>}
      </Dialog>
    </>
  )
}

function Entry({ write, onGo }: { write: Waiting; onGo: () => void }) {
  const { t } = useTranslation()
  const kind = kindOf(write)
  return (
    <li>
      <p>
        <b>{t(`kept.kind.${kind}`)}</b> {write.label}
      </p>
      {write.refused && <p className="sm kept__why">{write.refused.detail || t('app.failed')}</p>}
      <div className="row">
        {write.refused && (
          <>
            <Button size="xs" variant="default" onClick={() => void retry(write)}>
              {t('app.retry')}
            </Button>
            <Button size="xs" variant="subtle" onClick={() => void discard(write)}>
              {t('kept.discard')}
            </Button>
          </>
        )}
        {kind === 'note' && (
          <Link
            className="sm"
            to="/projects/$project/write/$draft"
            params={{ project: write.project, draft: recordOf(write) }}
            onClick={onGo}
          >
            {t('kept.open')}
          </Link>
        )}
      </div>
    </li>
  )
}
