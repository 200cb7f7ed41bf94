// What is being uploaded, at the bottom right of every view, and the questions before it begins.

import { ActionIcon, Button, Checkbox, Modal, MultiSelect, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useLocation, useNavigate } from '@tanstack/react-router'
import { type FormEvent, memo, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { locale } from '../i18n'
import { noteKinds } from '../note/kinds'
import { choose } from '../state/chosen'
import { participants } from '../state/queries'
import {
  cancel,
  clear,
  decline,
  enqueue,
  isUnderWay,
  offer,
  pause,
  resume,
  retry,
  tryAgain,
  type Upload,
  type Uploads,
  useUploads,
} from '../state/uploads'
import { Icon } from '../ui/icons'
import { useSentence } from '../ui/problem'
import { pick } from './files'
import { useSitePlaces } from './filters'
import './ask.css'
import './meter.css'
import './tray.css'

/** The tray of uploads and the dialog before them; each is there when there is something to show. */
export function UploadTray() {
  const uploads = useUploads()
  return (
    <>
      {uploads.files.length > 0 && <Tray uploads={uploads} />}
      {uploads.offered && <Offer key={uploads.offered.project} {...uploads.offered} />}
    </>
  )
}

function Tray({ uploads: { files, paused, lost } }: { uploads: Uploads }) {
  const { t } = useTranslation()
  const go = useNavigate()
  const sentence = useSentence()
  const [isFolded, setFolded] = useState(false)
  const left = files.filter(isUnderWay).length
  const refused = files.filter((u) => u.state === 'refused').length
  const made = files.filter((u) => u.state === 'created')
  const bytes = files.filter((u) => u.state !== 'refused').reduce((n, u) => n + u.file.size, 0)
  const sent = files.reduce((n, u) => n + (u.state === 'refused' ? 0 : u.sent), 0)
  const last = made.at(-1)

  // Whoever goes on to another view is done with what came in, and doesn't want it over their work.
  const view = useLocation({ select: (location) => location.pathname })
  const seen = useRef(view)
  useEffect(() => {
    if (seen.current === view) return
    seen.current = view
    if (left === 0 && refused === 0) clear()
    else setFolded(true)
  }, [view, left, refused])

  function chooseMade() {
    if (!last) return
    const notes = made.flatMap((u) => (u.project === last.project && u.note ? [u.note] : []))
    choose(last.project, new Set(notes))
    void go({ to: '/projects/$project', params: { project: last.project } })
  }

  return (
    <section className="tray card" aria-label={t('uploads.title')}>
      <header className="tray__head">
        <h2 className="grow">
          {left > 0 ? t('uploads.left', { count: left }) : t('uploads.done', { count: files.length - refused })}
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
        <ActionIcon
          variant="subtle"
          aria-label={t(isFolded ? 'uploads.unfold' : 'uploads.fold')}
          aria-expanded={!isFolded}
          onClick={() => setFolded(!isFolded)}
        >
          <Icon name={isFolded ? 'up' : 'down'} />
        </ActionIcon>
        {left === 0 && (
          <ActionIcon variant="subtle" aria-label={t('uploads.close')} onClick={clear}>
            <Icon name="close" />
          </ActionIcon>
        )}
      </header>
      {left > 0 && <progress className="tray__all" max={Math.max(bytes, 1)} value={sent} aria-label={t('uploads.title')} />}
      <p className="sr" role="status">
        {left === 0 && t('uploads.done', { count: files.length - refused })}
      </p>
      {lost && left > 0 && (
        <div className="tray__lost" role="alert">
          <p>{lost.problem ? sentence(lost) : t('uploads.lost')}</p>
          <Button size="xs" variant="default" onClick={tryAgain}>
            {t('app.retry')}
          </Button>
        </div>
      )}
      {!isFolded && (
        <ul className="tray__list">
          {files.map((u) => (
            <Line key={u.id} upload={u} paused={paused} />
          ))}
        </ul>
      )}
      {!isFolded && left === 0 && made.length > 0 && (
        <footer className="tray__foot">
          <Button size="xs" variant="default" onClick={chooseMade}>
            {t('uploads.choose', { count: made.length })}
          </Button>
        </footer>
      )}
    </section>
  )
}

const Line = memo(function Line({ upload: u, paused }: { upload: Upload; paused: boolean }) {
  const { t } = useTranslation()
  const name = u.file.name
  const words = {
    waiting: t(paused ? 'uploads.paused' : 'uploads.waiting'),
    sending: u.sent < u.file.size ? t('uploads.sending') : t('uploads.reading'),
    created: t('uploads.created'),
    known: t('uploads.known'),
    refused: u.tooLarge ? t('uploads.tooLarge') : u.reason,
  }[u.state]
  return (
    <li data-state={u.state}>
      <div className="grow">
        {u.note ? (
          <Link className="clip" to="/projects/$project/notes/$note" params={{ project: u.project, note: u.note }} title={name}>
            {name}
          </Link>
        ) : (
          <span className="clip" title={name}>
            {name}
          </span>
        )}
        {u.state === 'sending' && <progress max={Math.max(u.file.size, 1)} value={u.sent} aria-label={name} />}
        <p className="xs muted">{words}</p>
      </div>
      {u.state === 'refused' && !u.tooLarge && (
        <ActionIcon variant="subtle" aria-label={t('uploads.retry', { name })} onClick={() => retry(u.id)}>
          <Icon name="undo" />
        </ActionIcon>
      )}
      {(isUnderWay(u) || u.state === 'refused') && (
        <ActionIcon variant="subtle" aria-label={t('uploads.cancel', { name })} onClick={() => cancel(u.id)}>
          <Icon name="close" />
        </ActionIcon>
      )}
    </li>
  )
})

/** Asks what is to be said of all the notes that files become. */
function Offer({ project, files }: { project: string; files: File[] }) {
  const { t, i18n } = useTranslation()
  const places = useSitePlaces(project)
  const people = useQuery(participants(project)).data ?? []
  const [kind, setKind] = useState<string>('fieldNote')
  const [site, setSite] = useState('')
  const [named, setNamed] = useState<string[]>([])
  const [draft, setDraft] = useState(false)
  const size = new Intl.NumberFormat(locale(i18n.language), { style: 'unit', unit: 'megabyte', maximumFractionDigits: 1 })

  function begin(event: FormEvent) {
    event.preventDefault()
    enqueue(project, files, {
      kind,
      ...(site ? { siteId: site } : {}),
      ...(named.length > 0 ? { participantIds: named } : {}),
      ...(draft ? { draft } : {}),
    })
  }

  return (
    <Modal.Root opened onClose={decline}>
      <Modal.Overlay />
      <Modal.Content aria-label={t('uploads.offer')}>
        <Modal.Body>
          <form className="ask" onSubmit={begin}>
            <h2>{t('uploads.offer')}</h2>
            <p className="muted clip">
              {t('uploads.files', { count: files.length })}, {size.format(files.reduce((n, f) => n + f.size, 0) / 1e6)}
              {files.length < 4 && `: ${files.map((f) => f.name).join(', ')}`}
            </p>
            <Select
              label={t('column.kind')}
              data={noteKinds.map((k) => ({ value: k, label: t(`kind.${k}`) }))}
              value={kind}
              onChange={(v) => setKind(v ?? 'fieldNote')}
              allowDeselect={false}
            />
            <Select
              label={t('column.site')}
              placeholder={t('rail.noSite')}
              data={places}
              value={site || null}
              onChange={(v) => setSite(v ?? '')}
              clearable
              searchable
            />
            <MultiSelect
              label={t('column.participants')}
              data={people.map((p) => ({ value: p.id, label: p.pseudonym }))}
              value={named}
              onChange={setNamed}
              searchable
              nothingFoundMessage={t('sources.nothing')}
            />
            <Checkbox
              label={t('uploads.draft')}
              description={t('uploads.draftHint')}
              checked={draft}
              onChange={(event) => setDraft(event.currentTarget.checked)}
            />
            <p className="xs muted">{t('uploads.later')}</p>
            <div className="ask__end">
              <Button variant="subtle" onClick={() => pick(false, (more) => offer(project, more))}>
                {t('uploads.more')}
              </Button>
              <span className="grow" />
              <Button variant="default" onClick={decline}>
                {t('sources.cancel')}
              </Button>
              <Button type="submit" data-autofocus>
                {t('uploads.begin')}
              </Button>
            </div>
          </form>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}
