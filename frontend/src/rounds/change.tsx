import { Button, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Round } from '../state/queries'
import { changeRound } from '../state/rounds'
import { Dialog } from '../ui/dialog'
import { useSentence } from '../ui/problem'
import { say } from '../ui/toast'

/** Changes what can still be changed of a round that has begun. */
export function Change({ round, onClose }: { round: Round; onClose: () => void }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const [name, setName] = useState(round.name)
  const [question, setQuestion] = useState(round.question)
  const [dueOn, setDueOn] = useState(round.dueOn)
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<string>()

  async function submit(event: FormEvent) {
    event.preventDefault()
    if (name.trim() === '') return setFault(t('setUp.nameMissing'))
    setBusy(true)
    setFault(undefined)
    try {
      await changeRound(round, { name: name.trim(), question, dueOn })
      onClose()
      say(t('round.changed'))
    } catch (error) {
      setFault(sentence(error))
      setBusy(false)
    }
  }

  return (
    <Dialog title={t('round.change')} onClose={onClose}>
      <form className="moving" noValidate onSubmit={(event) => void submit(event)}>
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
            {t('round.save')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
