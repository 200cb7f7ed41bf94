import { type CSSProperties, memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Memo } from '../state/memos'
import type { Code, Round } from '../state/queries'
import { runs } from '../text/runs'
import type { Points } from '../text/units'
import { Tile } from '../ui/tile'
import { Difference } from './difference'
import type { Compared } from './differences'

export type RowProps = {
  round: Round
  one: Compared
  coders: readonly string[]
  /** As they were when the round was coded. */
  codes: Map<string, Code>
  memos: readonly Memo[]
  points: Points
  language: string
  nameOf: (id: string) => string
  isOpen: boolean
  onOpen: (block: number) => void
}

/** A block with what each coder put in it. */
export const BlockRow = memo(function BlockRow(props: RowProps) {
  const { t } = useTranslation()
  const { one, coders, codes, points, language, nameOf, isOpen, onOpen } = props
  const { n, block, lanes, kind } = one
  return (
    <li className="side__block" data-block={n} data-open={isOpen || undefined} data-differs={kind}>
      <button
        type="button"
        className="side__no num"
        aria-expanded={isOpen}
        aria-label={t(kind ? 'side.blockDiffers' : 'side.blockAlike', { n })}
        onClick={() => onOpen(isOpen ? 0 : n)}
      >
        {n}
      </button>
      <p className="side__text" lang={language || undefined}>
        <Words one={one} codes={codes} points={points} />
      </p>
      <dl className="side__lanes">
        {coders.map((coder, i) => (
          <div key={coder} className="side__lane" data-c={codes.get(lanes[i]?.[0]?.coding.codeId ?? '')?.colour}>
            <dt>{nameOf(coder)}</dt>
            <dd>
              {codesOf(one, i).map((id) => (
                <CodeChip key={id} code={codes.get(id)} />
              ))}
              {lanes[i]?.length === 0 && <span className="muted">{t('side.noCode')}</span>}
            </dd>
          </div>
        ))}
      </dl>
      {kind === 'words' && <p className="side__kind xs muted">{t('side.otherWords')}</p>}
      {isOpen && block.end > block.start && <Difference {...props} />}
    </li>
  )
})

/** The codes that a coder put in a block, each once. */
export const codesOf = (one: Compared, lane: number): string[] => [
  ...new Set((one.lanes[lane] ?? []).map(({ coding }) => coding.codeId as string)),
]

/** A code by its colour, letter and name. */
export function CodeChip({ code }: { code: Code | undefined }) {
  if (!code) return null
  return (
    <span className="chip" data-c={code.colour}>
      <Tile code={code} />
      <span>{code.name}</span>
    </span>
  )
}

/** The words of a block with all codings on them; where several lie over each other, the first two are painted. */
function Words({ one: { block, lanes }, codes, points }: Pick<RowProps, 'one' | 'codes' | 'points'>) {
  const marks = lanes.flat().map(({ coding, start, end }) => ({ kind: coding.codeId as string, start, end }))
  return runs(block.start, block.end, marks).map((run) => {
    const words = points.slice(run.start, run.end)
    const [first, second] = [...new Set(run.marks.map(({ kind }) => kind))].flatMap((id) => codes.get(id)?.colour ?? [])
    if (first === undefined) return words
    return (
      <mark key={run.start} data-c={first} style={second ? ({ '--other': `var(--code-${second})` } as CSSProperties) : undefined}>
        {words}
      </mark>
    )
  })
}
