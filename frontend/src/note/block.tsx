import { memo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Block as BlockData } from '../state/queries'
import { type Mark, runs } from '../text/runs'
import type { Points } from '../text/units'
import { Card } from './card'
import type { Margin } from './cards'
import type { Writing } from './desk'
import { TimeCode } from './time-code'

type Props = {
  n: number
  block: BlockData
  /** The same person goes on speaking. */
  goesOn: boolean
  /** The page that begins with it. */
  newPage: number | undefined
  points: Points
  marks: readonly Mark[]
  margin: Margin
  now: boolean
  /** Those of its codings that are chosen, as a string of ids so that it can be compared. */
  chosen: string
  /** What is being written on one of its codings. */
  writing: Writing | undefined
  unfolded: boolean
  language: string
  onUnfold: (n: number) => void
}

/** A paragraph of a note with its number, its lanes, and the cards of the codings that begin in it. */
export const Block = memo(function Block(props: Props) {
  const { n, block, goesOn, newPage, points, marks, margin, now, chosen, writing, unfolded, language, onUnfold } = props
  const { t } = useTranslation()
  const { cards, bars } = margin
  const Tag = block.kind === 'heading' ? 'h2' : 'p'
  const ids = chosen === '' ? [] : chosen.split(' ')
  return (
    <section
      className={`blk blk--${block.kind}${now ? ' is-now' : ''}`}
      id={`b${n}`}
      tabIndex={-1}
      style={{ containIntrinsicHeight: `auto ${height(block)}px` }}
      aria-label={cards.length === 0 ? t('note.block', { n }) : t('note.blockCodings', { n, count: cards.length })}
    >
      <a className="no" href={`#b${n}`} aria-label={t('note.block', { n })}>
        {n}
      </a>
      {newPage !== undefined && (
        <span className="no no--page">
          <span aria-hidden="true">{t('note.pageShort', { n: newPage })}</span>
          <span className="sr">{t('note.page', { n: newPage })}</span>
        </span>
      )}
      <Tag className="blk__text" lang={language || undefined} style={indent(block)} data-number={block.number}>
        {block.speaker && !goesOn && (
          <span className="speaker">
            {block.speaker}
            {block.seconds !== undefined && ' · '}
            {block.seconds !== undefined && <TimeCode seconds={block.seconds} />}
          </span>
        )}
        {runs(block.start, block.end, marks).map((r) => (
          <Words key={r.start} marks={r.marks}>
            <span data-start={r.start} data-end={r.end}>
              {points.slice(r.start, r.end)}
            </span>
          </Words>
        ))}
      </Tag>
      <div className="lanes" aria-hidden="true">
        {bars.map((bar) => (
          <i
            key={bar.id}
            data-of={bar.id}
            data-from={bar.from}
            data-to={bar.to}
            data-c={bar.colour}
            data-lane={bar.lane}
            className={ids.includes(bar.id) ? 'is-chosen' : undefined}
          />
        ))}
      </div>
      <ul className={unfolded ? 'cards is-unfolded' : 'cards'} aria-label={t('note.inBlock', { n })}>
        {cards.map((card) => {
          const isChosen = ids.includes(card.coding.id)
          return (
            <Card
              key={card.coding.id}
              card={card}
              n={n}
              chosen={isChosen}
              open={isChosen && ids.length === 1}
              writing={writing?.on === card.coding.id ? writing.what : undefined}
            />
          )
        })}
        {cards.length > 1 && (
          <li className="cards__fold">
            <button
              type="button"
              className="cards__more"
              hidden
              aria-label={t('note.unfold', { n })}
              onClick={() => onUnfold(n)}
            />
          </li>
        )}
      </ul>
    </section>
  )
})

/** About how high a block is at reading width; it is drawn when it comes near, and must have a size before. */
export const height = ({ start, end, speaker }: BlockData) => 10 + 30 * Math.ceil((end - start + 1) / 66) + (speaker ? 22 : 0)

/** How far a list item or a quote within another stands in. */
export const indent = ({ kind, level }: BlockData) =>
  (kind === 'listItem' || kind === 'quote') && (level ?? 1) > 1 ? { marginLeft: `${((level ?? 1) - 1) * 22}px` } : undefined

/** Words with their emphasis and links. */
export function Words({ marks, children }: { marks: readonly Mark[]; children: ReactNode }) {
  let words = children
  for (const mark of marks) {
    if (mark.kind === 'emphasis') words = <em>{words}</em>
    else if (mark.kind === 'strong') words = <strong>{words}</strong>
    else if (mark.kind === 'link' && mark.url && /^(https?|mailto):/i.test(mark.url)) {
      words = (
        <a href={mark.url} target="_blank" rel="noreferrer noopener">
          {words}
        </a>
      )
    }
  }
  return words
}
