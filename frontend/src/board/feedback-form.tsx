import { Button, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { returnWork, type Said, type SubmissionView } from '../state/board'
import type { FeedbackState } from '../state/feedback-draft'
import { Icon } from '../ui/icons'
import { useSentence } from '../ui/problem'
import { say } from '../ui/toast'
import { useFeedback } from './use-feedback'
import { useMoment } from './words'

type Props = {
  exercise: string
  view: SubmissionView
  said: Said
  mayWrite: boolean
  mayReturn: boolean
}

/** Mark and comment, which nobody who is taught sees before the work is returned. */
export function FeedbackForm({ exercise, view, said, mayWrite, mayReturn }: Props) {
  const { t } = useTranslation()
  const { submission, whose } = view
  const [state, draft] = useFeedback(exercise, submission.id, said)
  const { typed } = state
  return (
    <div className="feedback">
      {mayWrite ? (
        <>
          <Textarea
            label={t('feedback.comment', { name: whose.name })}
            autosize
            minRows={3}
            maxRows={8}
            maxLength={20_000}
            value={typed.comment}
            onChange={({ currentTarget }) => draft.type({ ...typed, comment: currentTarget.value })}
            onBlur={() => void draft.flush()}
          />
          <div className="row feedback__mark">
            <TextInput
              label={t('feedback.mark')}
              maxLength={200}
              value={typed.mark}
              onChange={({ currentTarget }) => draft.type({ ...typed, mark: currentTarget.value })}
              onBlur={() => void draft.flush()}
            />
            <span className="grow" />
            <SavedLine state={state} />
          </div>
          {state.saving === 'clash' && state.theirs && <Clash theirs={state.theirs} onChoose={(whose) => draft.choose(whose)} />}
        </>
      ) : (
        <WrittenFeedback said={said} />
      )}
      <Return exercise={exercise} view={view} mayReturn={mayReturn} before={() => draft.flush()} />
    </div>
  )
}

/** How far what was typed has come. */
function SavedLine({ state: { saving, fault, typed } }: { state: FeedbackState }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  if (saving === 'saved' && typed.mark === '' && typed.comment === '') return null
  return (
    <span className="xs muted row feedback__saved" role="status">
      {saving === 'saved' && <Icon name="check" />}
      {saving === 'kept' && fault !== undefined ? `${sentence(fault)} ${t('feedback.kept')}` : t(`feedback.${saving}`)}
    </span>
  )
}

function Clash({ theirs, onChoose }: { theirs: Pick<Said, 'mark' | 'comment'>; onChoose: (whose: 'mine' | 'theirs') => void }) {
  const { t } = useTranslation()
  return (
    <div className="feedback__clash" role="alert">
      <p>{t('feedback.clashed')}</p>
      <blockquote>
        {theirs.comment}
        {theirs.mark && <p>{t('feedback.markIs', { mark: theirs.mark })}</p>}
      </blockquote>
      <div className="row">
        <Button size="compact-sm" onClick={() => onChoose('mine')}>
          {t('feedback.mine')}
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => onChoose('theirs')}>
          {t('feedback.theirs')}
        </Button>
      </div>
    </div>
  )
}

/** What was said, for those who may only read it. */
function WrittenFeedback({ said: { mark, comment } }: { said: Said }) {
  const { t } = useTranslation()
  if (mark === '' && comment === '') return null
  return (
    <div>
      {mark && <p>{t('feedback.markIs', { mark })}</p>}
      <p className="feedback__words">{comment}</p>
    </div>
  )
}

type ReturnProps = Pick<Props, 'exercise' | 'view' | 'mayReturn'> & {
  /** What has to have arrived before the work is returned. */
  before: () => Promise<void>
}

/** Who sees the feedback now, and the button that shows it to those who are taught. */
function Return({ exercise, view, mayReturn, before }: ReturnProps) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const moment = useMoment()
  const [busy, setBusy] = useState(false)
  const { submission, whose } = view

  async function giveBack() {
    setBusy(true)
    try {
      await before()
      await returnWork(exercise, submission.id)
      say(t('giveBack.done', { name: whose.name }))
    } catch (error) {
      say(sentence(error))
    }
    setBusy(false)
  }

  if (submission.returnedAt) return <p className="xs feedback__who">{t('giveBack.at', { at: moment(submission.returnedAt) })}</p>
  return (
    <div className="row feedback__who">
      <p className="xs grow" id="unseen">
        {t(submission.handIn > 0 ? 'giveBack.unseen' : 'giveBack.notSubmitted')}
      </p>
      {mayReturn && submission.handIn > 0 && (
        <Button size="xs" variant="default" loading={busy} aria-describedby="unseen" onClick={() => void giveBack()}>
          {t('giveBack.one')}
        </Button>
      )}
    </div>
  )
}
