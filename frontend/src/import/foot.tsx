import { Button } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useProject } from '../shell/project'
import { choose } from '../state/chosen'
import { forgetChoices } from '../state/import-choices'
import { forgetImported, importUploads } from '../state/imports'
import { pause, resume, takeOut, tryAgain } from '../state/uploading'
import { isUnderWay, offer, useUploads } from '../state/uploads'
import type { Choices } from '../state/wishes'
import { useSentence } from '../ui/problem'
import { say } from '../ui/toast'
import { items, type Plan } from './plan'
import type { Line } from './use-import'

type Props = { lines: readonly Line[]; plans: readonly Plan[]; choices: Choices }

/** What is done with the files: imported, or let go. */
export function Foot({ lines, plans, choices }: Props) {
  const { t } = useTranslation()
  const { id } = useProject()
  const sentence = useSentence()
  const { importing, paused, lost } = useUploads()
  const [fault, setFault] = useState<unknown>()
  const isImporting = importing?.project === id
  const going = plans.filter((p) => p.isIn)
  const through = lines.filter((line) => line.imported && line.imported.status !== 'refused')
  const isDone = going.length === 0 && through.length > 0
  const underWay = lines.filter((line) => line.sending && isUnderWay(line.sending)).length
  const reading = lines.filter((line) => line.upload?.state === 'reading').length

  function begin() {
    if (going.length === 0 || isImporting) return
    setFault(undefined)
    importUploads(id, items(plans, choices)).catch(setFault)
  }

  return (
    <footer className="import__foot">
      {(lost || fault !== undefined) && (
        <div className="import__lost" role="alert">
          <p>{fault !== undefined ? sentence(fault) : lost?.problem ? sentence(lost) : t('uploads.lost')}</p>
          {fault === undefined && (
            <Button size="xs" variant="default" onClick={tryAgain}>
              {t('app.retry')}
            </Button>
          )}
        </div>
      )}
      <div className="import__foot-row">
        <p className="grow" role="status">
          {isImporting
            ? t('import.through', { done: importing.done, all: importing.all })
            : [
                through.length > 0 && t('import.done', { count: through.length }),
                underWay > 0 && t(paused ? 'import.held' : 'import.underWay', { count: underWay }),
                reading > 0 && t('import.reading', { count: reading }),
              ]
                .filter(Boolean)
                .join(' ')}
        </p>
        {underWay > 0 && (
          <Button variant="subtle" onClick={paused ? resume : pause}>
            {t(paused ? 'uploads.resume' : 'uploads.pause')}
          </Button>
        )}
        {!isImporting && <LetGo lines={lines} />}
        {isDone ? <Onwards lines={through} /> : <Begin count={going.length} isBusy={isImporting} onBegin={begin} />}
      </div>
    </footer>
  )
}

/** Begins the import. It has the focus when one comes to the view, so that Enter does. */
function Begin({ count, isBusy, onBegin }: { count: number; isBusy: boolean; onBegin: () => void }) {
  const { t } = useTranslation()
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => button.current?.focus({ preventScroll: true }), [])
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return
      event.preventDefault()
      button.current?.click()
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [])
  // It keeps the focus while there is nothing to import yet, which a disabled one can't.
  const isWaiting = count === 0 || isBusy
  return (
    <Button ref={button} data-disabled={isWaiting || undefined} aria-disabled={isWaiting} onClick={onBegin}>
      {count === 0 ? t('import.begin') : t('import.beginWith', { count })}
    </Button>
  )
}

/** Lets go of what isn't imported. Files that this window has at hand can be taken back. */
function LetGo({ lines }: { lines: readonly Line[] }) {
  const { t } = useTranslation()
  const { id } = useProject()
  const go = useNavigate()
  const sentence = useSentence()
  const left = lines.filter((line) => !line.imported || line.imported.status === 'refused')
  if (left.length === 0) return null

  function letGo() {
    const found = left.flatMap(({ sending }) => (sending ? [{ file: sending.file, path: sending.path }] : []))
    const isAtHand = left.every((line) => line.sending || line.inArchive)
    const keys = left.flatMap(({ sending }) => sending?.key ?? [])
    const ids = left.flatMap(({ upload, inArchive }) => (upload && !inArchive ? upload.id : []))
    takeOut(id, keys, ids)
      .then(() => {
        const back = () => {
          void go({ to: '/projects/$project/import', params: { project: id }, search: {} })
          void offer(id, found)
        }
        say(t('import.cancelled', { count: left.length }), isAtHand ? back : undefined)
        forgetChoices(id)
        if (left.length === lines.length) void go({ to: '/projects/$project', params: { project: id } })
      })
      .catch((error) => say(sentence(error)))
  }

  return (
    <Button variant="default" onClick={letGo}>
      {left.length === lines.length ? t('sources.cancel') : t('import.letGo', { count: left.length })}
    </Button>
  )
}

/** Where one goes when the files are in. */
function Onwards({ lines }: { lines: readonly Line[] }) {
  const { t } = useTranslation()
  const { id } = useProject()
  const go = useNavigate()
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => button.current?.focus({ preventScroll: true }), [])
  const notes = [...new Set(lines.flatMap((line) => line.imported?.noteId ?? []))]
  const [only] = notes
  const isTable = lines.some((line) => line.upload?.table)
  function leave() {
    forgetImported(id)
    forgetChoices(id)
  }
  function onwards() {
    leave()
    if (only && notes.length === 1 && !isTable)
      void go({ to: '/projects/$project/notes/$note', params: { project: id, note: only } })
    else {
      choose(id, new Set(notes))
      void go({ to: '/projects/$project', params: { project: id } })
    }
  }
  return (
    <>
      <Link className="import__to" to="/projects/$project" params={{ project: id }} onClick={leave}>
        {t('import.toSources')}
      </Link>
      {notes.length > 0 && !isTable && (
        <Button ref={button} onClick={onwards}>
          {notes.length === 1 ? t('import.openTheNote') : t('uploads.choose', { count: notes.length })}
        </Button>
      )}
    </>
  )
}
