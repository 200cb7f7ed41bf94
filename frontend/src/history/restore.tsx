import { Button, Modal } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { previewOfRestore, restoreText, takeBackLast } from '../state/history'
import { codes, everybody, type Note } from '../state/queries'
import { Lines, Problem, useSentence } from '../ui/problem'
import { Tile } from '../ui/tile'
import { say } from '../ui/toast'

type Props = { note: Note; textVersion: number; opened: boolean; onClose: () => void; onRestored: (version: number) => void }

/** Asks whether an earlier version is to be the text again, telling what happens to the codings. */
export function Restore({ note, textVersion, opened, onClose, onRestored }: Props) {
  const { t } = useTranslation()
  return (
    // Put together from its parts: the whole one has a header, which would be a second banner of the page.
    <Modal.Root opened={opened} onClose={onClose}>
      <Modal.Overlay />
      <Modal.Content aria-label={t('versions.restoreTitle', { n: textVersion })}>
        <Modal.Body>
          <Preview note={note} textVersion={textVersion} onClose={onClose} onRestored={onRestored} />
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}

/** How many quotes the preview shows. */
const most = 8

function Preview({ note: now, textVersion, onClose, onRestored }: Omit<Props, 'opened'>) {
  // What is previewed is what is sent: if the note is changed meanwhile, the server says so.
  const [note] = useState(now)
  const { t } = useTranslation()
  const sentence = useSentence()
  const [sending, setSending] = useState(false)
  const preview = useQuery({ ...previewOfRestore(note, textVersion), enabled: !sending })
  const book = useQuery(codes(note.spaceId)).data
  const people = useQuery(everybody(note.spaceId)).data
  const [fault, setFault] = useState<unknown>()
  const counts = preview.data?.codings

  async function restore() {
    setSending(true)
    setFault(undefined)
    try {
      await restoreText(note, textVersion)
      onClose()
      onRestored(note.textVersion + 1)
      say(t('versions.restored', { n: textVersion }), () => {
        takeBackLast(note.spaceId, { record: note.id }).then(
          () => say(t('history.undid')),
          (error) => say(sentence(error)),
        )
      })
    } catch (error) {
      setFault(error)
      setSending(false)
    }
  }

  return (
    <div className="restore">
      <h2>{t('versions.restoreTitle', { n: textVersion })}</h2>
      <p>{t('versions.restoreHint', { n: textVersion, next: note.textVersion + 1 })}</p>
      {preview.isPending && <Lines count={3} />}
      {preview.error && <Problem error={preview.error} again={() => void preview.refetch()} />}
      {counts && counts.kept + counts.moved + counts.review === 0 && <p>{t('versions.noCodings')}</p>}
      {counts && counts.kept + counts.moved > 0 && <p>{t('versions.stay', { count: counts.kept + counts.moved })}</p>}
      {counts && counts.review > 0 && <p>{t('versions.lose', { count: counts.review })}</p>}
      {preview.data && preview.data.review.length > 0 && (
        <ul>
          {preview.data.review.slice(0, most).map((coding) => {
            const code = book?.find((c) => c.id === coding.codeId)
            return (
              <li key={coding.id}>
                {code && <Tile code={code} />}
                <span>
                  <b>{code?.name}</b> <span className="muted">{people?.find((m) => m.userId === coding.coderId)?.name}</span>
                  <q>{coding.quote.slice(0, 160)}</q>
                </span>
              </li>
            )
          })}
        </ul>
      )}
      {counts && counts.review > most && <p className="muted">{t('versions.more', { count: counts.review - most })}</p>}
      {fault !== undefined && <Problem error={fault} />}
      <div className="row">
        <Button aria-disabled={sending || !preview.data} onClick={() => !sending && preview.data && void restore()}>
          {t('versions.restore', { n: textVersion })}
        </Button>
        <Button variant="default" onClick={onClose}>
          {t('versions.cancel')}
        </Button>
      </div>
    </div>
  )
}
