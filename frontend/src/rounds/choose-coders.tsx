import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useUser } from '../shell/user'
import { members, type Round } from '../state/queries'
import { Lines, Problem } from '../ui/problem'
import { Who } from '../ui/tile'
import { walk } from './choose-notes'
import { Part } from './part'

type Props = { round: Round; onChange: (coderIds: string[]) => void }

/** Who codes in a round. Readers can't; those who left since are shown, to be taken out. */
export function CodersPart({ round, onChange }: Props) {
  const { t } = useTranslation()
  const user = useUser()
  const list = useQuery(members(round.spaceId))
  const chosen = new Set<string>(round.coderIds)
  const gone = list.data ? round.coderIds.filter((id) => !list.data.some((m) => m.userId === id)) : []

  function put(id: string, isIn: boolean) {
    onChange(isIn ? [...round.coderIds, id] : round.coderIds.filter((other) => other !== id))
  }

  return (
    <Part title={t('setUp.coders')} lead={t('setUp.codersLead')}>
      {list.isPending && <Lines count={3} />}
      {list.error && !list.data && <Problem error={list.error} again={() => void list.refetch()} />}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the boxes in it */}
      <div className="choose choose--codes" onKeyDown={walk}>
        {list.data?.map((member) => (
          <label key={member.userId}>
            <input
              type="checkbox"
              checked={chosen.has(member.userId)}
              disabled={member.role === 'reader' && !chosen.has(member.userId)}
              onChange={(event) => put(member.userId, event.currentTarget.checked)}
            />
            <span aria-hidden="true">
              <Who name={member.name} me={member.userId === user.id} small />
            </span>
            <span>
              {member.name || t('round.somebody')}{' '}
              <span className="sm muted">
                {t(`role.${member.role}`)}
                {member.role === 'reader' && `, ${t('setUp.readersDont')}`}
              </span>
            </span>
          </label>
        ))}
        {gone.map((id) => (
          <label key={id}>
            <input type="checkbox" checked onChange={() => put(id, false)} />
            <span>{t('setUp.hasLeft')}</span>
          </label>
        ))}
      </div>
    </Part>
  )
}
