import { ActionIcon, Button } from '@mantine/core'
import { memo, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { TextChange } from '../state/history'
import type { NoteText } from '../state/queries'
import { Icon } from '../ui/icons'
import { type Paragraph, type Piece, paragraphsOf, stretchesOf } from './paragraphs'

type Props = { from: NoteText; to: NoteText; changes: readonly TextChange[]; language: string }

/** How one text differs from another: what went struck through, what came underlined, the rest folded. */
export function Difference({ from, to, changes, language }: Props) {
  const { t } = useTranslation()
  const page = useRef<HTMLDivElement>(null)
  const [whole, setWhole] = useState(false)
  const [now, setNow] = useState(-1)
  const all = useMemo(() => paragraphsOf(from, to, changes), [from, to, changes])
  const stretches = useMemo(() => (whole ? [{ shown: all }] : stretchesOf(all)), [all, whole])

  const go = useCallback(
    (by: number) => {
      const next = Math.min(Math.max(now + by, 0), changes.length - 1)
      const change = page.current?.querySelector<HTMLElement>(`[data-change="${next}"]`)
      if (!change) return
      setNow(next)
      change.focus({ preventScroll: true })
      change.scrollIntoView({ block: 'center' })
    },
    [now, changes.length],
  )
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.key.toLowerCase() !== 'n') return
      if (event.target instanceof HTMLElement && event.target.closest('input, textarea, select, [role=dialog], [role=listbox]'))
        return
      event.preventDefault()
      go(event.shiftKey ? -1 : 1)
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [go])

  if (changes.length === 0) return <p className="muted">{t('versions.same')}</p>
  return (
    <>
      <div className="diff__tools">
        <span className="sm muted num" role="status">
          {now < 0 ? t('versions.changes', { count: changes.length }) : t('versions.at', { n: now + 1, count: changes.length })}
        </span>
        <ActionIcon
          variant="default"
          size="lg"
          aria-label={t('versions.before')}
          aria-keyshortcuts="Shift+N"
          onClick={() => go(-1)}
        >
          <span className="diff__up">
            <Icon name="chevron" />
          </span>
        </ActionIcon>
        <ActionIcon variant="default" size="lg" aria-label={t('versions.next')} aria-keyshortcuts="N" onClick={() => go(1)}>
          <span className="diff__down">
            <Icon name="chevron" />
          </span>
        </ActionIcon>
        <span className="xs muted diff__keys">
          <kbd>N</kbd> {t('versions.next')}
        </span>
        <span className="grow" />
        <Button variant="default" size="compact-sm" aria-pressed={whole} onClick={() => setWhole(!whole)}>
          {t(whole ? 'versions.onlyChanges' : 'versions.everything')}
        </Button>
      </div>
      <div className="diff" ref={page} lang={language || undefined}>
        {stretches.map((stretch, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the stretches of two texts don't move
          <Part key={i} stretch={stretch} />
        ))}
      </div>
    </>
  )
}

/** It is kept while one goes from change to change: a long text has thousands. */
const Part = memo(function Part({ stretch }: { stretch: ReturnType<typeof stretchesOf>[number] }) {
  const { t, i18n } = useTranslation()
  const [open, setOpen] = useState(false)
  const first = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (open) first.current?.focus()
  }, [open])
  if ('shown' in stretch) return <Paragraphs all={stretch.shown} />
  if (open) {
    return (
      <div ref={first} tabIndex={-1} className="diff__opened">
        <Paragraphs all={stretch.folded} />
      </div>
    )
  }
  return (
    <button type="button" className="diff__fold" lang={i18n.language} aria-expanded={false} onClick={() => setOpen(true)}>
      {t('versions.folded', { count: stretch.folded.length })}
    </button>
  )
})

function Paragraphs({ all }: { all: readonly Paragraph[] }) {
  return all.map((paragraph, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the paragraphs of two texts don't move
    <p key={i} className={paragraph.heading ? 'diff__p diff__p--heading' : 'diff__p'}>
      {paragraph.pieces.map((piece, j) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: nor do the words in them
        <Words key={j} piece={piece} />
      ))}
    </p>
  ))
}

function Words({ piece }: { piece: Piece }) {
  const { t, i18n } = useTranslation()
  if ('same' in piece) return piece.same
  return (
    <span data-change={piece.change} tabIndex={-1} className="diff__change">
      {piece.gone && (
        <del>
          <span className="sr" lang={i18n.language}>
            {t('versions.gone')}{' '}
          </span>
          {piece.gone}
        </del>
      )}
      {piece.came && (
        <ins>
          <span className="sr" lang={i18n.language}>
            {t('versions.came')}{' '}
          </span>
          {piece.came}
        </ins>
      )}
    </span>
  )
}
