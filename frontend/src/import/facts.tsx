import { Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Upload, UploadedDocument } from '../api/uploads'
import { locale } from '../i18n'
import { useProject } from '../shell/project'
import { readAgain } from '../state/imports'
import { useSentence } from '../ui/problem'
import { say } from '../ui/toast'
import { encodings } from './encodings'

/** What a file says of itself. */
export function Facts({ upload, document }: { upload: Upload; document: UploadedDocument }) {
  const { t, i18n } = useTranslation()
  const day = new Intl.DateTimeFormat(locale(i18n.language), { dateStyle: 'medium' })
  const { author, createdAt, changedAt, words, pages } = document
  const facts: [string, string | false][] = [
    [t('import.format'), t(`fileFormat.${upload.format || 'unknown'}`)],
    [t('import.author'), author],
    [t('import.created'), createdAt !== null && day.format(new Date(createdAt))],
    [t('import.changed'), changedAt !== null && day.format(new Date(changedAt))],
    [t('import.length'), !document.noText && t('import.words', { count: words })],
    [t('import.pages'), pages > 0 && new Intl.NumberFormat(locale(i18n.language)).format(pages)],
  ]
  return (
    <div className="import__facts">
      <dl>
        {facts.map(
          ([name, value]) =>
            value && (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
      {upload.encoding && <Encoding upload={upload} />}
    </div>
  )
}

/** The encoding that a text was read in; another one reads it again. */
export function Encoding({ upload }: { upload: Upload }) {
  const { t } = useTranslation()
  const { id } = useProject()
  const sentence = useSentence()
  const now = upload.encoding.toLowerCase()
  const data = encodings.includes(now) ? encodings : [now, ...encodings]
  return (
    <Select
      label={t('import.encoding')}
      description={t('import.encodingHint')}
      data={data}
      value={now}
      allowDeselect={false}
      onChange={(encoding) => {
        if (encoding && encoding !== now) readAgain(id, upload, { encoding }).catch((error) => say(sentence(error)))
      }}
    />
  )
}
