import { useQuery } from '@tanstack/react-query'
import type { CSSProperties } from 'react'
import { useTranslation } from 'react-i18next'
import { classMap, type ClassMap as MapData } from '../state/board'
import { Lines } from '../ui/problem'
import { Tile } from '../ui/tile'
import { NotShown } from './not-shown'

/** In which kinds of organisations the class found each code. The shade of a cell follows its count, which stands in it. */
export function ClassMap({ exercise }: { exercise: string }) {
  const { t } = useTranslation()
  const found = useQuery(classMap(exercise))
  if (found.error && !found.data) return <NotShown error={found.error} again={() => void found.refetch()} />
  if (!found.data) return <Lines count={10} />
  if (found.data.cells.length === 0) return <p className="muted">{t('classMap.none')}</p>
  return <Table {...found.data} />
}

function Table({ kinds, codes, cells }: MapData) {
  const { t } = useTranslation()
  const most = Math.max(1, ...cells.map(({ submissions }) => submissions))
  const at = new Map(cells.map((cell) => [`${cell.kind} ${cell.codeId}`, cell]))
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what is scrolled can be scrolled by keys
    <section className="classmap__scroll" aria-labelledby="map" tabIndex={0}>
      <table className="classmap">
        <caption id="map">{t('classMap.caption')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('classMap.kind')}</th>
            {codes.map((code) => (
              <th key={code.codeId} scope="col">
                <Tile code={{ parentId: '', ...code }} />
                <span>{code.name}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {kinds.map(({ kind, submissions: all }) => (
            <tr key={kind}>
              <th scope="row">
                {t(`organisationKind.${kind || 'none'}`)}
                <span className="xs muted num classmap__all">{t('classMap.submissions', { count: all })}</span>
              </th>
              {codes.map(({ codeId, colour }) => {
                const { submissions = 0, passages = 0 } = at.get(`${kind} ${codeId}`) ?? {}
                const shade = { '--shade': `${Math.round((submissions / most) * 40)}%` } as CSSProperties
                return (
                  <td key={codeId} data-c={colour} style={shade} className={submissions > 0 ? 'classmap__some' : undefined}>
                    <b className="num">{submissions}</b>
                    {passages > 0 && <span className="xs num">{t('classBoard.passages', { count: passages })}</span>}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
