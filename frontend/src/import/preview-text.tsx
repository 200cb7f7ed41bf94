import { useQuery } from '@tanstack/react-query'
import { Fragment, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Upload, UploadText } from '../api/uploads'
import { height, indent, Words } from '../note/block'
import { TimeCode } from '../note/time-code'
import { useProject } from '../shell/project'
import { uploadText } from '../state/imports'
import { participants } from '../state/queries'
import { made } from '../state/wishes'
import { runs } from '../text/runs'
import { Points } from '../text/units'
import { Lines, Problem } from '../ui/problem'
import '../note/workspace.css'

type Props = { upload: Upload; language: string /** By label, whom a speaker is, as in a plan. */; names: Record<string, string> }

/** The text as its note will have it. */
export function PreviewText({ upload, language, names }: Props) {
  const { t } = useTranslation()
  const { id } = useProject()
  const text = useQuery(uploadText(id, upload))
  const called = useNames(names)
  return (
    <section className="import__text" aria-label={t('import.text')}>
      <h3>{t('import.text')}</h3>
      {text.isPending && <Lines count={10} />}
      {text.error && !text.data && <Problem error={text.error} again={() => void text.refetch()} />}
      {text.data && <Text text={text.data} language={language} called={called} />}
    </section>
  )
}

/** What the speakers are called once they are participants. */
function useNames(names: Props['names']): (label: string) => string {
  const { id } = useProject()
  const people = useQuery(participants(id)).data
  return (label) => {
    const who = names[label] ?? ''
    if (who.startsWith(made)) return who.slice(made.length)
    return people?.find((p) => p.id === who)?.pseudonym ?? label
  }
}

/** How many blocks are drawn at first, and how many more whenever the end comes into view. */
const step = 150

function Text({ text, language, called }: { text: UploadText; language: string; called: (label: string) => string }) {
  const { t } = useTranslation()
  const points = useMemo(() => new Points(text.text), [text])
  const [shown, setShown] = useState(step)
  const end = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const mark = end.current
    if (!mark || shown >= text.blocks.length) return
    const seen = new IntersectionObserver(([entry]) => entry?.isIntersecting && setShown((n) => n + step), {
      rootMargin: '800px',
    })
    seen.observe(mark)
    return () => seen.disconnect()
  }, [shown, text])
  return (
    <div className="import__page" lang={language || undefined}>
      {text.blocks.slice(0, shown).map((block, i) => {
        const Tag = block.kind === 'heading' ? 'h4' : 'p'
        const before = text.blocks[i - 1]
        const page = block.page !== before?.page ? block.page : undefined
        const goesOn = block.seconds === undefined && block.kind === 'turn' && before?.speaker === block.speaker
        return (
          <Fragment key={block.start}>
            {page && <p className="import__pageno">{t('import.page', { page })}</p>}
            <div className={`blk blk--${block.kind}`} style={{ containIntrinsicHeight: `auto ${height(block)}px` }}>
              <Tag className="blk__text" style={indent(block)} data-number={block.number} data-level={block.level}>
                {block.speaker && !goesOn && (
                  <span className="speaker">
                    {called(block.speaker)}
                    {block.seconds !== undefined && ' · '}
                    {block.seconds !== undefined && <TimeCode seconds={block.seconds} />}
                  </span>
                )}
                {runs(block.start, block.end, text.marks).map((run) => (
                  <Words key={run.start} marks={run.marks}>
                    {points.slice(run.start, run.end)}
                  </Words>
                ))}
              </Tag>
            </div>
          </Fragment>
        )
      })}
      {shown < text.blocks.length && <div ref={end} className="import__end" />}
    </div>
  )
}
