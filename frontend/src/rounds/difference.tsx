import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { withWords } from '../i18n'
import { useProject } from '../shell/project'
import { useUser } from '../shell/user'
import { comments, talkOf } from '../state/comments'
import { Icon } from '../ui/icons'
import { lazily } from '../ui/lazily'
import { Who } from '../ui/tile'
import { CodeChip, codesOf, type RowProps } from './block-row'
import { useMoment } from './dates'

const Thread = lazily(() => withWords('talk', import('../note/thread')), 'Thread')

/** What each coder put in a block, on which words and why. */
export function Difference({ round, one, coders, codes, memos, points, language, nameOf }: RowProps) {
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
      <Talk round={round} one={one} codes={codes} nameOf={nameOf} />
    </section>
  )
}

type TalkProps = Pick<RowProps, 'round' | 'one' | 'codes' | 'nameOf'>

/** The threads at the codings of a block, and where one is begun: each coding has its own. */
function Talk({ round, one, codes, nameOf }: TalkProps) {
  const { t } = useTranslation()
  const { role } = useProject()
  const [writing, setWriting] = useState<string>()
  const parts = one.lanes.flat()
  const note = parts[0]?.coding.noteId ?? ''
  const said = useQuery({ ...comments(round.spaceId, note, round.id), enabled: note !== '' }).data ?? []
  const talk = talkOf(said)
  const mayWrite = round.state === 'revealed' && role !== undefined && role !== 'reader'
  const threads = parts.filter(({ coding }) => talk.has(coding.id) || coding.id === writing)
  const others = mayWrite ? parts.filter(({ coding }) => !threads.some((p) => p.coding.id === coding.id)) : []
  const called = ({ coding }: (typeof parts)[number]) => `${nameOf(coding.coderId)}: ${codes.get(coding.codeId)?.name ?? ''}`
  if (threads.length + others.length === 0) return null
  return (
    <div className="diffs__talk">
      {threads.map((part) => (
        <div key={part.coding.id}>
          <p className="sm muted">{t('side.talkAt', { coding: called(part) })}</p>
          <Thread
            project={round.spaceId}
            note={note}
            coding={part.coding.id}
            layer={round.id}
            mayWrite={mayWrite}
            writing={writing === part.coding.id}
            onWrite={(on) => setWriting(on ? part.coding.id : undefined)}
          />
        </div>
      ))}
      {others.length > 0 && (
        <div className="row diffs__begin">
          <span className="sm muted">{t('side.comment')}</span>
          {others.map((part) => (
            <button key={part.coding.id} type="button" className="quiet" onClick={() => setWriting(part.coding.id)}>
              {called(part)}
            </button>
          ))}
        </div>
      )}
    </div>
  )
}
