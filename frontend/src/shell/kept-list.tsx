import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { discard, retry, useAway, useUnsent, useWaiting } from '../state/queue'
import { kindOf, recordOf, type Waiting } from '../state/sending'
import { Dialog } from '../ui/dialog'
import { useSentence } from '../ui/problem'

/** What waits on this device, and what was refused when it was sent. */
export function KeptList({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const away = useAway()
  const count = useUnsent()
  const waiting = useWaiting()
  return (
    <Dialog onClose={onClose} title={t('kept.title')}>
      <p className="sm">{t(away ? 'kept.whyAway' : 'kept.why')}</p>
      <ul className="kept__list">
        {waiting.map((write) => (
          <Entry key={write.id} write={write} onGo={onClose} />
        ))}
      </ul>
      {waiting.length < count && <p className="sm muted">{t('kept.drafts', { count: count - waiting.length })}</p>}
    </Dialog>
  )
}

function Entry({ write, onGo }: { write: Waiting; onGo: () => void }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const kind = kindOf(write)
  return (
    <li>
      <p>
        <b>{t(`kept.kind.${kind}`)}</b> {write.label}
      </p>
      {write.refused && <p className="sm kept__why">{sentence(write.refused)}</p>}
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
