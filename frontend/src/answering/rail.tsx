import { Link } from '@tanstack/react-router'
import { type ReactNode, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { StateMark } from '../board/marks'
import type { Exercise, SubmissionView } from '../state/answering'
import type { Code } from '../state/queries'
import { inLanguage } from '../teaching/bilingual'
import { Tile } from '../ui/tile'
import type { Looking } from './finder'
import { isNamed, type Lack } from './progress'
import type { Asked } from './use-prompts'

type Props = {
  exercise: Exercise
  view: SubmissionView
  prompts: readonly Asked[]
  codes: readonly Code[] | undefined
  now: number
  narrow: boolean
  onShow: (n: number, place?: string) => void
  onFind: (looking?: Partial<Looking>) => void
}

/** The prompts with how far each is, and what is missing before one can submit. */
export function Rail(props: Props) {
  const { t } = useTranslation()
  const { prompts, view, narrow } = props
  const ready = prompts.filter(({ state }) => state === 'ready' || state === 'submitted' || state === 'returned').length
  const words = t('answer.ready', { ready, count: prompts.length })
  const steps = <Steps {...props} />
  const lacks = view.submission.handIn === 0 && <Lacks {...props} />
  return (
    <nav className="ans__rail" aria-label={t('answer.prompts')}>
      <div className="ans__railhead">
        <div className="row">
          <h2 className="grow">{t('answer.prompts')}</h2>
          <span className="muted xs num">{words}</span>
        </div>
        <span className="ans__meter" role="img" aria-label={words}>
          <i style={{ width: `${(100 * ready) / Math.max(prompts.length, 1)}%` }} />
        </span>
      </div>
      {steps}
      {narrow && lacks ? (
        <details className="ans__fold">
          <summary>{t('answer.missing')}</summary>
          {lacks}
        </details>
      ) : (
        lacks
      )}
    </nav>
  )
}

function Steps({ prompts, codes, now, onShow }: Props) {
  const { t, i18n } = useTranslation()
  const list = useRef<HTMLOListElement>(null)
  return (
    <ol className="ans__steps" ref={list}>
      {prompts.map(({ prompt, n, state, progress }) => {
        const code = codes?.find((c) => c.id === prompt.codeId)
        const counts = [
          progress.words > 0 && t('answer.words', { count: progress.words }),
          progress.passages > 0 && t('answer.passages', { count: progress.passages }),
        ].filter(Boolean)
        return (
          <li key={prompt.id}>
            <Link
              to="."
              hash={`p${n}`}
              replace
              resetScroll={false}
              className="ans__step"
              aria-current={n === now ? 'step' : undefined}
              activeOptions={{ includeHash: true }}
              onClick={(event) => {
                event.preventDefault()
                onShow(n)
              }}
            >
              {code ? <Tile code={code} /> : <span className="tile" aria-hidden="true" />}
              <b>
                {n}. {inLanguage(prompt.title, i18n.language)}
              </b>
              <small>
                <em className={`ans__state ans__state--${state}`}>
                  <StateMark state={state} />
                  <span>{t(`answerState.${state}`)}</span>
                </em>
                {counts.length > 0 && <span className="num">{counts.join(', ')}</span>}
              </small>
            </Link>
          </li>
        )
      })}
    </ol>
  )
}

function Lacks({ exercise, prompts, view, codes, onShow, onFind }: Props) {
  const { t } = useTranslation()
  const lacking = prompts.flatMap((asked) => asked.progress.lacks.map((lack) => ({ asked, lack })))
  const unnamed = !isNamed(view.submission.organisation)
  if (lacking.length === 0 && !unnamed) {
    return (
      <p className="ans__lack ans__lack--none sm">
        <StateMark state="ready" />
        {t('answer.nothingMissing')}
      </p>
    )
  }
  return (
    <section className="ans__lack" aria-labelledby="lack">
      <h3 id="lack">{t('answer.missing')}</h3>
      <ul>
        {unnamed && (
          <li>
            <span className="tile ans__tile" aria-hidden="true" />
            <button type="button" className="ans__go" onClick={() => focusOn('organisation-name')}>
              {t('answer.lack.organisation')}
            </button>
          </li>
        )}
        {lacking.map(({ asked, lack }) => {
          const code = codes?.find((c) => c.id === asked.prompt.codeId)
          return (
            <li key={`${asked.n} ${lack.what} ${lack.what === 'reason' ? lack.evidence : ''}`}>
              {code ? <Tile code={code} /> : <span className="tile" aria-hidden="true" />}
              <button
                type="button"
                className="ans__go"
                onClick={() => {
                  onShow(asked.n, placeOf(asked, lack))
                  if (lack.what === 'passages' && (exercise.released || exercise.ownNotes || exercise.web)) onFind()
                }}
              >
                <span className="sr">{t('answer.prompt', { n: asked.n })}: </span>
                <LackWords lack={lack} />
              </button>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

const placeOf = ({ n }: Asked, lack: Lack) => {
  if (lack.what === 'reason') return `why-${lack.evidence}`
  if (lack.what === 'choice') return `versions-${n}`
  return lack.what === 'passages' ? `evidence-${n}` : `answer-${n}`
}

function focusOn(id: string) {
  document.getElementById(id)?.focus()
}

/** What an answer lacks, in words. */
export function LackWords({ lack }: { lack: Lack }): ReactNode {
  const { t } = useTranslation()
  switch (lack.what) {
    case 'answer': {
      const words = lack.words > 0 ? t('answer.lack.answerOf', { count: lack.words }) : t('answer.lack.answer')
      return lack.passages > 0 ? t('answer.lack.and', { one: words, two: t('answer.passages', { count: lack.passages }) }) : words
    }
    case 'words':
      return t('answer.lack.words', { count: lack.count })
    case 'tooMany':
      return t('answer.lack.tooMany', { count: lack.count })
    case 'choice':
      return t('answer.lack.choice')
    case 'passages':
      return t('answer.lack.passages', { count: lack.count })
    case 'reason':
      return t('answer.lack.reason', { n: lack.number })
  }
}
