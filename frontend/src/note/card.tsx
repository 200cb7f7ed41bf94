import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { withWords } from '../i18n'
import { Icon } from '../ui/icons'
import { lazily } from '../ui/lazily'
import { Tile, Who } from '../ui/tile'
import type { Card as CardData } from './cards'
import { useDesk, type Writing } from './desk'

const CardBody = lazily(() => withWords('talk', import('./card-body')), 'CardBody')

type Props = {
  card: CardData
  n: number
  chosen: boolean
  open: boolean
  /** What is being written on it. */
  writing: Writing['what'] | undefined
}

/** A coding beside its words; the one that was chosen alone says all about itself. */
export const Card = memo(function Card({ card, n, chosen, open, writing }: Props) {
  const { t } = useTranslation()
  const desk = useDesk()
  const { coding, code, coder, mine, memos, links, comments, resolved } = card
  const said = [t('note.comments', { count: comments }), resolved && t('note.resolved')].filter(Boolean).join(', ')
  return (
    <li data-card={coding.id} className={open ? 'is-open' : undefined}>
      <button
        type="button"
        className="cod"
        data-coding={coding.id}
        aria-pressed={chosen}
        onPointerEnter={() => desk.point(coding.id)}
        onPointerLeave={() => desk.point(undefined)}
        onFocus={() => desk.point(coding.id)}
        onBlur={() => desk.point(undefined)}
        onClick={(event) => desk.choose(coding.id, event.ctrlKey || event.metaKey || event.shiftKey)}
      >
        <span aria-hidden="true">
          <Who name={coder} me={mine} small />
        </span>
        <span className="chip" data-c={code.colour}>
          <Tile code={code} />
          <span className="clip">{code.name}</span>
        </span>
        <span className="grow" />
        {coding.review && (
          <span className="cod__review" title={t('review.needed')}>
            <Icon name="review" />
          </span>
        )}
        {links > 0 && (
          <span className="cod__count" title={t('link.count', { count: links })}>
            <Icon name="link" />
          </span>
        )}
        {memos > 0 && (
          <span className="cod__count" title={t('memo.count', { count: memos })}>
            <Icon name="memo" />
          </span>
        )}
        {comments > 0 && (
          <span className="cod__count num" title={said}>
            <Icon name={resolved ? 'check' : 'comment'} />
            {comments}
          </span>
        )}
        <span className="sr">
          {t('note.card', { coder: mine ? t('note.me') : coder, n, quote: short(coding.anchor.quote) })}
          {coding.review && `, ${t('review.needed')}`}
          {memos > 0 && `, ${t('memo.count', { count: memos })}`}
          {comments > 0 && `, ${said}`}
        </span>
      </button>
      {open && <CardBody card={card} writing={writing} />}
    </li>
  )
})

const short = (quote: string) => (quote.length > 80 ? `${quote.slice(0, 79)}…` : quote)
