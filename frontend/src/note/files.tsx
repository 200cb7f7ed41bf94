import { ActionIcon } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { locale } from '../i18n'
import { address, detach, filesOf, type NoteFile, save, wayOf } from '../state/files'
import { takeBackLast } from '../state/history'
import type { Note } from '../state/queries'
import { Dialog } from '../ui/dialog'
import { Icon } from '../ui/icons'
import { useSentence } from '../ui/problem'
import { say } from '../ui/toast'
import './files.css'

type Props = { project: string; note: Note; mayChange: boolean }

/** The files of a note: pictures to look at, and all to save. Recordings are played over the words. */
export function Files({ project, note, mayChange }: Props) {
  const { t, i18n } = useTranslation()
  const sentence = useSentence()
  const [shown, setShown] = useState<NoteFile>()
  const files = filesOf(note)
  const pictures = files.filter((f) => wayOf(f) === 'picture')
  const size = (bytes: number) =>
    new Intl.NumberFormat(locale(i18n.language), {
      style: 'unit',
      unit: bytes < 1e6 ? 'kilobyte' : 'megabyte',
      maximumFractionDigits: bytes < 1e6 || bytes > 1e7 ? 0 : 1,
    }).format(Math.max(bytes, 1000) / (bytes < 1e6 ? 1e3 : 1e6))
  const complain = (error: unknown) => say(sentence(error))

  function remove(file: NoteFile) {
    detach(project, note.id, file.id).then(
      () => say(t('files.removed', { name: file.name }), () => void takeBackLast(project, { record: note.id }).catch(complain)),
      complain,
    )
  }

  return (
    <section className="files sm" aria-label={t('files.title')}>
      {pictures.length > 0 && (
        <ul className="files__pictures">
          {pictures.map((file) => (
            <li key={file.id}>
              <button type="button" onClick={() => setShown(file)} aria-label={t('files.show', { name: file.name })}>
                <Picture project={project} note={note} file={file} />
              </button>
            </li>
          ))}
        </ul>
      )}
      <ul className="files__list">
        {files.map((file) => (
          <li key={file.id}>
            <button
              type="button"
              className="quiet clip"
              title={file.name}
              onClick={() => save(project, note, file).catch(complain)}
              aria-label={t('files.save', { name: file.name })}
            >
              <Icon name="download" /> <span className="clip">{file.name}</span>
            </button>
            <span className="muted xs">{size(file.size)}</span>
            {file.id !== note.file?.id && mayChange && (
              <ActionIcon variant="subtle" aria-label={t('files.remove', { name: file.name })} onClick={() => remove(file)}>
                <Icon name="close" />
              </ActionIcon>
            )}
          </li>
        ))}
      </ul>
      {shown && (
        <Dialog title={shown.name} size="xl" onClose={() => setShown(undefined)}>
          <div className="files__shown">
            <Picture project={project} note={note} file={shown} />
          </div>
        </Dialog>
      )}
    </section>
  )
}

function Picture({ project, note, file }: { project: string; note: Note; file: NoteFile }) {
  const { data, refetch } = useQuery(address(project, note, file))
  return data ? <img src={data} alt={file.name} loading="lazy" onError={() => void refetch()} /> : <span />
}
