import { Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Round } from '../state/queries'
import { changeRound } from '../state/rounds'
import { say } from '../ui/toast'
import { DialogForm } from './dialog-form'

/** Changes what can still be changed of a round that has begun. */
export function Change({ round, onClose }: { round: Round; onClose: () => void }) {
  const { t } = useTranslation()
  const [name, setName] = useState(round.name)
  const [question, setQuestion] = useState(round.question)
  const [dueOn, setDueOn] = useState(round.dueOn)

  async function work() {
    await changeRound(round, { name: name.trim(), question, dueOn })
    say(t('round.changed'))
  }

  return (
    <DialogForm
      title={t('round.change')}
      action={t('round.save')}
      missing={name.trim() === '' ? t('setUp.nameMissing') : undefined}
      work={work}
      onClose={onClose}
    >
      <TextInput
        label={t('setUp.name')}
        data-autofocus
        value={name}
        maxLength={200}
        onChange={(event) => setName(event.target.value)}
      />
      <Textarea
        label={t('setUp.question')}
        autosize
        minRows={2}
        maxRows={10}
        maxLength={20_000}
        value={question}
        onChange={(event) => setQuestion(event.target.value)}
      />
      <TextInput type="date" label={t('setUp.due')} value={dueOn} onChange={(event) => setDueOn(event.target.value)} />
    </DialogForm>
  )
}
