import { Button, Textarea } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Round } from '../state/queries'
import { moveRound } from '../state/rounds'
import { useSentence } from '../ui/problem'
import { say } from '../ui/toast'
import { Part } from './part'
import { lacks } from './set-up'

/** Says what going blind means, and does it. */
export function Start({ round, save }: { round: Round; save: () => Promise<Round | undefined> }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const [why, setWhy] = useState('')
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<unknown>()
  const lacking = lacks(round)

  async function start() {
    setBusy(true)
    setFault(undefined)
    try {
      const now = await save()
      if (!now) return
      await moveRound(now, 'blind', why.trim())
      say(t('start.begun', { name: now.name }))
    } catch (error) {
      setFault(error)
    } finally {
      setBusy(false)
    }
  }

  return (
    <Part title={t('start.title')} lead={t('start.lead')}>
      <ul className="means">
        <li>{t('start.own')}</li>
        <li>{t(round.readAlong === 'owners' ? 'start.ownersRead' : 'start.nobodyReads')}</li>
        <li>{t('start.pinned')}</li>
        <li>{t('start.rests')}</li>
        <li>{t('start.noInVivo')}</li>
        <li>{t('start.fixed')}</li>
        <li>{t('start.progress')}</li>
      </ul>
      <Textarea
        label={t('start.why')}
        description={t('start.whyHint')}
        autosize
        minRows={2}
        maxRows={6}
        maxLength={2000}
        value={why}
        onChange={(event) => setWhy(event.target.value)}
      />
      {lacking.length > 0 && (
        <div className="lacking" role="status">
          <p>{t('start.lacking')}</p>
          <ul>
            {lacking.map((what) => (
              <li key={what}>{t(`lack.${what}`)}</li>
            ))}
          </ul>
        </div>
      )}
      {fault !== undefined && (
        <p className="problem" role="alert">
          {sentence(fault)}
        </p>
      )}
      <Button className="setup__start" loading={busy} disabled={lacking.length > 0} onClick={() => void start()}>
        {t('start.now')}
      </Button>
    </Part>
  )
}
