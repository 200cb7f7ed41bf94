import { Button, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { danger, useSending } from '../settings/form'
import { type Classmate, eraseClassmate } from '../state/classmates'
import { Dialog } from '../ui/dialog'
import { say } from '../ui/toast'
import { useCourse } from './course-frame'

/** Asks before a student's personal data is deleted for good, and says what goes and what stays. */
export function Erase({ person, name, onClose }: { person: Classmate; name: string; onClose: () => void }) {
  const { t } = useTranslation()
  const { id } = useCourse()
  const [given, setGiven] = useState('')
  const { busy, fault, send } = useSending()

  async function submit(event: FormEvent) {
    event.preventDefault()
    await send(async () => {
      await eraseClassmate(id, person.id)
      onClose()
      say(t('erase.done', { name: t(`person.numbered.${person.role}`, { number: person.number }) }))
    })
  }

  return (
    <Dialog title={t('erase.title', { name })} size="lg" onClose={onClose}>
      <form className="dialog-form" onSubmit={submit}>
        <div>
          <h3>{t('erase.goes')}</h3>
          <ul className="said">
            <li>{t('erase.who')}</li>
            <li>{t('erase.words')}</li>
            <li>{t('erase.notes')}</li>
            <li>{t('erase.remarks')}</li>
          </ul>
        </div>
        <div>
          <h3>{t('erase.stays')}</h3>
          <ul className="said">
            <li>{t('erase.figures', { number: person.number })}</li>
            <li>{t('erase.group')}</li>
          </ul>
        </div>
        <p>{t('erase.never')}</p>
        <TextInput
          data-autofocus
          label={t('bin.typeName', { name })}
          value={given}
          onChange={(event) => setGiven(event.currentTarget.value)}
          autoComplete="off"
        />
        {fault}
        <div className="row">
          <Button type="submit" style={danger} loading={busy} disabled={given.trim() !== name.trim()}>
            {t('erase.now')}
          </Button>
          <Button variant="default" onClick={onClose}>
            {t('settings.cancel')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
