import { useTranslation } from 'react-i18next'
import type { Card } from './cards'
import { useDesk, type Writing } from './desk'
import { Links } from './links'
import { Memos } from './memos'
import { Thread } from './thread'

type Props = { card: Card; writing: Writing['what'] | undefined }

/** What a coding that was chosen says of itself, and what can be done with it. */
export function CardBody({ card: { coding, mine }, writing }: Props) {
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
        writing={writing === 'memo'}
        mayWrite={mayCode}
        onWrite={(on) => desk.write(on ? { what: 'memo', on: coding.id } : undefined)}
      />
      <Links project={project} coding={coding} mayWrite={mayCode} />
      <Thread
        project={project}
        note={note}
        coding={coding.id}
        layer={coding.layer}
        alone={coding.layer !== 'open'}
        mayWrite={mayCode}
        writing={writing === 'comment'}
        onWrite={(on) => desk.write(on ? { what: 'comment', on: coding.id } : undefined)}
      />
      {mayCode && (
        <div className="row cod__actions">
          {writing !== 'memo' && (
            <button type="button" className="quiet" onClick={() => desk.write({ what: 'memo', on: coding.id })}>
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
