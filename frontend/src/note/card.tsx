import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../ui/icons'
import { Tile, Who } from '../ui/tile'
import type { Card as CardData } from './cards'
import { useDesk } from './desk'
import { Links } from './linking'
import { Memos } from './memos'

type Props = { card: CardData; n: number; chosen: boolean; open: boolean; writing: boolean }

/** A coding beside its words; the one that was chosen alone says all about itself. */
export const Card = memo(function Card({ card, n, chosen, open, writing }: Props) {
  const { t } = useTranslation()
  const desk = useDesk()
  const { coding, code, coder, mine, memos, links } = card
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
        <span className="sr">
          {t('note.card', { coder: mine ? t('note.me') : coder, n, quote: short(coding.anchor.quote) })}
          {coding.review && `, ${t('review.needed')}`}
          {memos > 0 && `, ${t('memo.count', { count: memos })}`}
        </span>
      </button>
      {open && <Body card={card} writing={writing} />}
    </li>
  )
})

function Body({ card: { coding, mine }, writing }: { card: CardData; writing: boolean }) {
  const { t } = useTranslation()
  const desk = useDesk()
  const { project, note, mayCode } = desk
  return (
    <div className="cod__body">
      {coding.review && (
        <div className="cod__lost">
          <p className="sm">{t('review.lost')}</p>
          <blockquote className="sm">{coding.anchor.quote}</blockquote>
          {mine && mayCode && (
            <div className="row">
              {/* Pressing would take the selection away before the click. */}
              <button
                type="button"
                className="quiet"
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => desk.settle(coding, true)}
              >
                {t('review.onSelection')}
              </button>
              {desk.words(coding).trim() !== '' && (
                <button type="button" className="quiet" onClick={() => desk.settle(coding, false)}>
                  {t('review.here')}
                </button>
              )}
            </div>
          )}
        </div>
      )}
      <Memos
        project={project}
        note={note}
        target={{ noun: 'coding', id: coding.id }}
        writing={writing}
        mayWrite={mayCode}
        onWrite={(on) => desk.memo(on ? coding.id : undefined)}
      />
      <Links project={project} coding={coding} mayWrite={mayCode} />
      {mayCode && (
        <div className="row cod__actions">
          {!writing && (
            <button type="button" className="quiet" onClick={() => desk.memo(coding.id)}>
              {t('memo.add')}
            </button>
          )}
          <button type="button" className="quiet" onClick={() => desk.link(coding)}>
            {t('link.add')}
          </button>
          {mine && (
            <>
              <button type="button" className="quiet" onClick={desk.recode}>
                {t('code.recode')}
              </button>
              <button type="button" className="quiet" onClick={desk.remove}>
                {t('note.remove')}
              </button>
            </>
          )}
        </div>
      )}
    </div>
  )
}

const short = (quote: string) => (quote.length > 80 ? `${quote.slice(0, 79)}…` : quote)
