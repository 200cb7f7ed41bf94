import { createElement, type ReactNode, useMemo } from 'react'
import { type LightBlock, type LightRun, light } from '../text/light'
import { runs } from '../text/runs'
import { Points } from '../text/units'

/** Words that something is said of, as code points of the text. */
export type Marked = { id: string; start: number; end: number }

type Props = { text: string; marked?: readonly Marked[] }

/** Light Markdown as it is read. Every piece of it says where in the text it stands, so that words can be selected. */
export function LightText({ text, marked = none }: Props) {
  const blocks = useMemo(() => light(text), [text])
  const points = useMemo(() => new Points(text), [text])
  const out: ReactNode[] = []
  for (let i = 0; i < blocks.length; i++) {
    const block = blocks[i] as LightBlock
    const shown = <Lines key={i} block={block} points={points} marked={marked} />
    if (block.kind !== 'item') {
      out.push(createElement(tags[block.kind], { key: i }, shown))
      continue
    }
    const items = [block]
    const isNumbered = block.number !== ''
    while (blocks[i + 1]?.kind === 'item' && (blocks[i + 1]?.number !== '') === isNumbered) items.push(blocks[++i] as LightBlock)
    const list = items.map((item, at) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: they have no other name
      <li key={at} value={isNumbered ? Number.parseInt(item.number, 10) : undefined}>
        <Lines block={item} points={points} marked={marked} />
      </li>
    ))
    out.push(createElement(isNumbered ? 'ol' : 'ul', { key: i }, list))
  }
  return <div className="light">{out}</div>
}

const none: [] = []
// A heading of an answer is none of the page: it stands out by its weight.
const tags = { paragraph: 'p', heading: 'p', quote: 'blockquote' } as const

function Lines({ block, points, marked }: { block: LightBlock; points: Points; marked: readonly Marked[] }) {
  const isHeading = block.kind === 'heading'
  return block.lines.map((line, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: they have no other name
    <span key={i} className={isHeading ? 'light__heading' : undefined}>
      {i > 0 && <br />}
      {line.map((run) => (
        <Run key={run.start} run={run} points={points} marked={marked} />
      ))}
    </span>
  ))
}

function Run({ run, points, marked }: { run: LightRun; points: Points; marked: readonly Marked[] }) {
  const spans = marked.map(({ start, end, id }) => ({ kind: id, start, end }))
  let words: ReactNode = runs(run.start, run.end, spans).map(({ start, end, marks }) => {
    const place = { key: start, 'data-start': start, 'data-end': end }
    return createElement(marks.length > 0 ? 'mark' : 'span', place, points.slice(start, end))
  })
  if (run.emphasis) words = <em>{words}</em>
  if (run.strong) words = <strong>{words}</strong>
  if (!run.url) return words
  return (
    <a href={run.url} target="_blank" rel="noreferrer">
      {words}
    </a>
  )
}
