import { useLayoutEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Mark } from './marks'
import { MarksBar } from './marks-bar'

type Props = {
  value: string
  language: string
  format: 'plain' | 'markdown'
  readOnly: boolean
  onChange: (value: string) => void
}

const all: Mark[] = ['heading', 'strong', 'emphasis', 'list', 'quote', 'time']

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
        <MarksBar
          field={field}
          marks={all}
          label={t('write.marks')}
          nameOf={(mark) => t(`write.mark.${mark}`)}
          onChange={onChange}
        />
      )}
    </>
  )
}
