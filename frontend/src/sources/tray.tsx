// Files on their way, at the bottom right of every view but the one where they are looked at.

import { ActionIcon, Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useLocation } from '@tanstack/react-router'
import { memo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { locale } from '../i18n'
import { uploads as openUploads } from '../state/imports'
import { clear, pause, resume, retry, takeOut, tryAgain } from '../state/uploading'
import { isUnderWay, type Sending, type Uploads, useUploads } from '../state/uploads'
import { Icon } from '../ui/icons'
import { useSentence } from '../ui/problem'
import { say } from '../ui/toast'
import './meter.css'
import './tray.css'

/** The tray of files, while there is something to tell of them. */
export function UploadTray() {
  const uploads = useUploads()
  const project = uploads.importing?.project ?? uploads.files.at(-1)?.project
  const isLookedAt = useLocation({ select: ({ pathname }) => pathname.endsWith('/import') })
  if (!project || isLookedAt) return null
  return <Tray project={project} uploads={uploads} />
}

function Tray({ project, uploads: { files, paused, lost, importing } }: { project: string; uploads: Uploads }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const [isFolded, setFolded] = useState(true)
  const open = useQuery(openUploads(project)).data ?? []
  const left = files.filter(isUnderWay).length
  const refused = files.filter((f) => f.state === 'refused').length
  const reading = open.filter((u) => u.state === 'reading').length
  const waiting = open.filter((u) => u.state === 'ready' && !u.archive).length
  const bytes = files.reduce((n, f) => n + (f.state === 'refused' ? 0 : f.file.size), 0)
  const sent = files.reduce((n, f) => n + (f.state === 'refused' ? 0 : f.sent), 0)
  const shown = files.filter((f) => f.state !== 'sent')
  const head = importing
    ? t('uploads.importing', { done: importing.done, all: importing.all })
    : left > 0
      ? t('uploads.left', { count: left })
      : reading > 0
        ? t('uploads.beingRead', { count: reading })
        : t('uploads.done', { count: files.length - refused })
  return (
    <section className="tray card" aria-label={t('uploads.title')}>
      <header className="tray__head">
        <h2 className="grow">
          {head}
          {refused > 0 && <span className="muted">, {t('uploads.refused', { count: refused })}</span>}
        </h2>
        {left > 0 && (
          <ActionIcon
            variant="subtle"
            aria-label={t(paused ? 'uploads.resume' : 'uploads.pause')}
            onClick={paused ? resume : pause}
          >
            <Icon name={paused ? 'play' : 'pause'} />
          </ActionIcon>
        )}
        {shown.length > 0 && (
          <ActionIcon
            variant="subtle"
            aria-label={t(isFolded ? 'uploads.unfold' : 'uploads.fold')}
            aria-expanded={!isFolded}
            onClick={() => setFolded(!isFolded)}
          >
            <Icon name={isFolded ? 'up' : 'down'} />
          </ActionIcon>
        )}
        {left === 0 && !importing && (
          <ActionIcon variant="subtle" aria-label={t('uploads.close')} onClick={clear}>
            <Icon name="close" />
          </ActionIcon>
        )}
      </header>
      {left > 0 && <progress className="tray__all" max={Math.max(bytes, 1)} value={sent} aria-label={t('uploads.title')} />}
      {importing && (
        <progress className="tray__all" max={Math.max(importing.all, 1)} value={importing.done} aria-label={t('uploads.title')} />
      )}
      <p className="sr" role="status">
        {left === 0 && head}
      </p>
      {lost && left > 0 && (
        <div className="tray__lost" role="alert">
          <p>{lost.problem ? sentence(lost) : t('uploads.lost')}</p>
          <Button size="xs" variant="default" onClick={tryAgain}>
            {t('app.retry')}
          </Button>
        </div>
      )}
      {!isFolded && shown.length > 0 && (
        <ul className="tray__list">
          {shown.map((f) => (
            <Line key={f.key} sending={f} paused={paused} />
          ))}
        </ul>
      )}
      <footer className="tray__foot">
        <Link to="/projects/$project/import" params={{ project }} search={{}}>
          {waiting > 0 ? t('uploads.look', { count: waiting }) : t('uploads.lookAtAll')}
        </Link>
      </footer>
    </section>
  )
}

const Line = memo(function Line({ sending, paused }: { sending: Sending; paused: boolean }) {
  const { t, i18n } = useTranslation()
  const sentence = useSentence()
  const { key, project, file, state, sent, upload } = sending
  const name = file.name
  const share = new Intl.NumberFormat(locale(i18n.language), { style: 'percent' }).format(sent / Math.max(file.size, 1))
  const words = {
    waiting: t(paused ? 'uploads.paused' : 'uploads.waiting'),
    sending: t('uploads.sending', { share }),
    sent: t('uploads.reading'),
    refused: sending.tooLarge ? t('uploads.tooLarge') : sending.reason && sentence(sending.reason),
  }[state]
  return (
    <li data-state={state}>
      <div className="grow">
        <span className="clip" title={name}>
          {name}
        </span>
        {state === 'sending' && <progress max={Math.max(file.size, 1)} value={sent} aria-label={name} />}
        <p className="xs muted">{words}</p>
      </div>
      {state === 'refused' && !sending.tooLarge && (
        <ActionIcon variant="subtle" aria-label={t('uploads.retry', { name })} onClick={() => retry(key)}>
          <Icon name="undo" />
        </ActionIcon>
      )}
      <ActionIcon
        variant="subtle"
        aria-label={t('uploads.cancel', { name })}
        onClick={() => takeOut(project, [key], upload ? [upload] : []).catch((error) => say(sentence(error)))}
      >
        <Icon name="close" />
      </ActionIcon>
    </li>
  )
})
