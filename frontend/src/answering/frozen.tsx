import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { LightText } from '../board/light'
import { useSignature } from '../board/signature'
import { feedback, type SubmissionView } from '../state/answering'
import type { Asked } from './use-prompts'

/** An answer as it was submitted, with what was said of its words once it is returned. */
export function Frozen({ view, asked }: { view: SubmissionView; asked: Asked }) {
  const { t } = useTranslation()
  const called = useSignature()
  const { id, returnedAt } = view.submission
  const said = useQuery({ ...feedback(id), enabled: returnedAt !== undefined }).data
  const remarks = (said?.remarks ?? [])
    .filter(({ promptId }) => promptId === asked.prompt.id)
    .toSorted((a, b) => a.start - b.start || a.at.localeCompare(b.at))
  const { n, text, progress } = asked
  return (
    <section className="card ans__frozen" aria-label={t('answer.to', { n })}>
      {text.trim() === '' ? (
        <p className="muted">{t('answer.noWords')}</p>
      ) : (
        <LightText text={text} marked={remarks.filter(({ end }) => end > 0)} />
      )}
      <p className="xs muted num">{t('answer.words', { count: progress.words })}</p>
      {remarks.length > 0 && (
        <ul className="ans__remarks" aria-label={t('answer.returned.of', { n })}>
          {remarks.map((remark) => (
            <li key={remark.id}>
              {remark.quote && <q>{remark.quote}</q>}
              <p>{remark.text}</p>
              {remark.by && <p className="xs muted">{t('signature.by', { name: called(remark.by) })}</p>}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
