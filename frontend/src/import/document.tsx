import { Checkbox, Radio } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Upload, UploadedDocument } from '../api/uploads'
import { useProject } from '../shell/project'
import { wish } from '../state/import-choices'
import { readAgain } from '../state/imports'
import { notes } from '../state/queries'
import { useSentence } from '../ui/problem'
import { say } from '../ui/toast'
import { Facts } from './facts'
import { Fields } from './fields'
import type { Plan } from './plan'
import { PreviewText } from './preview-text'
import { Speakers } from './speakers'
import { Warnings } from './warnings'

/** A document: what it says, what its note is to be, and its text as it will be. */
export function DocumentFile({ plan, isOnly }: { plan: Plan; isOnly: boolean }) {
  const { upload } = plan
  const document = upload.document as UploadedDocument
  return (
    <>
      <Facts upload={upload} document={document} />
      {document.duplicateOf && <Duplicate plan={plan} note={document.duplicateOf} />}
      {document.versionOf && !document.duplicateOf && <Version plan={plan} version={document.versionOf} />}
      {document.noText && <Scan plan={plan} />}
      <Warnings warnings={document.warnings} />
      {plan.as === 'note' && <Fields plan={plan} isOnly={isOnly} />}
      <Reading upload={upload} document={document} plan={plan} />
      {document.speakers.length > 0 && <Speakers plan={plan} speakers={document.speakers} />}
      {!document.noText && <PreviewText upload={upload} language={plan.language} names={plan.speakers} />}
    </>
  )
}

function Duplicate({ plan, note }: { plan: Plan; note: string }) {
  const { t } = useTranslation()
  const { id } = useProject()
  const title = useQuery(notes(id)).data?.find((n) => n.id === note)?.title ?? plan.title
  return (
    <section className="import__ask">
      <p>
        {t('import.duplicate')}{' '}
        <Link to="/projects/$project/notes/$note" params={{ project: id, note }}>
          {title}
        </Link>
      </p>
      <p className="muted">{t('import.duplicateSkipped')}</p>
    </section>
  )
}

function Version({ plan, version }: { plan: Plan; version: NonNullable<UploadedDocument['versionOf']> }) {
  const { t } = useTranslation()
  const { id } = useProject()
  const { title, codings, kept, review } = version
  return (
    <Radio.Group
      className="import__ask"
      label={t('import.version', { title })}
      description={
        codings === 0 ? t('import.noCodings') : `${t('import.kept', { count: kept })} ${t('import.review', { count: review })}`
      }
      value={plan.as}
      onChange={(as) => wish(id, plan.upload.id, { as: as === 'version' ? 'version' : 'note' })}
    >
      <div className="import__choices">
        <Radio value="note" label={t('import.asNote')} />
        <Radio value="version" label={t('import.asVersion')} description={t('import.asVersionHint')} />
      </div>
    </Radio.Group>
  )
}

function Scan({ plan }: { plan: Plan }) {
  const { t } = useTranslation()
  const { id } = useProject()
  return (
    <Radio.Group
      className="import__ask"
      label={t('import.noText')}
      value={plan.isIn ? 'keep' : 'leave'}
      onChange={(as) => wish(id, plan.upload.id, { isIn: as === 'keep' })}
    >
      <div className="import__choices">
        <Radio value="keep" label={t('import.toTranscribe')} />
        <Radio value="leave" label={t('import.leaveOut')} />
      </div>
    </Radio.Group>
  )
}

/** How the words are read: as turns of speakers, and with the comments in the margin. */
function Reading({ upload, document, plan }: { upload: Upload; document: UploadedDocument; plan: Plan }) {
  const { t } = useTranslation()
  const { id } = useProject()
  const sentence = useSentence()
  const isCaptions = upload.format === 'vtt' || upload.format === 'srt'
  return (
    <div className="import__reading">
      {!isCaptions && !document.noText && (
        <Checkbox
          label={t('import.asTranscript')}
          description={t('import.asTranscriptHint')}
          checked={document.transcript}
          onChange={(event) => {
            const transcript = event.currentTarget.checked ? 'yes' : 'no'
            readAgain(id, upload, { transcript }).catch((error) => say(sentence(error)))
          }}
        />
      )}
      {document.comments > 0 && plan.as === 'note' && (
        <Checkbox
          label={t('import.comments', { count: document.comments })}
          checked={plan.comments === 'memos'}
          onChange={(event) => wish(id, upload.id, { comments: event.currentTarget.checked ? 'memos' : 'none' })}
        />
      )}
    </div>
  )
}
