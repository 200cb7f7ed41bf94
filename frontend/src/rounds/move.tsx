import { Textarea } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Round } from '../state/queries'
import { moveRound } from '../state/rounds'
import { say } from '../ui/toast'
import { DialogForm } from './dialog-form'

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
  const [why, setWhy] = useState('')
  const isNeeded = move === 'reopen'

  async function work() {
    await moveRound(round, leads[move], why.trim())
    say(t(`moved.${move}`, { name: round.name }))
  }

  return (
    <DialogForm
      title={t(`move.${move}`)}
      action={t(`move.${move}`)}
      missing={isNeeded && why.trim() === '' ? t('move.whyNeeded') : undefined}
      work={work}
      onClose={onClose}
    >
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
    </DialogForm>
  )
}
