import { ActionIcon, Tooltip } from '@mantine/core'
import type { RefObject } from 'react'
import { Icon } from '../ui/icons'
import { insertInto } from './insert'
import { type Mark, marked } from './marks'

const faces: Record<Mark, { icon?: 'heading' | 'list' | 'quote' | 'clock'; letter?: string }> = {
  heading: { icon: 'heading' },
  strong: { letter: 'B' },
  emphasis: { letter: 'I' },
  list: { icon: 'list' },
  quote: { icon: 'quote' },
  time: { icon: 'clock' },
}

type Props = {
  field: RefObject<HTMLTextAreaElement | null>
  marks: readonly Mark[]
  label: string
  nameOf: (mark: Mark) => string
  onChange: (value: string) => void
}

/** The few marks of light Markdown, put into a field by buttons. */
export function MarksBar({ field, marks, label, nameOf, onChange }: Props) {
  function put(mark: Mark) {
    const area = field.current
    if (!area) return
    const time = new Date().toTimeString().slice(0, 5)
    const { from, to, insert, select } = marked(area.value, area.selectionStart, area.selectionEnd, mark, time)
    area.setSelectionRange(from, to)
    insertInto(area, insert, onChange)
    area.setSelectionRange(select[0], select[1])
  }

  return (
    <div className="marks" role="toolbar" aria-label={label}>
      {marks.map((mark) => {
        const { icon, letter } = faces[mark]
        return (
          <Tooltip key={mark} label={nameOf(mark)}>
            <ActionIcon
              variant="subtle"
              size="lg"
              aria-label={nameOf(mark)}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => put(mark)}
            >
              {icon ? <Icon name={icon} /> : <span className={`marks__${mark}`}>{letter}</span>}
            </ActionIcon>
          </Tooltip>
        )
      })}
    </div>
  )
}
