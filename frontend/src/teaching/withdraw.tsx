import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { danger, useSending } from '../settings/form'
import { type ExerciseNote, withdrawNote } from '../state/exercises'
import { Dialog } from '../ui/dialog'
import { say } from '../ui/toast'

/** Asks before a released note is taken back, since its words go from what students wrote, for good. */
export function Withdraw({ exercise, note, onClose }: { exercise: string; note: ExerciseNote; onClose: () => void }) {
  const { t } = useTranslation()
  const { busy, fault, send } = useSending()

  async function withdraw() {
    if (!(await send(() => withdrawNote(exercise, note.id)))) return
    onClose()
    say(t('release.withdrawn', { title: note.title }))
  }

  return (
    <Dialog title={t('release.withdrawTitle', { title: note.title })} onClose={onClose}>
      <p>{t('release.costs')}</p>
      <ul className="said">
        <li>{t('release.costRead')}</li>
        <li>{t('release.costEvidence')}</li>
        <li>{t('release.costHandIns')}</li>
        <li>{t('release.costBack')}</li>
      </ul>
      {fault}
      <div className="row dialog__end">
        <Button variant="default" onClick={onClose}>
          {t('exerciseSave.cancel')}
        </Button>
        <Button style={danger} loading={busy} onClick={() => void withdraw()}>
          {t('release.withdraw')}
        </Button>
      </div>
    </Dialog>
  )
}
