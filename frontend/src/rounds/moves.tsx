import { useTranslation } from 'react-i18next'
import type { Round } from '../state/queries'
import { useMoment } from './dates'

/** What became of a round, the newest move first: who made it, when and why. */
export function Moves({ round, nameOf }: { round: Round; nameOf: (id: string) => string }) {
  const { t } = useTranslation()
  const moment = useMoment()
  const past = round.moves.map((move, i) => ({ ...move, isAgain: move.to === 'blind' && i > 0 }))
  return (
    <ol className="moves">
      {past.toReversed().map(({ to, at, by, why, isAgain }) => (
        <li key={at}>
          <b>{isAgain ? t('moves.reopened', { who: nameOf(by) }) : t(`moves.${to}`, { who: nameOf(by) })}</b>{' '}
          <time className="sm muted" dateTime={at}>
            {moment(at)}
          </time>
          {why && <p>{why}</p>}
        </li>
      ))}
    </ol>
  )
}
