import { Button } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { serverTime } from '../api/clock'
import { locale } from '../i18n'
import type { AnswerWindow } from '../state/answer-window'
import { type Exercise, refreshSubmission, type SubmissionView, submit, takeBack } from '../state/answering'
import { inShort, momentOf } from '../teaching/due'
import { useDueWords } from '../teaching/due-words'
import { Dialog } from '../ui/dialog'
import { Icon } from '../ui/icons'
import { useSentence } from '../ui/problem'
import { say } from '../ui/toast'
import { useNarrow } from '../ui/use-narrow'
import { isNamed } from './progress'
import { LackWords } from './rail'
import type { Asked } from './use-prompts'

type Props = { exercise: Exercise; view: SubmissionView; prompts: readonly Asked[]; writing: AnswerWindow }

/** When it is due, and the way to submit it or to take it back. */
export function Foot({ exercise, view, prompts, writing }: Props) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const [busy, setBusy] = useState(false)
  const [asking, setAsking] = useState(false)
  const due = view.due ? new Date(view.due) : undefined
  const now = useNow(due?.getTime(), () => void refreshSubmission(view.submission.id))
  const late = due !== undefined && now > due.getTime()
  const submitted = view.submission.handIn > 0
  const lacking = prompts.filter(({ progress }) => progress.lacks.length > 0)
  const unnamed = !isNamed(view.submission.organisation)
  const complete = lacking.length === 0 && !unnamed
  const closed = late && !exercise.lateAllowed

  async function run(act: () => Promise<void>, told: string) {
    setBusy(true)
    try {
      await act()
      say(told)
    } catch (error) {
      say(sentence(error))
    } finally {
      setBusy(false)
    }
  }
  async function hand(asIs: boolean) {
    setAsking(false)
    setBusy(true)
    const isSent = await writing.send()
    setBusy(false)
    if (!isSent) return say(t(writing.isRefused ? 'answer.submit.refused' : 'answer.submit.unsent'))
    await run(() => submit(view.submission.id, asIs), t('answer.submit.done'))
  }

  return (
    <footer className="ans__foot">
      <Due exercise={exercise} view={view} now={now} />
      <span className="grow" />
      {!submitted && (
        <>
          <span className="sm muted clip ans__reason" id="reason">
            {reason()}
          </span>
          <Button
            size="sm"
            loading={busy}
            disabled={closed}
            aria-describedby="reason"
            onClick={() => (complete ? void hand(false) : setAsking(true))}
          >
            {t(view.submission.handIns > 0 ? 'answer.submit.again' : 'answer.submit.submit')}
          </Button>
        </>
      )}
      {submitted && view.mayTakeBack && (
        <Button
          size="sm"
          variant="default"
          loading={busy}
          onClick={() => void run(() => takeBack(view.submission.id), t('answer.submit.taken'))}
        >
          {t('answer.submit.takeBack')}
        </Button>
      )}
      {asking && (
        <Dialog title={t('answer.submit.missing')} onClose={() => setAsking(false)}>
          <p className="sm">{t('answer.submit.missingLead')}</p>
          <ul className="ans__lacklist">
            {unnamed && <li>{t('answer.lack.organisation')}</li>}
            {lacking.map(({ n, prompt, progress }) => (
              <li key={prompt.id}>
                <b>{t('answer.prompt', { n })}</b>
                <ul>
                  {progress.lacks.map((lack) => (
                    <li key={`${lack.what} ${lack.what === 'reason' ? lack.evidence : ''}`}>
                      <LackWords lack={lack} />
                    </li>
                  ))}
                </ul>
              </li>
            ))}
          </ul>
          <div className="row wrap">
            <Button size="sm" onClick={() => setAsking(false)} data-autofocus>
              {t('answer.submit.goOn')}
            </Button>
            <Button size="sm" variant="default" onClick={() => void hand(true)}>
              {t('answer.submit.asIs')}
            </Button>
          </div>
        </Dialog>
      )}
    </footer>
  )

  function reason() {
    if (closed) return t('answer.submit.closed')
    const count = lacking.length + Number(unnamed)
    return count > 0 ? t('answer.submit.lacks', { count }) : t('answer.nothingMissing')
  }
}

/** When it is due for whoever answers, by which clocks, and what that means now. */
function Due({ exercise, view, now }: { exercise: Exercise; view: SubmissionView; now: number }) {
  const { t, i18n } = useTranslation()
  const words = useDueWords()
  const narrow = useNarrow()
  if (!view.due) return <span className="sm muted">{t('answer.due.none')}</span>
  const at = new Date(view.due)
  const { there, here } = words(at, exercise.timeZone)
  const moment = narrow ? inShort(at, exercise.timeZone, locale(i18n.language)) : there
  const left = at.getTime() - now
  const submitted = view.submission.handIn > 0
  const receipt = view.handIns.find(({ number }) => number === view.submission.handIn)
  return (
    <span className="row sm ans__due">
      <Icon name="clock" />
      <span>
        <b>{t('answer.due.due', { moment })}</b> <span className="muted">{!submitted && ago(left, i18n.language)}</span>
        {here && !narrow && <small className="muted">{here}</small>}
        {extended() && <small className="muted">{t('answer.due.extended')}</small>}
        {!submitted && left < 0 && (
          <small className="ans__warn">{t(exercise.lateAllowed ? 'answer.due.late' : 'answer.due.over')}</small>
        )}
        {submitted && receipt?.late && <small className="ans__warn">{t('answer.due.wasLate')}</small>}
      </span>
    </span>
  )

  // To a student an exercise is due when their own work is; what was set for the class is its local time.
  function extended() {
    const ofClass = momentOf(exercise.dueAt, exercise.timeZone)
    return ofClass !== undefined && ofClass.at < at
  }
}

const minute = 60_000

function ago(left: number, language: string): string {
  const format = new Intl.RelativeTimeFormat(locale(language), { numeric: 'auto' })
  const size = Math.abs(left)
  if (size < 90 * minute) return format.format(Math.round(left / minute), 'minute')
  if (size < 36 * 60 * minute) return format.format(Math.round(left / (60 * minute)), 'hour')
  return format.format(Math.round(left / (24 * 60 * minute)), 'day')
}

/** The time by the server's clock, looked at twice a minute and in the second when the work is due; it is told then. */
function useNow(due: number | undefined, isDue: () => void): number {
  const [now, setNow] = useState(serverTime)
  const told = useRef(isDue)
  told.current = isDue
  useEffect(() => {
    setNow(serverTime())
    const timer = setInterval(() => setNow(serverTime()), minute / 2)
    return () => clearInterval(timer)
  }, [])
  // It is due once; what is due later than timers reach is looked at again by then.
  const left = due === undefined ? -1 : due - now
  useEffect(() => {
    if (left < 0 || left > minute) return
    const timer = setTimeout(() => {
      setNow(serverTime())
      told.current()
    }, left + 1000)
    return () => clearTimeout(timer)
  }, [left])
  return now
}
