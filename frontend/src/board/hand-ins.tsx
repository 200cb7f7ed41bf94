import { useTranslation } from 'react-i18next'
import type { Schemas } from '../api/client'
import type { SubmissionView } from '../state/board'
import { useMoment } from './words'

type Props = { handIns: readonly Schemas['Receipt'][]; members: SubmissionView['whose']['members'] }

/** When work was submitted and taken back, each with the fingerprint of what it was. */
export function HandIns({ handIns, members }: Props) {
  const { t } = useTranslation()
  const moment = useMoment()
  const nameOf = (by: string) => (members.length > 1 ? members.find(({ memberId }) => memberId === by)?.name : undefined)
  if (handIns.length === 0) return null
  return (
    <details className="hand-ins">
      <summary>{t('handIns.title', { count: handIns.length })}</summary>
      <ol>
        {[...handIns]
          .sort((a, b) => b.number - a.number)
          .map((one) => (
            <li key={one.number} value={one.number} className="num">
              {t(one.late ? 'handIns.late' : 'handIns.at', { n: one.number, at: moment(one.at) })}
              {nameOf(one.by) && <>, {nameOf(one.by)}</>}
              {one.takenBackAt && <> · {t('handIns.takenBack', { at: moment(one.takenBackAt) })}</>}
              <br />
              <span className="xs muted">
                SHA-256 <code title={one.hash}>{one.hash.slice(0, 12)}…</code>
              </span>
            </li>
          ))}
      </ol>
    </details>
  )
}
