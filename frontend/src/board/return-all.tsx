import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type BoardRow, returnAll } from '../state/board'
import { Dialog } from '../ui/dialog'
import { useSentence } from '../ui/problem'
import { say } from '../ui/toast'
import { tally } from './rows'

/** Returns all that was submitted, once it was said what that tells to whom: it can't be taken back. */
export function ReturnAll({ exercise, rows }: { exercise: string; rows: readonly BoardRow[] }) {
  const { t } = useTranslation()
  const [isOpen, setOpen] = useState(false)
  const { toReturn } = tally(rows)
  return (
    <>
      <Button variant="default" size="sm" disabled={toReturn === 0} onClick={() => setOpen(true)}>
        {t('giveBack.all')}
      </Button>
      {isOpen && (
        <Dialog title={t('giveBack.allTitle')} onClose={() => setOpen(false)}>
          <Told exercise={exercise} rows={rows} onDone={() => setOpen(false)} />
        </Dialog>
      )}
    </>
  )
}

function Told({ exercise, rows, onDone }: { exercise: string; rows: readonly BoardRow[]; onDone: () => void }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<string>()
  const { toReturn, toReturnWithFeedback: withFeedback, rows: all, submitted } = tally(rows)

  async function go() {
    setBusy(true)
    try {
      say(t('giveBack.allDone', { count: await returnAll(exercise) }))
      onDone()
    } catch (error) {
      setFault(sentence(error))
      setBusy(false)
    }
  }

  return (
    <div className="return">
      <ul>
        <li>{t('giveBack.count', { count: toReturn })}</li>
        <li>{t('giveBack.with', { count: withFeedback })}</li>
        {toReturn > withFeedback && <li>{t('giveBack.without', { count: toReturn - withFeedback })}</li>}
        {all > submitted && <li>{t('giveBack.others', { count: all - submitted })}</li>}
      </ul>
      <p>{t('giveBack.what')}</p>
      {fault && (
        <p className="bad" role="alert">
          {fault}
        </p>
      )}
      <div className="row return__buttons">
        <Button variant="default" onClick={onDone}>
          {t('giveBack.notYet')}
        </Button>
        <Button loading={busy} disabled={toReturn === 0} onClick={() => void go()}>
          {t('giveBack.go', { count: toReturn })}
        </Button>
      </div>
    </div>
  )
}
