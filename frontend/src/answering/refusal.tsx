import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { locale } from '../i18n'
import { type Kept, mostPoints, pointsIn } from '../state/answer'
import { takeBack } from '../state/answering'
import { useSentence } from '../ui/problem'
import { say } from '../ui/toast'

type Props = {
  refused: NonNullable<Kept['refused']>
  text: string
  /** Whether the words stand nowhere else on the page. */
  hidden?: boolean
  mayTakeBack?: boolean
  submission: string
  onDrop: () => void
  /** Brings the words back that were let go. */
  onRestore: () => void
}

/** Why words are on this device alone, and what can be done with them. */
export function Refusal({ refused, text, hidden = false, mayTakeBack = false, submission, onDrop, onRestore }: Props) {
  const { t, i18n } = useTranslation()
  const sentence = useSentence()

  function copy() {
    navigator.clipboard.writeText(text).then(
      () => say(t('answer.refused.copied')),
      () => say(t('app.failed')),
    )
  }

  function drop() {
    onDrop()
    say(t('answer.refused.dropped'), onRestore)
  }

  return (
    <div className="ans__band ans__band--bad" role="alert">
      <p className="grow">
        {why()} {t('answer.refused.here')}
      </p>
      {hidden && (
        <details>
          <summary>{t('answer.refused.show')}</summary>
          <p className="ans__kept">{text}</p>
        </details>
      )}
      <div className="row wrap">
        {refused.code === 'submitted' && mayTakeBack && (
          <Button size="xs" onClick={() => void takeBack(submission).catch((error) => say(sentence(error)))}>
            {t('answer.refused.takeBack')}
          </Button>
        )}
        <Button size="xs" variant="default" onClick={copy}>
          {t('answer.refused.copy')}
        </Button>
        <Button size="xs" variant="subtle" onClick={drop}>
          {t('answer.refused.drop')}
        </Button>
      </div>
    </div>
  )

  function why() {
    if (refused.code !== 'answer_too_long') return sentence({ ...refused, type: 'about:blank', title: '' })
    const number = new Intl.NumberFormat(locale(i18n.language))
    return t('answer.refused.tooLong', { length: number.format(pointsIn(text)), most: number.format(mostPoints) })
  }
}
