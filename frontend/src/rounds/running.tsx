import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useActions } from '../shell/palette'
import { useProject } from '../shell/project'
import { useUser } from '../shell/user'
import type { Round } from '../state/queries'
import { Board } from './board'
import { Change } from './change'
import { comparable } from './comparable'
import { Compared } from './compared'
import { type Move, MoveDialog } from './move'
import { Moves } from './moves'
import { useNames } from './names'
import { Part } from './part'
import { Way } from './states'
import { Tasks } from './tasks'

/** Where each state leads, for those who may lead it there. */
const moves: Record<Round['state'], readonly Move[]> = { draft: [], blind: ['lock'], locked: ['reveal', 'reopen'], revealed: [] }

/** A round on its way, or before it for those who don't set it up. */
export function Running({ round }: { round: Round }) {
  const { t } = useTranslation()
  const { role } = useProject()
  const user = useUser()
  const nameOf = useNames(round.spaceId)
  const [moving, setMoving] = useState<Move>()
  const [changing, setChanging] = useState(false)
  const mayManage = role === 'owner' || role === 'editor'
  const offered = mayManage ? moves[round.state] : []
  const isMine = round.coderIds.includes(user.id)

  useActions(
    offered.map((move) => ({
      id: `round ${move}`,
      group: t('round.this'),
      name: t(`move.${move}`),
      run: () => setMoving(move),
    })),
  )

  return (
    <>
      <header className="rounds__head">
        <div className="row">
          <h1 className="grow">{round.name}</h1>
          {mayManage && (
            <Button variant="subtle" onClick={() => setChanging(true)}>
              {t('round.change')}
            </Button>
          )}
          {offered.map((move, i) => (
            <Button key={move} variant={i === 0 ? 'filled' : 'default'} onClick={() => setMoving(move)}>
              {t(`move.${move}`)}
            </Button>
          ))}
        </div>
        <p className="sm muted">
          {[
            t('round.notes', { count: round.noteIds.length }),
            t('round.codes', { count: round.codeIds.length }),
            t('round.coders', { count: round.coderIds.length }),
            round.codebookVersion > 0 && t('round.codebook', { n: round.codebookVersion }),
            round.method === 'balanced' && round.seed && t('round.drawnFrom', { seed: round.seed }),
          ]
            .filter(Boolean)
            .join(' · ')}
        </p>
        {round.question && <p className="rounds__question">{round.question}</p>}
      </header>
      <Way round={round} />
      {round.state === 'draft' && <p className="muted">{t('round.beingSetUp')}</p>}
      {round.state !== 'draft' && round.state !== 'revealed' && (
        <p className="sm muted rounds__along">{t(round.readAlong === 'owners' ? 'start.ownersRead' : 'start.nobodyReads')}</p>
      )}
      {isMine && (round.state === 'blind' || round.state === 'locked') && <Tasks round={round} />}
      {comparable(round, role, user.id) && <Compared round={round} />}
      {role === 'owner' && round.state !== 'draft' && <Board round={round} />}
      {round.moves.length > 0 && (
        <Part title={t('moves.title')}>
          <Moves round={round} nameOf={nameOf} />
        </Part>
      )}
      {moving && <MoveDialog round={round} move={moving} onClose={() => setMoving(undefined)} />}
      {changing && <Change round={round} onClose={() => setChanging(false)} />}
    </>
  )
}
