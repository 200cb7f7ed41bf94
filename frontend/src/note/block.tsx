import { memo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Block as BlockData, Code, Coding } from '../state/queries'
import { type Mark, runs } from '../text/runs'
import type { Points } from '../text/units'
import { Icon } from '../ui/icons'
import { Tile, Who } from '../ui/tile'

/** A coding with what its card says. */
export type Card = { coding: Coding; code: Code; coder: string; mine: boolean }

type Props = {
  n: number
  block: BlockData
  points: Points
  marks: readonly Mark[]
  cards: readonly Card[]
  now: boolean
  chosen: string | undefined
  language: string
  onChoose: (coding: Coding) => void
  onRemove: (coding: Coding) => void
}

/** A paragraph of a note with its number and the cards of the codings that begin in it. */
export const Block = memo(function Block({ n, block, points, marks, cards, now, chosen, language, onChoose, onRemove }: Props) {
  const { t } = useTranslation()
  const Tag = block.kind === 'heading' ? 'h2' : 'p'
  return (
    <section
      className={`blk blk--${block.kind}${now ? ' is-now' : ''}`}
      id={`b${n}`}
      tabIndex={-1}
      aria-label={cards.length === 0 ? t('note.block', { n }) : t('note.blockCodings', { n, count: cards.length })}
    >
      <a className="no" href={`#b${n}`} aria-label={t('note.block', { n })}>
        {n}
      </a>
      <Tag className="blk__text" lang={language || undefined}>
        {block.speaker && <span className="speaker">{[block.speaker, clock(block.seconds)].filter(Boolean).join(' · ')}</span>}
        {runs(block.start, block.end, marks).map((r) => (
          <Words key={r.start} marks={r.marks}>
            <span data-start={r.start} data-end={r.end}>
              {points.slice(r.start, r.end)}
            </span>
          </Words>
        ))}
      </Tag>
      <ul className="cards" aria-label={t('note.inBlock', { n })}>
        {cards.map(({ coding, code, coder, mine }) => (
          <li key={coding.id}>
            <button
              type="button"
              className="cod"
              data-coding={coding.id}
              aria-pressed={chosen === coding.id}
              onClick={() => onChoose(coding)}
            >
              <span aria-hidden="true">
                <Who name={coder} me={mine} small />
              </span>
              <span className="chip" data-c={code.colour}>
                <Tile code={code} />
                <span className="clip">{code.name}</span>
              </span>
              <span className="sr">
                {t('note.card', { coder: mine ? t('note.me') : coder, n, quote: short(coding.anchor.quote) })}
              </span>
            </button>
            {mine && chosen === coding.id && (
              <button
                type="button"
                className="cod__remove"
                aria-label={`${t('note.remove')}: ${code.name}`}
                onClick={() => onRemove(coding)}
              >
                <Icon name="close" />
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
})

function Words({ marks, children }: { marks: readonly Mark[]; children: ReactNode }) {
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

const short = (quote: string) => (quote.length > 80 ? `${quote.slice(0, 79)}…` : quote)

/** Seconds as h:mm:ss; nothing for a turn without a time. */
function clock(seconds: number | undefined): string {
  if (seconds === undefined) return ''
  const whole = Math.floor(seconds)
  const two = (n: number) => String(n).padStart(2, '0')
  return `${two(Math.floor(whole / 3600))}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`
}
