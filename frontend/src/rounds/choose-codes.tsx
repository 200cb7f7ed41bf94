import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { forest, living, type Node, walk as nodesOf } from '../codebook/tree'
import { codes, type Round } from '../state/queries'
import { Lines, Problem } from '../ui/problem'
import { Tile } from '../ui/tile'
import { walk } from './choose-notes'
import { Part } from './part'

type Props = { round: Round; onChange: (codeIds: string[]) => void }

/** Which codes a round is coded with. A code brings its sub-codes, which can be left out again. */
export function CodesPart({ round, onChange }: Props) {
  const { t } = useTranslation()
  const list = useQuery(codes(round.spaceId))
  const nodes = useMemo(() => nodesOf(living(forest(list.data ?? []))), [list.data])
  const chosen = new Set<string>(round.codeIds)
  const usable = nodes.filter(({ code }) => !code.archived)
  const isAll = usable.length > 0 && usable.every(({ code }) => chosen.has(code.id))

  /** In the order of the codebook, so that the code bar has them so too. */
  const put = (some: readonly Node[], isIn: boolean) => {
    const touched = new Set<string>(some.map(({ code }) => code.id))
    onChange(usable.flatMap(({ code }) => ((touched.has(code.id) ? isIn : chosen.has(code.id)) ? [code.id] : [])))
  }

  return (
    <Part title={t('setUp.codes')} lead={t('setUp.codesChosen', { count: round.codeIds.length })}>
      {list.isPending && <Lines count={6} />}
      {list.error && !list.data && <Problem error={list.error} again={() => void list.refetch()} />}
      {list.data && nodes.length === 0 && <p className="muted">{t('setUp.noCodes')}</p>}
      {usable.length > 0 && (
        <div className="row choose__all">
          <Button variant="default" size="compact-sm" onClick={() => put(usable, !isAll)}>
            {t(isAll ? 'setUp.noCode' : 'setUp.allCodes')}
          </Button>
        </div>
      )}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the boxes in it */}
      <div className="choose choose--codes" onKeyDown={walk}>
        {nodes.map((node) => (
          <label key={node.code.id} style={{ paddingInlineStart: (node.level - 1) * 22 }}>
            <input
              type="checkbox"
              checked={chosen.has(node.code.id)}
              disabled={node.code.archived}
              onChange={(event) => put(nodesOf([node]), event.currentTarget.checked)}
            />
            <Tile code={node.code} />
            <span>{node.code.name}</span>
          </label>
        ))}
      </div>
    </Part>
  )
}
