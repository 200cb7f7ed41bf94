import { useTranslation } from 'react-i18next'
import type { Committed, Upload } from '../api/uploads'
import { locale } from '../i18n'
import type { Sending } from '../state/uploads'
import { useSentence } from '../ui/problem'
import type { Line } from './use-import'

/** How a file stands: a word that says it to styles and tests, and the sentence for people. */
export type Standing = { state: string; words: string }

/** Tells how files stand. */
export function useStanding({ upload, sending, imported, plan }: Line, paused: boolean): Standing {
  const { t, i18n } = useTranslation()
  const sentence = useSentence()
  const percent = new Intl.NumberFormat(locale(i18n.language), { style: 'percent' })

  if (imported) return { state: imported.status, words: became(imported) }
  if (sending && sending.state !== 'sent') return { state: sending.state, words: onItsWay(sending) }
  if (!upload) return { state: 'reading', words: t('uploads.reading') }
  switch (upload.state) {
    case 'receiving':
      return sending
        ? { state: 'reading', words: t('uploads.reading') }
        : { state: 'stopped', words: t('import.stopped', { share: percent.format(upload.received / Math.max(upload.size, 1)) }) }
    case 'reading':
      return { state: 'reading', words: t('uploads.reading') }
    case 'refused':
      return { state: 'refused', words: sentence(upload.problem) }
    default:
      return { state: 'ready', words: understood(upload) }
  }

  function became({ status, notes, sites, participants, problem }: Committed): string {
    if (status === 'refused') return sentence(problem)
    const many = [
      notes > 1 && t('import.notes', { count: notes }),
      sites > 0 && t('import.sites', { count: sites }),
      participants > 0 && t('import.participants', { count: participants }),
    ].filter(Boolean)
    const words = upload?.table && many.length > 0 ? many.join(', ') : t(`imported.${status}`)
    return problem ? `${words}. ${sentence(problem)}` : words
  }

  function onItsWay({ state, sent, file, tooLarge, reason }: Sending): string {
    if (state === 'refused') return tooLarge ? t('uploads.tooLarge') : sentence(reason)
    if (state === 'waiting') return t(paused ? 'uploads.paused' : 'uploads.waiting')
    return t('uploads.sending', { share: percent.format(Math.min(sent / Math.max(file.size, 1), 1)) })
  }

  function understood({ document, table, archive, format }: Upload): string {
    if (archive) return t('import.inArchive', { count: archive.files })
    if (table) {
      return plan && plan.questions > 0
        ? t('import.questions', { count: plan.questions })
        : t('import.rows', { count: table.rows })
    }
    if (document?.duplicateOf) return t('import.known')
    if (document?.versionOf) return t('import.newer', { title: document.versionOf.title })
    if (document?.noText) return t('import.scan')
    if (document) return t(document.transcript ? 'import.transcript' : 'import.words', { count: document.words })
    return t(`fileFormat.${format || 'unknown'}`)
  }
}
