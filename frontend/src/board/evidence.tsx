import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '../api/client'
import { exerciseNotes } from '../state/exercises'
import { useDay } from './words'

type Evidence = Pick<Schemas['Evidence'], 'noteId' | 'anchor' | 'web' | 'why' | 'withdrawn'>

/** The passages that an answer stands on, each with where it is from. */
export function EvidenceList({ exercise, evidence }: { exercise: string; evidence: readonly Evidence[] }) {
  return (
    <div className="evidence">
      {evidence.map((one, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: those of the class have no names
        <figure key={i} className="card evidence__one">
          <Passage exercise={exercise} evidence={one} />
        </figure>
      ))}
    </div>
  )
}

function Passage({ exercise, evidence }: { exercise: string; evidence: Evidence }) {
  const { t } = useTranslation()
  const day = useDay()
  const note = useQuery(exerciseNotes(exercise)).data?.find(({ id }) => id === evidence.noteId)
  const { web, anchor, why, withdrawn } = evidence
  const quote = web ? web.quote : anchor?.quote
  return (
    <>
      {withdrawn && <p className="sm muted">{t('classBoard.withdrawn')}</p>}
      {!withdrawn && quote && <blockquote lang={note?.language || undefined}>{quote}</blockquote>}
      <figcaption>
        {web && (
          <>
            <a href={web.url} target="_blank" rel="noreferrer">
              {web.title || web.url}
            </a>
            {web.seenOn && <> · {t('classBoard.seenOn', { day: day(web.seenOn) })}</>}
          </>
        )}
        {note && (
          <>
            <b lang={note.language || undefined}>{note.title}</b>
            <br />
            {[t(`kind.${note.kind}`), note.observedOn && day(note.observedOn), note.siteName].filter(Boolean).join(' · ')}
            {note.origin === 'own' && <> · {t('classBoard.ownNote')}</>}
          </>
        )}
      </figcaption>
      {why && (
        <p className="sm">
          <span className="muted">{t('classBoard.why')}</span> {why}
        </p>
      )}
    </>
  )
}
