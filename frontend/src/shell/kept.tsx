import { useDisclosure } from '@mantine/hooks'
import { useTranslation } from 'react-i18next'
import { useAway, useUnsent, useWaiting } from '../state/queue'
import { Icon } from '../ui/icons'
import { lazily } from '../ui/lazily'
import './kept.css'

const KeptList = lazily(() => import('./kept-list'), 'KeptList')

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
      {shown && <KeptList onClose={list.close} />}
    </>
  )
}
