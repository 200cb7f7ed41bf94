import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Signatures } from '../board/signature'
import { type Exercise, feedback, type SubmissionView } from '../state/answering'
import { Icon } from '../ui/icons'
import { Problem } from '../ui/problem'
import { say } from '../ui/toast'
import { useMoment } from './days'

/** What was submitted, with its receipt; and what was said of it, once it is returned. */
export function Handed({ exercise, view }: { exercise: Exercise; view: SubmissionView }) {
  const { t } = useTranslation()
  const moment = useMoment()
  const { submission, handIns, whose } = view
  const receipt = handIns.find(({ number }) => number === submission.handIn)
  const by = whose.members.find((m) => m.memberId === receipt?.by)

  function copy() {
    if (!receipt) return
    const words = [
      t('answer.receipt.of', { n: receipt.number }),
      new Date(receipt.at).toISOString(),
      `SHA-256 ${receipt.hash}`,
    ].join('\n')
    navigator.clipboard.writeText(words).then(
      () => say(t('answer.receipt.copied')),
      () => say(t('app.failed')),
    )
  }

  return (
    <>
      {submission.returnedAt && <Returned view={view} at={submission.returnedAt} />}
      <section className="card ans__receipt" aria-labelledby="receipt">
        <h2 id="receipt" className="row">
          <Icon name="check" />
          {t('answer.receipt.title')}
        </h2>
        {receipt && (
          <>
            <p className="sm">
              {t('answer.receipt.at', { moment: moment(receipt.at) })}
              {by && !by.me && `, ${t('answer.receipt.by', { name: by.name })}`}
              {receipt.late && `. ${t('answer.due.wasLate')}`}
            </p>
            <p className="xs muted">{t('answer.receipt.hash')}</p>
            <code className="ans__hash">{receipt.hash}</code>
          </>
        )}
        <div className="row wrap">
          <Button size="xs" variant="default" onClick={copy}>
            {t('answer.receipt.copy')}
          </Button>
          {exercise.shownToClass && (
            <Link className="sm" to="/exercises/$exercise/class" params={{ exercise: exercise.id }}>
              {t('answer.receipt.class')}
            </Link>
          )}
        </div>
        {!submission.returnedAt && (
          <p className="sm muted">{t(view.mayTakeBack ? 'answer.receipt.mayTakeBack' : 'answer.receipt.fixed')}</p>
        )}
      </section>
    </>
  )
}

function Returned({ view, at }: { view: SubmissionView; at: string }) {
  const { t } = useTranslation()
  const moment = useMoment()
  const said = useQuery(feedback(view.submission.id))
  return (
    <section className="card ans__returned" aria-labelledby="returned">
      <h2 id="returned">{t('answer.returned.title')}</h2>
      <p className="xs muted">{t('answer.returned.at', { moment: moment(at) })}</p>
      {said.error && !said.data && <Problem error={said.error} again={() => void said.refetch()} />}
      {said.data?.mark && (
        <p className="ans__mark">
          <span className="muted">{t('answer.returned.mark')}</span> <b>{said.data.mark}</b>
        </p>
      )}
      {said.data?.comment && <p className="ans__comment">{said.data.comment}</p>}
      {said.data && <Signatures of={said.data} />}
      {said.data && said.data.remarks.length > 0 && (
        <p className="sm muted">{t('answer.returned.remarks', { count: said.data.remarks.length })}</p>
      )}
      {said.data && !said.data.mark && !said.data.comment && said.data.remarks.length === 0 && (
        <p className="sm muted">{t('answer.returned.nothing')}</p>
      )}
    </section>
  )
}
