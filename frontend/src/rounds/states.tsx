import { useTranslation } from 'react-i18next'
import type { Round } from '../state/queries'
import type { RoundState } from '../state/rounds'
import { Icon } from '../ui/icons'
import { useDay, useMoment } from './dates'

/** The states of a round in their order. */
export const states = ['draft', 'blind', 'locked', 'revealed'] as const satisfies readonly RoundState[]

/** The state of a round in one word. */
export function State({ state }: { state: RoundState }) {
  const { t } = useTranslation()
  return (
    <span className="rstate" data-state={state}>
      {t(`roundState.${state}`)}
    </span>
  )
}

/** How far a round has come, from the draft to the reveal. */
export function Way({ round }: { round: Round }) {
  const { t } = useTranslation()
  const day = useDay()
  const moment = useMoment()
  const now = states.indexOf(round.state)
  const since = (state: RoundState) => round.moves.findLast(({ to }) => to === state)?.at ?? ''
  return (
    <ol className="way" aria-label={t('round.way')}>
      {states.map((state, i) => (
        <li key={state} aria-current={i === now ? 'step' : undefined} data-reached={i <= now}>
          <span className="way__node">
            {i < now && <Icon name="check" />}
            {i === now && <Icon name={state === 'revealed' ? 'eye' : 'pin'} />}
          </span>
          <b>
            {t(`roundState.${state}`)}
            {i < now && <span className="sr">, {t('round.passed')}</span>}
          </b>
          <p className="sm muted">
            {i <= now && since(state) !== '' && `${t('round.since', { at: moment(since(state)) })} `}
            {t(`roundAbout.${state}`)}
            {state === 'blind' && i === now && round.dueOn && ` ${t('round.dueSentence', { day: day(round.dueOn) })}`}
          </p>
        </li>
      ))}
    </ol>
  )
}
