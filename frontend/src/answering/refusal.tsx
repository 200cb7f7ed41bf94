import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Kept } from '../state/answer'
import { takeBack } from '../state/answering'
import { useSentence } from '../ui/problem'
import { say } from '../ui/toast'

type Props = {
  refused: NonNullable<Kept['refused']>
  text: string
  mayTakeBack: boolean
  submission: string
  onDrop: () => void
}

/** Why words are on this device alone, and what can be done with them. */
export function Refusal({ refused, text, mayTakeBack, submission, onDrop }: Props) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const problem = { ...refused, type: 'about:blank', title: '' }

  function copy() {
    navigator.clipboard.writeText(text).then(
      () => say(t('answer.refused.copied')),
      () => say(t('app.failed')),
    )
  }

  return (
    <div className="ans__band ans__band--bad" role="alert">
      <p className="grow">
        {sentence(problem)} {t('answer.refused.here')}
      </p>
      <details>
        <summary>{t('answer.refused.show')}</summary>
        <p className="ans__kept">{text}</p>
      </details>
      <div className="row wrap">
        {refused.code === 'submitted' && mayTakeBack && (
          <Button size="xs" onClick={() => void takeBack(submission).catch((error) => say(sentence(error)))}>
            {t('answer.refused.takeBack')}
          </Button>
        )}
        <Button size="xs" variant="default" onClick={copy}>
          {t('answer.refused.copy')}
        </Button>
        <Button size="xs" variant="subtle" onClick={onDrop}>
          {t('answer.refused.drop')}
        </Button>
      </div>
    </div>
  )
}
