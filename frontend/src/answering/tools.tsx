import { ActionIcon } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { locale } from '../i18n'
import type { AnswerWindow } from '../state/answer-window'
import type { Exercise, SubmissionView } from '../state/answering'
import { useAway } from '../state/queue'
import { useTitle } from '../teaching/exercise-frame'
import { papers, TakeOut } from '../teaching/take-out'
import { Icon } from '../ui/icons'

type Props = { exercise: Exercise; view: SubmissionView; n: number; writing: AnswerWindow; onKeys: () => void }

/** Where one is, where what was written lies, and the ways to take it out. */
export function Tools({ exercise, view, n, writing, onKeys }: Props) {
  const { t } = useTranslation()
  const { title } = useTitle()(exercise)
  const { submission, whose } = view
  const away = useAway()
  const place = writing.place(away)
  const words = place === 'here' && away ? t('answer.place.away') : t(`answer.place.${place}`)
  return (
    <div className="ans__tools" role="toolbar" aria-label={t('answer.tools')}>
      <span className="muted clip grow num">{t('answer.prompt', { n })}</span>
      <span className={`row xs muted ans__place ans__place--${place}`}>
        <Icon name={place === 'saved' ? 'check' : place === 'saving' ? 'clock' : 'away'} />
        <span role="status">{words}</span>
        {place === 'saved' && writing.savedAt && <Since at={writing.savedAt} />}
      </span>
      <TakeOut
        from={`/submissions/${submission.id}`}
        name={`${whose.name} ${title}`}
        formats={papers}
        // Of work that was submitted, what was submitted is in the file.
        send={async () => submission.handIn > 0 || (await writing.send())}
        title={t('takeOut.mine')}
      >
        {(icon, busy) => (
          <ActionIcon variant="subtle" size="lg" aria-label={t('takeOut.mine')} aria-busy={busy}>
            {icon}
          </ActionIcon>
        )}
      </TakeOut>
      <ActionIcon variant="subtle" size="lg" aria-label={t('answer.keys.all')} className="ans__keys" onClick={onKeys}>
        <kbd>?</kbd>
      </ActionIcon>
    </div>
  )
}

const often = 10_000

/** How long ago something was saved. */
function Since({ at }: { at: string }) {
  const { i18n } = useTranslation()
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), often)
    return () => clearInterval(timer)
  }, [])
  const seconds = Math.max(0, Math.round((now - Date.parse(at)) / 1000))
  const ago = new Intl.RelativeTimeFormat(locale(i18n.language), { style: 'narrow' })
  if (seconds < 5) return null
  return (
    <span className="num">{seconds < 60 ? ago.format(-seconds, 'second') : ago.format(-Math.round(seconds / 60), 'minute')}</span>
  )
}
