import { Button, Textarea } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Round } from '../state/queries'
import { moveRound } from '../state/rounds'
import { Dialog } from '../ui/dialog'
import { useSentence } from '../ui/problem'
import { say } from '../ui/toast'

/** What can be done to a round that has begun. */
export type Move = 'lock' | 'reopen' | 'reveal'

const leads = { lock: 'locked', reopen: 'blind', reveal: 'revealed' } as const

// What each move does, sentence by sentence.
const means = {
  lock: ['move.lockStops', 'move.lockHides', 'move.lockBack'],
  reopen: ['move.reopenWrites', 'move.reopenSeen', 'move.reopenTold'],
  reveal: ['move.revealShows', 'move.revealMemos', 'move.revealEnds', 'move.revealForGood'],
} as const

/** Says what a move does, asks why, and does it. */
export function MoveDialog({ round, move, onClose }: { round: Round; move: Move; onClose: () => void }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const [why, setWhy] = useState('')
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<string>()
  const isNeeded = move === 'reopen'

  async function submit(event: FormEvent) {
    event.preventDefault()
    if (isNeeded && why.trim() === '') return setFault(t('move.whyNeeded'))
    setBusy(true)
    setFault(undefined)
    try {
      await moveRound(round, leads[move], why.trim())
      onClose()
      say(t(`moved.${move}`, { name: round.name }))
    } catch (error) {
      setFault(sentence(error))
      setBusy(false)
    }
  }

  return (
    <Dialog title={t(`move.${move}`)} onClose={onClose}>
      <form className="moving" noValidate onSubmit={(event) => void submit(event)}>
        <ul className="means">
          {means[move].map((key) => (
            <li key={key}>{t(key)}</li>
          ))}
          {move === 'reopen' && round.readAlong === 'owners' && <li>{t('move.reopenOwners')}</li>}
        </ul>
        <Textarea
          label={t(isNeeded ? 'move.why' : 'move.whyOptional')}
          description={t('move.whyHint')}
          required={isNeeded}
          data-autofocus
          autosize
          minRows={2}
          maxRows={8}
          maxLength={2000}
          value={why}
          onChange={(event) => setWhy(event.target.value)}
        />
        {fault && (
          <p className="problem" role="alert">
            {fault}
          </p>
        )}
        <div className="row moving__foot">
          <span className="grow" />
          <Button variant="subtle" onClick={onClose}>
            {t('move.cancel')}
          </Button>
          <Button type="submit" loading={busy}>
            {t(`move.${move}`)}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
