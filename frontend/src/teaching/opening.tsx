import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Exercise, openExercise } from '../state/exercises'
import { useSentence } from '../ui/problem'
import { say } from '../ui/toast'

/** Whether students see an exercise, and for those who may, the button that changes it. */
export function Opening({ exercise, may }: { exercise: Exercise; may: boolean }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const [busy, setBusy] = useState(false)
  const isEmpty = !exercise.open && exercise.prompts.length === 0

  async function turn(open: boolean) {
    setBusy(true)
    try {
      await openExercise(exercise, open)
      say(t(open ? 'exercise.opened' : 'exercise.closed'), () => void turn(!open))
    } catch (error) {
      say(sentence(error))
    } finally {
      setBusy(false)
    }
  }

  return (
    <section className="opening" aria-label={t('exercise.state')}>
      <div className="row opening__line">
        <span className="exercise__state" data-open={exercise.open || undefined}>
          {t(exercise.open ? 'exercise.open' : 'exercise.notOpen')}
        </span>
        <p className="grow sm">{t(exercise.open ? 'exercise.openLead' : 'exercise.notOpenLead')}</p>
        {may && (
          <Button
            variant={exercise.open ? 'default' : 'filled'}
            loading={busy}
            disabled={isEmpty}
            aria-describedby={isEmpty ? 'lacking' : undefined}
            onClick={() => void turn(!exercise.open)}
          >
            {t(exercise.open ? 'exercise.close' : 'exercise.openNow')}
          </Button>
        )}
      </div>
      {may && isEmpty && (
        <p className="sm muted" id="lacking">
          {t('exercise.promptNeeded')}
        </p>
      )}
    </section>
  )
}
