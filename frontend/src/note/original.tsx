import { useTranslation } from 'react-i18next'
import { originalOf } from '../state/originals'
import type { Note } from '../state/queries'
import { changeNotes } from '../state/sources'
import { Icon } from '../ui/icons'
import { useSentence } from '../ui/problem'
import { say } from '../ui/toast'

/** The file that a note was read from, and whether its words are still in it alone. */
export function Original({ project, note, mayWrite }: { project: string; note: Note; mayWrite: boolean }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  if (!note.file && !note.toTranscribe) return null
  return (
    <>
      {note.toTranscribe && <span className="page__waits">{t('note.toTranscribe')}</span>}
      {note.file && (
        <button
          type="button"
          className="quiet row"
          title={note.file.name}
          onClick={() =>
            void originalOf(project, note.id).then(
              (address) => location.assign(address),
              (error) => say(sentence(error)),
            )
          }
        >
          <Icon name="download" />
          <span className="clip">{note.file.name}</span>
        </button>
      )}
      {note.toTranscribe && mayWrite && (
        <button
          type="button"
          className="quiet"
          onClick={() =>
            void changeNotes(project, [{ note, change: { toTranscribe: false } }]).then(({ refused }) => {
              if (refused[0]) say(sentence(refused[0].error))
            })
          }
        >
          {t('note.isTranscribed')}
        </button>
      )}
    </>
  )
}
