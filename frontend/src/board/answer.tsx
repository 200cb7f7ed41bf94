import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '../api/client'
import type { AnswerState, Remark } from '../state/board'
import type { Exercise } from '../state/exercises'
import type { Code } from '../state/queries'
import { inLanguage, languageOf } from '../teaching/bilingual'
import { Tile } from '../ui/tile'
import { say } from '../ui/toast'
import { AnswerWords } from './answer-words'
import { EvidenceList } from './evidence'
import { LightText } from './light'
import { StateBadge } from './marks'
import { type Span, useRemarkDraft } from './remark-draft'
import { RemarkForm, RemarkList } from './remarks'
import { useMoment } from './words'

export type ShownAnswer = {
  promptId: string
  number: number
  title: Schemas['Bilingual']
  text: string
  words: number
  state: AnswerState
  /** Versions of it that wait for somebody to choose. */
  others: number
  changedAt: string | undefined
  evidence: Parameters<typeof EvidenceList>[0]['evidence']
}

type Props = {
  exercise: Exercise
  submission: string
  answer: ShownAnswer
  code: Code | undefined
  remarks: readonly Remark[]
  /** Whether something can be said of it: of what is submitted, by those who may. */
  mayRemark: boolean
}

/** One answer with its evidence, and what was said of it. */
export function Answer({ exercise, submission, answer, code, remarks, mayRemark }: Props) {
  const { t, i18n } = useTranslation()
  const moment = useMoment()
  const button = useRef<HTMLButtonElement>(null)
  const [selected, setSelected] = useState<Span>()
  const [draft, keepDraft] = useRemarkDraft(submission, answer.promptId)
  const place = { exercise: exercise.id, submission, prompt: answer.promptId }
  const title = inLanguage(answer.title, i18n.language)
  const begin = (span: Span | undefined) => keepDraft({ text: '', ...(span && { span }) })
  const close = () => {
    keepDraft(undefined)
    setTimeout(() => button.current?.focus())
  }

  const cancel = () => {
    close()
    if (draft?.text.trim()) say(t('remark.dropped'), () => keepDraft(draft))
  }

  return (
    <section className="answer" aria-labelledby={`answer ${answer.promptId}`} data-prompt={answer.promptId}>
      <div className="row">
        {code && <Tile code={code} />}
        <h3 className="grow" id={`answer ${answer.promptId}`} tabIndex={-1} lang={languageOf(answer.title, i18n.language)}>
          {answer.number}. {title}
        </h3>
        <StateBadge state={answer.state} words={t(`answerState.${answer.state}`)} />
      </div>
      {answer.text === '' && <p className="muted sm">{t('classBoard.noWords')}</p>}
      {answer.text !== '' && !mayRemark && <LightText text={answer.text} />}
      {answer.text !== '' && mayRemark && (
        <AnswerWords
          label={t('classBoard.wordsOf', { n: answer.number })}
          text={answer.text}
          remarks={remarks}
          onSelect={setSelected}
          onRemark={begin}
        />
      )}
      <p className="xs muted num">
        <CountedWords exercise={exercise} words={answer.words} />
        {answer.changedAt && <> · {t('classBoard.changedAt', { at: moment(answer.changedAt) })}</>}
      </p>
      {answer.others > 0 && <p className="sm warn">{t('classBoard.others', { count: answer.others })}</p>}
      <p className="sm num">
        <b>{t('classBoard.evidence')}</b>{' '}
        <span className="muted">
          {exercise.passages > 0
            ? t('classBoard.passagesOf', { count: exercise.passages, has: answer.evidence.length })
            : t('classBoard.passages', { count: answer.evidence.length })}
        </span>
      </p>
      {answer.evidence.length > 0 && <EvidenceList exercise={exercise.id} evidence={answer.evidence} />}
      <RemarkList
        place={place}
        remarks={remarks}
        mayWrite={mayRemark}
        onChange={({ id, text, start, end, quote }) => keepDraft({ id, text, ...(quote && { span: { start, end, quote } }) })}
      />
      {mayRemark && draft && (
        <RemarkForm
          key={draft.id ?? draft.span?.start ?? 'all'}
          place={place}
          draft={draft}
          onType={keepDraft}
          onClose={close}
          onCancel={cancel}
        />
      )}
      {mayRemark && !draft && (
        <button
          ref={button}
          type="button"
          className="quiet answer__remark"
          // The words stay selected.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => begin(selected)}
        >
          {t(selected ? 'remark.sayOfWords' : 'remark.sayOfAnswer')}
        </button>
      )}
    </section>
  )
}

/** How many words there are, beside how many are wanted. */
function CountedWords({ exercise: { minWords: least, maxWords: most }, words }: { exercise: Exercise; words: number }) {
  const { t } = useTranslation()
  if (least > 0 && most > 0) return t('classBoard.wordsBetween', { words, least, most })
  if (least > 0) return t('classBoard.wordsAtLeast', { words, least })
  if (most > 0) return t('classBoard.wordsAtMost', { words, most })
  return t('classBoard.words', { count: words })
}
