import { useQuery } from '@tanstack/react-query'
import { useLocation, useNavigate } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { LightText } from '../board/light'
import type { AnswerWindow } from '../state/answer-window'
import { type Exercise, promptCodes, type SubmissionView } from '../state/answering'
import { inLanguage, languageOf } from '../teaching/bilingual'
import { useTitle } from '../teaching/exercise-frame'
import { useKeys } from '../ui/keys'
import { lazily } from '../ui/lazily'
import { useNarrow } from '../ui/use-narrow'
import { PromptEditor } from './editor'
import { EvidenceList } from './evidence'
import { Finder, findsEvidence, type Looking } from './finder'
import { Foot } from './foot'
import { Organisation } from './organisation'
import { Question } from './question'
import { Rail } from './rail'
import { Tools } from './tools'
import { type Asked, usePrompts } from './use-prompts'
import { useStepKeys } from './use-step-keys'

const Handed = lazily(() => import('./handed'), 'Handed')
const Keys = lazily(() => import('./keys'), 'Keys')

type Props = { exercise: Exercise; view: SubmissionView; writing: AnswerWindow }

/** An exercise while it is answered: the prompts, the answer to one of them, and where its evidence is found. */
export function Answering({ exercise, view, writing }: Props) {
  const { t } = useTranslation()
  const narrow = useNarrow()
  const main = useRef<HTMLElement>(null)
  const [looking, setLooking] = useState<Looking>({ open: false })
  const [keysShown, setKeysShown] = useState(false)
  const codes = useQuery(promptCodes(exercise.id)).data
  const prompts = usePrompts(exercise, view, writing)
  const [now, goTo] = usePlace(prompts)
  const submitted = view.submission.handIn > 0
  const mayFind = !submitted && findsEvidence(exercise)
  // What evidence stands on can be read, also where no more is to be found.
  const hasFinder = mayFind || (!submitted && looking.open && looking.note !== undefined)
  const opener = useRef<Element>(null)

  /** Goes to a place of the page, as the list of what is missing names it. */
  function show(n: number, place?: string) {
    const focus = () => document.getElementById(place ?? `answer-${n}`)?.focus()
    if (n === now.n) return focus()
    // It stands once the prompt does.
    void goTo(n).then(() => requestAnimationFrame(focus))
  }
  function find(more: Partial<Looking> = {}) {
    opener.current = document.activeElement
    setLooking({ ...more, open: true })
  }
  function close() {
    setLooking({ open: false })
    const back = opener.current
    requestAnimationFrame(() => back instanceof HTMLElement && back.focus())
  }
  const step = (by: 1 | -1) => () => {
    const next = prompts[now.n - 1 + by]
    if (next) show(next.n)
  }
  useStepKeys({ next: step(1), previous: step(-1) })
  useKeys({
    j: step(1),
    k: step(-1),
    a: () => show(now.n),
    '?': () => setKeysShown(true),
    ...(mayFind && { e: () => find(), '/': () => find() }),
    ...Object.fromEntries(prompts.slice(0, 9).map(({ n }) => [String(n), () => show(n)])),
  })

  return (
    <div className={`ans${hasFinder ? '' : ' ans--alone'}${looking.open && looking.note ? ' is-reading' : ''}`}>
      <Rail
        exercise={exercise}
        view={view}
        prompts={prompts}
        codes={codes}
        now={now.n}
        narrow={narrow}
        onShow={show}
        onFind={find}
      />
      <main className="ans__main" id="text" tabIndex={-1} ref={main} aria-label={t('answer.prompt', { n: now.n })}>
        <Tools exercise={exercise} view={view} n={now.n} writing={writing} onKeys={() => setKeysShown(true)} />
        <div className="ans__scroll">
          <div className="ans__in">
            <Task exercise={exercise} />
            {submitted && <Handed exercise={exercise} view={view} />}
            <Organisation view={view} writing={writing} />
            <section id={`p${now.n}`} key={now.prompt.id} className="ans__prompt" aria-labelledby={`question-${now.n}`}>
              <Question asked={now} code={codes?.find((c) => c.id === now.prompt.codeId)} />
              <PromptEditor exercise={exercise} view={view} asked={now} writing={writing} />
              <EvidenceList
                exercise={exercise}
                view={view}
                asked={now}
                writing={writing}
                onFind={mayFind ? find : undefined}
                onShow={(note, at) => find({ note, ...(at && { at }) })}
              />
            </section>
          </div>
        </div>
      </main>
      {hasFinder && (!narrow || looking.open) && (
        <Finder
          exercise={exercise}
          view={view}
          asked={now}
          narrow={narrow}
          looking={looking}
          onLook={setLooking}
          onClose={close}
        />
      )}
      <Foot exercise={exercise} view={view} prompts={prompts} writing={writing} />
      {keysShown && <Keys onClose={() => setKeysShown(false)} />}
    </div>
  )
}

/** What the exercise is called, and what its instructors say of it. */
function Task({ exercise }: { exercise: Exercise }) {
  const { t, i18n } = useTranslation()
  const { title, lang } = useTitle()(exercise)
  const { instructions } = exercise
  const words = inLanguage(instructions, i18n.language)
  return (
    <div className="ans__task">
      <h1 lang={lang}>{title}</h1>
      {words.trim() !== '' && (
        <details>
          <summary>{t('answer.instructions')}</summary>
          <div lang={languageOf(instructions, i18n.language)}>
            <LightText text={words} />
          </div>
        </details>
      )}
      <p className="xs muted">{t('answer.seen')}</p>
    </div>
  )
}

/** The prompt that the address names, such as #p3; at first the one that is next. */
function usePlace(prompts: Asked[]): [Asked, (n: number) => Promise<void>] {
  const hash = useLocation({ select: (location) => location.hash })
  const navigate = useNavigate()
  const [first] = useState(() => prompts.find(({ state }) => state !== 'ready') ?? prompts[0])
  const named = prompts.find(({ n }) => hash === `p${n}`)
  const now = named ?? prompts.find(({ n }) => n === first?.n) ?? (prompts[0] as Asked)
  return [now, (n) => navigate({ to: '.', hash: `p${n}`, replace: true, resetScroll: false })]
}
