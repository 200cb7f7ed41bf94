import { useTranslation } from 'react-i18next'
import type { Note } from '../state/queries'
import { changeNotes } from '../state/sources'
import { useSentence } from '../ui/problem'
import { say } from '../ui/toast'

/** Says that the words of a note are still in its file alone, until somebody says that they no more are. */
export function Waits({ project, note, mayChange }: { project: string; note: Note; mayChange: boolean }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  async function end() {
    const { refused } = await changeNotes(project, [{ note, change: { toTranscribe: false } }])
    if (refused[0]) say(sentence(refused[0].error))
  }
  return (
    <>
      <span className="page__waits">{t('note.toTranscribe')}</span>
      {mayChange && (
        <button type="button" className="quiet" onClick={() => void end()}>
          {t('note.isTranscribed')}
        </button>
      )}
    </>
  )
}
