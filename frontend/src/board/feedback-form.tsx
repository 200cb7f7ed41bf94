import { ActionIcon, Button, Textarea, TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { returnWork, type Said, type SubmissionView } from '../state/board'
import type { Exercise } from '../state/exercises'
import type { FeedbackState } from '../state/feedback-draft'
import { useTitle } from '../teaching/exercise-frame'
import { papers, TakeOut } from '../teaching/take-out'
import { Icon } from '../ui/icons'
import { useSentence } from '../ui/problem'
import { say } from '../ui/toast'
import { useNarrow } from '../ui/use-narrow'
import { Signatures } from './signature'
import { useFeedback } from './use-feedback'
import { useMoment } from './words'

type Props = {
  exercise: Exercise
  view: SubmissionView
  said: Said
  mayWrite: boolean
  mayReturn: boolean
  mayExport: boolean
  /** Whether it is shown where there is no room for it beside the answers, and what changes that. */
  unfolded: boolean
  onFold: (unfolded: boolean) => void
}

/** Mark and comment, which nobody who is taught sees before the work is returned. On a narrow screen they are folded until wanted. */
export function FeedbackForm({ exercise, view, said, mayWrite, mayReturn, mayExport, unfolded, onFold }: Props) {
  const { t } = useTranslation()
  const narrow = useNarrow()
  const { submission, whose } = view
  const [state, draft] = useFeedback(exercise.id, submission.id, said)
  const { typed } = state
  const sent = async () => {
    await draft.flush()
    return draft.state().saving === 'saved'
  }
  // What has to be chosen isn't folded away.
  const isShown = !narrow || unfolded || state.saving === 'clash'
  return (
    <div className="feedback">
      {narrow && (
        <button
          type="button"
          className="row feedback__fold"
          aria-expanded={isShown}
          aria-controls={isShown ? 'feedback' : undefined}
          onClick={() => onFold(!isShown)}
        >
          <span className="grow">{t('feedback.fold')}</span>
          {!isShown && typed.mark !== '' && <span className="clip num">{typed.mark}</span>}
          <Icon name="caret" />
        </button>
      )}
      {isShown && (
        <div className="feedback__form" id="feedback">
          {mayWrite ? (
            <>
              <Textarea
                label={t('feedback.comment', { name: whose.name })}
                autosize
                minRows={narrow ? 2 : 3}
                maxRows={narrow ? 6 : 8}
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
              <Signatures of={said} />
              {state.saving === 'clash' && state.theirs && (
                <Clash theirs={state.theirs} onChoose={(whose) => draft.choose(whose)} />
              )}
            </>
          ) : (
            <WrittenFeedback said={said} />
          )}
          <div className="row feedback__who">
            <Return exercise={exercise.id} view={view} mayReturn={mayReturn} before={() => draft.flush()}>
              {mayExport && <TakeOutWork exercise={exercise} view={view} send={sent} />}
            </Return>
          </div>
        </div>
      )}
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
function WrittenFeedback({ said }: { said: Said }) {
  const { t } = useTranslation()
  const { mark, comment } = said
  if (mark === '' && comment === '') return null
  return (
    <div>
      {mark && <p>{t('feedback.markIs', { mark })}</p>}
      <p className="feedback__words">{comment}</p>
      <Signatures of={said} />
    </div>
  )
}

type ReturnProps = Pick<Props, 'view' | 'mayReturn'> & {
  exercise: string
  /** What has to have arrived before the work is returned. */
  before: () => Promise<void>
  /** What else can be done with it, before the button. */
  children: ReactNode
}

/** Who sees the feedback now, and the button that shows it to those who are taught. */
function Return({ exercise, view, mayReturn, before, children }: ReturnProps) {
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

  const words = () => {
    if (submission.returnedAt) return t('giveBack.at', { at: moment(submission.returnedAt) })
    return t(submission.handIn > 0 ? 'giveBack.unseen' : 'giveBack.notSubmitted')
  }
  return (
    <>
      <p className="xs grow" id="unseen">
        {words()}
      </p>
      {children}
      {mayReturn && submission.handIn > 0 && !submission.returnedAt && (
        <Button size="xs" variant="default" loading={busy} aria-describedby="unseen" onClick={() => void giveBack()}>
          {t('giveBack.one')}
        </Button>
      )}
    </>
  )
}

type TakeOutProps = Pick<Props, 'exercise' | 'view'> & { send: () => Promise<boolean> }

/** Saves the work with what is said of it, whether or not it was returned. */
function TakeOutWork({ exercise, view: { submission, whose }, send }: TakeOutProps) {
  const { t } = useTranslation()
  const { title } = useTitle()(exercise)
  return (
    <TakeOut
      from={`/submissions/${submission.id}`}
      name={`${whose.name} ${title}`}
      formats={papers}
      query={{ feedback: 'true' }}
      send={send}
      title={t('takeOut.of', { name: whose.name })}
    >
      {(icon, busy) => (
        <ActionIcon variant="default" size={30} aria-label={t('takeOut.of', { name: whose.name })} aria-busy={busy}>
          {icon}
        </ActionIcon>
      )}
    </TakeOut>
  )
}
