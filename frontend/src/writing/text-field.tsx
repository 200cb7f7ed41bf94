import { ActionIcon, Tooltip } from '@mantine/core'
import { useLayoutEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../ui/icons'
import { type Mark, marked } from './marks'

type Props = {
  value: string
  language: string
  format: 'plain' | 'markdown'
  readOnly: boolean
  onChange: (value: string) => void
}

const buttons: { mark: Mark; icon: 'heading' | 'list' | 'quote' | 'clock' | undefined; letter?: string }[] = [
  { mark: 'heading', icon: 'heading' },
  { mark: 'strong', icon: undefined, letter: 'B' },
  { mark: 'emphasis', icon: undefined, letter: 'I' },
  { mark: 'list', icon: 'list' },
  { mark: 'quote', icon: 'quote' },
  { mark: 'time', icon: 'clock' },
]

// A text of so many characters is laid out anew with each key, and scrolls within itself to be fast enough.
const long = 200_000

// Browsers that can't grow a field by themselves have it measured.
const grows = typeof CSS !== 'undefined' && CSS.supports('field-sizing', 'content')

/** Where the words are written: plain, with the few marks of light Markdown at hand. */
export function TextField({ value, language, format, readOnly, onChange }: Props) {
  const { t } = useTranslation()
  const field = useRef<HTMLTextAreaElement>(null)
  const isLong = value.length > long

  // biome-ignore lint/correctness/useExhaustiveDependencies: it is as high as its words
  useLayoutEffect(() => {
    const area = field.current
    if (grows || !area || isLong) return
    area.style.height = 'auto'
    area.style.height = `${area.scrollHeight + 2}px`
  }, [value])

  function put(mark: Mark) {
    const area = field.current
    if (!area) return
    const time = new Date().toTimeString().slice(0, 5)
    const { from, to, insert, select } = marked(area.value, area.selectionStart, area.selectionEnd, mark, time)
    area.focus()
    area.setSelectionRange(from, to)
    // The only way into a field that the browser's own undo knows of.
    if (!document.execCommand('insertText', false, insert)) {
      area.setRangeText(insert, from, to, 'end')
      onChange(area.value)
    }
    area.setSelectionRange(select[0], select[1])
  }

  return (
    <>
      <textarea
        ref={field}
        className={isLong ? 'words words--long' : 'words'}
        aria-label={t('write.text')}
        placeholder={t('write.textHint')}
        lang={language || undefined}
        spellCheck={!isLong}
        readOnly={readOnly}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      {format === 'markdown' && !readOnly && (
        <div className="marks" role="toolbar" aria-label={t('write.marks')}>
          {buttons.map(({ mark, icon, letter }) => (
            <Tooltip key={mark} label={t(`write.mark.${mark}`)}>
              <ActionIcon
                variant="subtle"
                size="lg"
                aria-label={t(`write.mark.${mark}`)}
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => put(mark)}
              >
                {icon ? <Icon name={icon} /> : <span className={`marks__${mark}`}>{letter}</span>}
              </ActionIcon>
            </Tooltip>
          ))}
        </div>
      )}
    </>
  )
}
