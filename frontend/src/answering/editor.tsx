import { Button } from '@mantine/core'
import { useLayoutEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { LightText } from '../board/light'
import { caretIn } from '../state/answer'
import type { AnswerWindow } from '../state/answer-window'
import type { Exercise, SubmissionView } from '../state/answering'
import { Icon } from '../ui/icons'
import type { Mark } from '../writing/marks'
import { MarksBar } from '../writing/marks-bar'
import { Frozen } from './frozen'
import { pasteLight } from './paste'
import { Refusal } from './refusal'
import type { Asked } from './use-prompts'
import { Versions } from './versions'

const marks: Mark[] = ['heading', 'strong', 'emphasis', 'list', 'quote']

type Props = { exercise: Exercise; view: SubmissionView; asked: Asked; writing: AnswerWindow }

/** Where the answer to a prompt is written; or read, once it is submitted. */
export function PromptEditor({ exercise, view, asked, writing }: Props) {
  const { t } = useTranslation()
  const field = useRef<HTMLTextAreaElement>(null)
  const [preview, setPreview] = useState(false)
  const { prompt, n, answer, text } = asked
  const row = writing.row(prompt.id)
  const submitted = view.submission.handIn > 0
  useCaretAt(field, text)

  const write = (now: string) =>
    writing.write('answer', prompt.id, { text: answer?.text ?? '', version: answer?.version ?? 0 }, now)

  return (
    <>
      {row?.refused && (
        <Refusal
          refused={row.refused}
          text={row.text}
          hidden={submitted}
          mayTakeBack={view.mayTakeBack}
          submission={view.submission.id}
          onDrop={() => void writing.drop(prompt.id)}
          onRestore={() => write(row.text)}
        />
      )}
      {answer && answer.others.length > 0 && !submitted && (
        <Versions
          view={view}
          answer={answer}
          mine={row?.beside ? writing.writer : undefined}
          n={n}
          onChoose={(words) => writing.choose(prompt.id, words)}
        />
      )}
      {submitted && <Frozen view={view} asked={asked} />}
      {!submitted && (
        <section className="card ans__editor" aria-label={t('answer.yours')}>
          {preview ? (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what can be scrolled can be reached by keyboard
            <section className="ans__preview" tabIndex={0} aria-label={t('answer.previewOf', { n })}>
              {text.trim() === '' ? <p className="muted">{t('answer.noWords')}</p> : <LightText text={text} />}
            </section>
          ) : (
            <textarea
              ref={field}
              id={`answer-${n}`}
              rows={7}
              aria-label={t('answer.to', { n })}
              aria-describedby={`words-${n}`}
              value={text}
              placeholder={t('answer.hint')}
              onChange={(event) => write(event.target.value)}
              onPaste={(event) => pasteLight(event, write)}
              onKeyDown={(event) => {
                if (event.key !== 'Escape' || event.nativeEvent.isComposing) return
                document.getElementById('text')?.focus({ preventScroll: true })
              }}
            />
          )}
          <div className="ans__editorfoot">
            {!preview && (
              <MarksBar
                field={field}
                marks={marks}
                label={t('answer.marks')}
                nameOf={(mark) => t(`answer.mark.${mark}`)}
                onChange={write}
              />
            )}
            <WordCount exercise={exercise} asked={asked} />
            <span className="grow" />
            <Button variant="subtle" size="compact-sm" aria-pressed={preview} onClick={() => setPreview(!preview)}>
              {t('answer.preview')}
            </Button>
          </div>
        </section>
      )}
    </>
  )
}

/** Keeps the caret at its words when others have changed the text. */
function useCaretAt(field: React.RefObject<HTMLTextAreaElement | null>, text: string) {
  const before = useRef({ text, start: 0, end: 0 })
  const area = field.current
  // As it stands before the new text is put into the field.
  if (area && area.value === before.current.text) {
    before.current.start = area.selectionStart
    before.current.end = area.selectionEnd
  }
  useLayoutEffect(() => {
    const { text: old, start, end } = before.current
    const now = field.current
    if (now && old !== text && document.activeElement === now && typed.get(now) !== text)
      now.setSelectionRange(caretIn(old, text, start), caretIn(old, text, end))
    before.current = { text, start: now?.selectionStart ?? 0, end: now?.selectionEnd ?? 0 }
  }, [text, field])
  useLayoutEffect(() => {
    const now = field.current
    if (!now) return
    const note = () => typed.set(now, now.value)
    now.addEventListener('input', note)
    return () => now.removeEventListener('input', note)
  })
}

// What was last typed into a field by whoever uses this window.
const typed = new WeakMap<HTMLTextAreaElement, string>()

/** How many words there are, of how many there may be. */
function WordCount({ exercise: { minWords, maxWords }, asked: { n, progress } }: { exercise: Exercise; asked: Asked }) {
  const { t } = useTranslation()
  const { words } = progress
  const least = Math.max(minWords, 1)
  const span = maxWords > 0 ? maxWords : least * 2
  const judged = words < least ? 'short' : maxWords > 0 && words > maxWords ? 'long' : 'right'
  return (
    <>
      <span className="num ans__count" id={`words-${n}`}>
        <b>{words}</b> {bounds()}
      </span>
      {(minWords > 0 || maxWords > 0) && (
        <span className={`ans__span is-${judged}`} aria-hidden="true">
          <i style={{ width: `${Math.min(100, (100 * words) / span)}%` }} />
          {minWords > 0 && <b style={{ left: `${Math.min(100, (100 * minWords) / span)}%` }} />}
        </span>
      )}
      {(minWords > 0 || maxWords > 0) && (
        <span className={`row xs ans__judged is-${judged}`}>
          {judged !== 'short' && <Icon name={judged === 'right' ? 'check' : 'review'} />}
          {t(`answer.length.${judged}`)}
        </span>
      )}
    </>
  )

  function bounds() {
    if (minWords > 0 && maxWords > 0) return t('answer.between', { least: minWords, most: maxWords })
    if (minWords > 0) return t('answer.atLeast', { least: minWords })
    if (maxWords > 0) return t('answer.atMost', { most: maxWords })
    return t('answer.wordsAlone', { count: words })
  }
}
