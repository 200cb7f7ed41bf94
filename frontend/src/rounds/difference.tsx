import { useTranslation } from 'react-i18next'
import { useUser } from '../shell/user'
import { Icon } from '../ui/icons'
import { Who } from '../ui/tile'
import { CodeChip, codesOf, type RowProps } from './block-row'
import { useMoment } from './dates'

/** What each coder put in a block, on which words and why. */
export function Difference({ one, coders, codes, memos, points, language, nameOf }: RowProps) {
  const { t } = useTranslation()
  const user = useUser()
  const moment = useMoment()
  return (
    <section className="diffs card" aria-label={t('side.inBlock', { n: one.n })}>
      <ul className="diffs__coders">
        {coders.map((coder, i) => {
          const parts = one.lanes[i] ?? []
          const theirs = memos.filter((m) => parts.some(({ coding }) => m.target.noun === 'coding' && m.target.id === coding.id))
          return (
            <li key={coder}>
              <p className="row">
                <Who name={nameOf(coder)} me={coder === user.id} small />
                <b>{nameOf(coder)}</b>
              </p>
              {parts.length === 0 && <p className="muted">{t('side.noCode')}</p>}
              {codesOf(one, i).map((id) => (
                <div key={id} className="diffs__code">
                  <CodeChip code={codes.get(id)} />
                  {parts
                    .filter(({ coding }) => coding.codeId === id)
                    .map(({ coding, start, end }) => (
                      <blockquote key={coding.id} lang={language || undefined}>
                        {points.slice(start, end)}
                      </blockquote>
                    ))}
                </div>
              ))}
              {theirs.map((memo) => (
                <div key={memo.id} className="diffs__memo">
                  <p>{memo.text}</p>
                  <p className="row xs muted">
                    <Icon name="memo" />
                    {[t('side.memo'), memo.authorId !== coder && nameOf(memo.authorId), moment(memo.createdAt)]
                      .filter(Boolean)
                      .join(', ')}
                  </p>
                </div>
              ))}
              {theirs.length === 0 && parts.length > 0 && <p className="sm muted">{t('side.noMemo')}</p>}
            </li>
          )
        })}
      </ul>
    </section>
  )
}
