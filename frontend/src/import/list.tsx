import { ActionIcon } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { type KeyboardEvent, memo, useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { useProject } from '../shell/project'
import { wish } from '../state/import-choices'
import { retry, takeOut } from '../state/uploading'
import { isUnderWay, useUploads } from '../state/uploads'
import { Icon } from '../ui/icons'
import { useSentence } from '../ui/problem'
import { say } from '../ui/toast'
import type { Line } from './use-import'
import { useStanding } from './use-standing'

type Props = { lines: readonly Line[]; shown: string | undefined; onChoose: (file: string) => void }

/** The files with how each stands. The arrows walk through it. */
export function FileList({ lines, shown, onChoose }: Props) {
  const { t } = useTranslation()
  const { id } = useProject()
  const sentence = useSentence()
  const { paused } = useUploads()
  const out = useCallback(
    (line: Line) => {
      takeOut(id, line.sending ? [line.sending.key] : [], line.upload ? [line.upload.id] : []).catch((error) =>
        say(sentence(error)),
      )
    },
    [id, sentence],
  )
  function walk(event: KeyboardEvent<HTMLElement>) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (!step || !(event.target instanceof HTMLElement)) return
    const control = event.target.closest<HTMLElement>('[data-part]')?.dataset.part
    const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('li[data-file]')]
    const next = rows[rows.findIndex((row) => row.contains(event.target as Node)) + step]
    if (!control || !next?.dataset.file) return
    event.preventDefault()
    onChoose(next.dataset.file)
    const same = next.querySelector<HTMLElement>(`[data-part=${control}]:not(:disabled)`)
    ;(same ?? next.querySelector<HTMLElement>('[data-part=name]'))?.focus()
  }
  return (
    <ul className="import__list" aria-label={t('import.files')} onKeyDown={walk}>
      {lines.map((line) => (
        <Row
          key={line.id}
          project={id}
          line={line}
          isShown={line.id === shown}
          paused={paused}
          onChoose={onChoose}
          onTakeOut={out}
        />
      ))}
    </ul>
  )
}

type RowProps = {
  project: string
  line: Line
  isShown: boolean
  paused: boolean
  onChoose: Props['onChoose']
  onTakeOut: (line: Line) => void
}

const Row = memo(function Row({ project, line, isShown, paused, onChoose, onTakeOut }: RowProps) {
  const { t } = useTranslation()
  const { words, state } = useStanding(line, paused)
  const { id, name, plan, sending, imported, upload } = line
  const isThrough = imported !== undefined && imported.status !== 'refused'
  const note = isThrough ? imported.noteId : undefined
  // One row at a time takes part in tabbing; the arrows lead to the others.
  const tab = isShown ? 0 : -1
  const progress = sending && isUnderWay(sending) ? sending.sent : undefined
  return (
    <li data-file={id} data-state={state} data-inner={line.inArchive || undefined} aria-current={isShown ? 'true' : undefined}>
      {isThrough || upload?.archive ? (
        <span className="import__mark">
          <Icon name={isThrough ? 'check' : 'document'} />
        </span>
      ) : (
        <label className="import__tick">
          <input
            type="checkbox"
            data-part="box"
            tabIndex={tab}
            aria-label={t('import.choose', { name })}
            checked={plan?.isIn ?? false}
            disabled={!plan?.isReady}
            onChange={(event) => wish(project, id, { isIn: event.currentTarget.checked })}
          />
        </label>
      )}
      <div className="grow">
        <button type="button" className="import__name" data-part="name" tabIndex={tab} title={name} onClick={() => onChoose(id)}>
          <span className="clip">{name}</span>
          <span className="xs muted">{words}</span>
        </button>
        {progress !== undefined && <progress max={Math.max(sending?.file.size ?? 1, 1)} value={progress} aria-label={name} />}
      </div>
      {note && (
        <Link className="import__to" to="/projects/$project/notes/$note" params={{ project, note }} tabIndex={tab} data-part="to">
          {t('import.openNote')}
          <span className="sr"> {name}</span>
        </Link>
      )}
      {sending?.state === 'refused' && !sending.tooLarge && (
        <ActionIcon
          variant="subtle"
          tabIndex={tab}
          data-part="retry"
          aria-label={t('uploads.retry', { name })}
          onClick={() => retry(sending.key)}
        >
          <Icon name="undo" />
        </ActionIcon>
      )}
      {!isThrough && (
        <ActionIcon
          variant="subtle"
          tabIndex={tab}
          data-part="out"
          aria-label={t('uploads.cancel', { name })}
          onClick={() => onTakeOut(line)}
        >
          <Icon name="close" />
        </ActionIcon>
      )}
    </li>
  )
})
