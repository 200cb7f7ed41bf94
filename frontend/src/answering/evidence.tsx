import { ActionIcon, Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { cleaned } from '../state/answer'
import type { AnswerWindow } from '../state/answer-window'
import {
  type Evidence,
  type Exercise,
  moveEvidence,
  removeEvidence,
  restoreEvidence,
  type SubmissionView,
  sourceNotes,
} from '../state/answering'
import { Icon } from '../ui/icons'
import { useSentence } from '../ui/problem'
import { say } from '../ui/toast'
import { useDay } from './days'
import { Refusal } from './refusal'
import type { Asked } from './use-prompts'

type Props = {
  exercise: Exercise
  view: SubmissionView
  asked: Asked
  writing: AnswerWindow
  onFind: (() => void) | undefined
  /** Shows a passage in its note. */
  onShow: (note: string, at?: string) => void
}

/** The passages that an answer stands on. */
export function EvidenceList({ exercise, view, asked, writing, onFind, onShow }: Props) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const notes = useQuery(sourceNotes(exercise.id)).data
  const { n, prompt, evidence, progress } = asked
  const id = view.submission.id
  const submitted = view.submission.handIn > 0
  const from = new Set(evidence.map((e) => e.noteId ?? e.web?.url)).size

  function remove(removed: Evidence, at: number) {
    const gone = removeEvidence(id, prompt.id, removed.id)
    gone.catch((error) => say(sentence(error)))
    document.getElementById(`evidence-${n}`)?.focus()
    say(t('answer.evidence.removed', { n: at + 1 }), () => {
      // Before the server has taken it away, what comes back would be found to be there, and go with it.
      gone.then(
        () => restoreEvidence(id, prompt.id, removed, at).catch((error) => say(sentence(error))),
        () => undefined,
      )
    })
  }
  function write(record: string, why: string) {
    const stands = asked.answer?.evidence.find((e) => e.id === record)?.why ?? ''
    writing.write('why', record, { text: stands, version: 0 }, why)
  }
  const move = (moved: Evidence, to: number) => moveEvidence(id, prompt.id, moved.id, to).catch((error) => say(sentence(error)))

  return (
    <section className="ans__evidence" aria-labelledby={`evidence-title-${n}`}>
      <div className="row wrap">
        <h3 id={`evidence-title-${n}`} className="grow">
          {t('answer.evidence.title')}
        </h3>
        <span className="sm muted num">
          {exercise.passages > 0
            ? t('answer.evidence.of', { passages: progress.passages, count: exercise.passages })
            : t('answer.passages', { count: progress.passages })}
          {from > 1 && `, ${t('answer.evidence.from', { count: from })}`}
        </span>
      </div>
      {evidence.length === 0 && !submitted && <p className="sm muted ans__none">{t('answer.evidence.none')}</p>}
      <ul className="ans__passages">
        {evidence.map((one, i) => (
          <li key={one.id}>
            <Passage
              one={one}
              n={i + 1}
              note={notes?.find((note) => note.id === one.noteId)}
              needsReason={exercise.reasons}
              fixed={submitted}
              onWhy={(why) => write(one.id, why)}
              onShow={onShow}
              onRemove={() => remove(one, i)}
              onUp={i > 0 ? () => void move(one, i - 1) : undefined}
              onDown={i < evidence.length - 1 ? () => void move(one, i + 1) : undefined}
            />
            {refusal(one.id)}
          </li>
        ))}
      </ul>
      {onFind && (
        <Button
          id={`evidence-${n}`}
          className="ans__findbutton"
          size="xs"
          variant="default"
          onClick={() => onFind()}
          leftSection={<Icon name="search" />}
        >
          {t('answer.evidence.find')}
        </Button>
      )}
    </section>
  )

  function refusal(record: string) {
    const row = writing.row(record)
    if (!row?.refused) return null
    return (
      <Refusal
        refused={row.refused}
        text={row.text}
        hidden={submitted}
        submission={id}
        onDrop={() => void writing.drop(record)}
        onRestore={() => write(record, row.text)}
      />
    )
  }
}

type PassageProps = {
  one: Evidence
  n: number
  note: { title: string; kind: string; language: string; observedOn: string; siteName: string; origin: string } | undefined
  needsReason: boolean
  fixed: boolean
  onWhy: (why: string) => void
  onShow: (note: string, at?: string) => void
  onRemove: () => void
  onUp: (() => void) | undefined
  onDown: (() => void) | undefined
}

/** A passage with its source, and why it matters. */
function Passage({ one, n, note, needsReason, fixed, onWhy, onShow, onRemove, onUp, onDown }: PassageProps) {
  const { t } = useTranslation()
  const day = useDay()
  const { web, anchor, withdrawn } = one
  const quote = web?.quote ?? anchor?.quote ?? ''
  const lacks = needsReason && !withdrawn && one.why.trim() === ''
  return (
    <figure className="card ans__passage" aria-label={t('answer.evidence.passage', { n })}>
      {withdrawn ? (
        <p className="sm muted">{t('answer.evidence.withdrawn')}</p>
      ) : (
        <blockquote lang={note?.language || undefined}>{quote}</blockquote>
      )}
      <figcaption>
        {web && (
          <>
            <a href={web.url} target="_blank" rel="noreferrer noopener">
              {web.title || web.url}
            </a>
            {web.seenOn && <> · {t('answer.evidence.seen', { day: day(web.seenOn) })}</>}
          </>
        )}
        {note && (
          <>
            {one.noteId && !fixed ? (
              <button
                type="button"
                className="ans__source"
                lang={note.language || undefined}
                onClick={() => onShow(one.noteId ?? '', anchor && `${anchor.start}-${anchor.end}`)}
              >
                {note.title}
              </button>
            ) : (
              <b lang={note.language || undefined}>{note.title}</b>
            )}
            <br />
            {[t(`kind.${note.kind}`), note.observedOn && day(note.observedOn), note.siteName].filter(Boolean).join(' · ')}
            {note.origin === 'own' && ` · ${t('answer.notes.own')}`}
          </>
        )}
      </figcaption>
      <div className="ans__why">
        {fixed ? (
          one.why && (
            <p className="sm">
              <b>{t('answer.evidence.why')}:</b> {one.why}
            </p>
          )
        ) : (
          <label htmlFor={`why-${one.id}`}>
            {t('answer.evidence.why')}
            {lacks && (
              <span className="ans__warn">
                <Icon name="review" />
                {t('answer.evidence.missing')}
              </span>
            )}
          </label>
        )}
        {!fixed && (
          <div className="row">
            <textarea
              id={`why-${one.id}`}
              rows={1}
              className={lacks ? 'is-empty' : undefined}
              value={one.why}
              maxLength={2000}
              placeholder={t('answer.evidence.whyHint')}
              onChange={(event) => onWhy(cleaned(event.target.value).replace(/\s*\n\s*/g, ' '))}
            />
            {onUp && (
              <ActionIcon variant="subtle" aria-label={t('answer.evidence.up', { n })} onClick={onUp}>
                <Icon name="up" />
              </ActionIcon>
            )}
            {onDown && (
              <ActionIcon variant="subtle" aria-label={t('answer.evidence.down', { n })} onClick={onDown}>
                <Icon name="down" />
              </ActionIcon>
            )}
            <ActionIcon variant="subtle" aria-label={t('answer.evidence.remove', { n })} onClick={onRemove}>
              <Icon name="close" />
            </ActionIcon>
          </div>
        )}
      </div>
    </figure>
  )
}
