import { ActionIcon } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type BoardRow, feedback, type HandIn, handIn, type SubmissionView, work } from '../state/board'
import type { Exercise } from '../state/exercises'
import type { Code } from '../state/queries'
import { useCourse } from '../teaching/course-frame'
import { useDueWords } from '../teaching/due-words'
import { Icon } from '../ui/icons'
import { Lines, Problem } from '../ui/problem'
import { Who } from '../ui/tile'
import { Answer, type ShownAnswer } from './answer'
import { FeedbackForm } from './feedback-form'
import { HandIns } from './hand-ins'
import { StateBadge } from './marks'

type Props = {
  exercise: Exercise
  row: BoardRow
  prompt: string
  codes: readonly Code[]
  /** Goes to the one before or behind on the board; undefined where there is none. */
  onStep: ((by: 1 | -1) => void) | undefined
  onClose: () => void
}

/** Somebody's work beside the board: what was written, what it stands on, and what is said of it. */
export function Panel({ exercise, row, prompt, codes, onStep, onClose }: Props) {
  const { t } = useTranslation()
  const heading = useRef<HTMLHeadingElement>(null)
  const due = useDueWords()
  const [unfolded, setUnfolded] = useState(false)
  // Whoever opened it goes on in it; the arrows beside the name keep the keys to themselves.
  useEffect(() => heading.current?.focus({ preventScroll: true }), [])
  return (
    <aside className="panel" aria-labelledby="whose">
      <div className="panel__head">
        <div className="row">
          <span aria-hidden="true">
            <Who name={row.name} />
          </span>
          <h2 id="whose" className="grow clip" ref={heading} tabIndex={-1}>
            {row.name}
          </h2>
          <StateBadge state={row.state} words={t(row.late ? 'classBoard.submittedLate' : `answerState.${row.state}`)} />
          <Step by={-1} label={t('boardPanel.previous')} onStep={onStep} />
          <Step by={1} label={t('boardPanel.next')} onStep={onStep} />
          <ActionIcon variant="subtle" aria-label={t('boardPanel.close')} onClick={onClose}>
            <Icon name="close" />
          </ActionIcon>
        </div>
        {row.people.length > 0 && <p className="sm">{row.people.join(', ')}</p>}
        <p className="sm muted">
          {[
            row.organisation.name || t('boardPanel.noOrganisation'),
            row.organisation.kind && t(`organisationKind.${row.organisation.kind}`),
            row.group,
          ]
            .filter(Boolean)
            .join(' · ')}
        </p>
        {row.due && row.due !== exercise.due && (
          <p className="sm muted">{t('boardPanel.due', { at: due(new Date(row.due), exercise.timeZone).there })}</p>
        )}
      </div>
      {row.submissionId ? (
        <Work
          key={row.submissionId}
          exercise={exercise}
          submission={row.submissionId}
          prompt={prompt}
          codes={codes}
          unfolded={unfolded}
          onFold={setUnfolded}
        />
      ) : (
        <div className="panel__body">
          <p className="muted">{t('boardPanel.notBegun', { name: row.name })}</p>
        </div>
      )}
    </aside>
  )
}

function Step({ by, label, onStep }: { by: 1 | -1; label: string; onStep: Props['onStep'] }) {
  return (
    <ActionIcon variant="subtle" aria-label={label} disabled={!onStep} onClick={() => onStep?.(by)}>
      <Icon name={by < 0 ? 'back' : 'chevron'} />
    </ActionIcon>
  )
}

type WorkProps = Pick<Props, 'exercise' | 'prompt' | 'codes'> & {
  submission: string
  /** Whether the form is shown on a narrow screen; it stays so from one to the next. */
  unfolded: boolean
  onFold: (unfolded: boolean) => void
}

function Work({ exercise, submission, prompt, codes, unfolded, onFold }: WorkProps) {
  const { may } = useCourse()
  const view = useQuery(work(exercise.id, submission))
  const number = view.data?.submission.handIn ?? 0
  const frozen = useQuery({ ...handIn(exercise.id, submission, number), enabled: number > 0 })
  const said = useQuery(feedback(exercise.id, submission))
  const all = [view, said, ...(number > 0 ? [frozen] : [])]
  const fault = all.find((query) => query.error && !query.data)?.error
  const retry = () => {
    for (const query of all) if (query.error) void query.refetch()
  }
  if (fault)
    return (
      <Body>
        <Problem error={fault} again={retry} />
      </Body>
    )
  if (!view.data || !said.data || (number > 0 && !frozen.data))
    return (
      <Body>
        <Lines count={12} />
      </Body>
    )
  const organisation = frozen.data?.organisation ?? view.data.submission.organisation
  const answers = shown(exercise, view.data, number > 0 ? frozen.data : undefined)
  return (
    <>
      <Body at={prompt}>
        <Organisation why={organisation.why} />
        <HandIns handIns={view.data.handIns} members={view.data.whose.members} />
        {answers.map((answer) => (
          <Answer
            key={answer.promptId}
            exercise={exercise}
            submission={submission}
            answer={answer}
            code={codes.find(({ id }) => id === answer.codeId)}
            remarks={said.data.remarks.filter(({ promptId }) => promptId === answer.promptId)}
            mayRemark={number > 0 && may('giveFeedback')}
          />
        ))}
      </Body>
      <FeedbackForm
        exercise={exercise}
        view={view.data}
        said={said.data}
        mayWrite={may('giveFeedback')}
        mayReturn={may('returnWork')}
        mayExport={may('exportWork')}
        unfolded={unfolded}
        onFold={onFold}
      />
    </>
  )
}

/** What is scrolled, to the answer that was asked for. */
function Body({ at, children }: { at?: string; children: ReactNode }) {
  const body = useRef<HTMLElement>(null)
  useEffect(() => {
    const answer = at && body.current?.querySelector<HTMLElement>(`[data-prompt="${CSS.escape(at)}"]`)
    if (answer && body.current) body.current.scrollTop = answer.offsetTop - body.current.offsetTop - 8
  }, [at])
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what is scrolled can be scrolled by keys
    <section className="panel__body" ref={body} tabIndex={0} aria-labelledby="whose">
      {children}
    </section>
  )
}

function Organisation({ why }: { why: string }) {
  const { t } = useTranslation()
  if (why === '') return null
  return (
    <p className="sm">
      <span className="muted">{t('boardPanel.why')}</span> {why}
    </p>
  )
}

/** The answers in the order of the prompts: as they were submitted, or as they are written now. */
function shown(exercise: Exercise, view: SubmissionView, frozen: HandIn | undefined): (ShownAnswer & { codeId: string })[] {
  if (frozen) {
    return frozen.answers.map(({ promptId, title, codeId, text, words, evidence }, i) => {
      return { promptId, title, codeId, text, words, evidence, number: i + 1, state: view.state, others: 0, changedAt: undefined }
    })
  }
  return exercise.prompts.map(({ id, title, codeId }, i) => {
    const answer = view.answers.find(({ promptId }) => promptId === id)
    return {
      promptId: id,
      title,
      codeId,
      number: i + 1,
      text: answer?.text ?? '',
      words: answer?.words ?? 0,
      state: answer?.state ?? 'notBegun',
      others: answer?.others.length ?? 0,
      changedAt: answer && answer.version > 0 ? answer.updatedAt : undefined,
      evidence: answer?.evidence ?? [],
    }
  })
}
