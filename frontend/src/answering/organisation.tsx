import { Button, Select, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { cleaned } from '../state/answer'
import type { AnswerWindow } from '../state/answer-window'
import type { Organisation as Fields, SubmissionView } from '../state/answering'
import { organisationText } from '../state/answers'
import { Icon } from '../ui/icons'
import { Refusal } from './refusal'

const kinds = [
  'ministry',
  'agency',
  'region',
  'municipality',
  'health',
  'school',
  'university',
  'culture',
  'justice',
  'work',
  'utility',
  'other',
] as const

type Props = { view: SubmissionView; writing: AnswerWindow }

/** The public organisation that the answers are about: shown, or written. */
export function Organisation({ view, writing }: Props) {
  const { t } = useTranslation()
  const { submission } = view
  const row = writing.row(submission.id)
  const fields: Fields = row ? JSON.parse(row.text) : submission.organisation
  const [changing, setChanging] = useState(submission.organisation.name === '')
  const submitted = submission.handIn > 0
  const write = (change: Partial<Fields>) =>
    writing.write(
      'organisation',
      submission.id,
      { text: organisationText(submission.organisation), version: submission.version },
      organisationText({ ...fields, ...change }),
    )

  const refusal = row?.refused && (
    <Refusal
      refused={row.refused}
      text={[fields.name, fields.why].filter(Boolean).join('\n\n')}
      hidden={submitted}
      submission={submission.id}
      onDrop={() => void writing.drop(submission.id)}
      onRestore={() => write(fields)}
    />
  )

  if (changing && !submitted) {
    return (
      <section className="card ans__org ans__org--form" aria-labelledby="organisation">
        <h2 id="organisation">{t('answer.organisation.title')}</h2>
        {refusal}
        {row?.beside && (
          <Meanwhile
            theirs={submission.organisation}
            onMine={() =>
              void writing.insist(submission.id, { text: organisationText(submission.organisation), version: submission.version })
            }
            onTheirs={() => void writing.drop(submission.id)}
          />
        )}
        <div className="ans__orgfields">
          <TextInput
            id="organisation-name"
            label={t('answer.organisation.name')}
            placeholder={t('answer.organisation.nameHint')}
            maxLength={200}
            value={fields.name}
            onChange={(event) => write({ name: cleaned(event.currentTarget.value) })}
          />
          <Select
            label={t('answer.organisation.kind')}
            placeholder={t('answer.organisation.choose')}
            data={kinds.map((kind) => ({ value: kind, label: t(`organisationKind.${kind}`) }))}
            value={fields.kind || null}
            onChange={(kind) => write({ kind: (kind ?? '') as Fields['kind'] })}
          />
        </div>
        <Textarea
          label={t('answer.organisation.why')}
          placeholder={t('answer.organisation.whyHint')}
          autosize
          minRows={2}
          maxLength={5000}
          value={fields.why}
          onChange={(event) => write({ why: cleaned(event.currentTarget.value) })}
        />
        {fields.name.trim() !== '' && (
          <div className="row">
            <span className="grow" />
            <Button size="xs" variant="default" onClick={() => setChanging(false)}>
              {t('answer.organisation.done')}
            </Button>
          </div>
        )}
      </section>
    )
  }
  return (
    <section className="card ans__org" aria-labelledby="organisation">
      <span className="ans__orgmark">
        <Icon name="place" />
      </span>
      <div className="grow">
        <h2 id="organisation">{fields.name || t('answer.organisation.none')}</h2>
        {fields.kind && <p className="sm muted">{t(`organisationKind.${fields.kind}`)}</p>}
      </div>
      {!submitted && (
        <Button size="xs" variant="default" id="organisation-name" onClick={() => setChanging(true)}>
          {t('answer.organisation.change')}
        </Button>
      )}
      {fields.why && (
        <p className="sm ans__orgwhy">
          <b>{t('answer.organisation.whyThis')}</b> {fields.why}
        </p>
      )}
      {refusal}
    </section>
  )
}

/** What somebody else of the group wrote of the organisation meanwhile. */
function Meanwhile({ theirs, onMine, onTheirs }: { theirs: Fields; onMine: () => void; onTheirs: () => void }) {
  const { t } = useTranslation()
  const kind = theirs.kind && t(`organisationKind.${theirs.kind}`)
  return (
    <div className="ans__band" role="alert">
      <p className="grow">
        {t('answer.organisation.meanwhile')} <b>{[theirs.name, kind].filter(Boolean).join(', ')}</b> {theirs.why}
      </p>
      <div className="row wrap">
        <Button size="xs" variant="default" onClick={onMine}>
          {t('answer.organisation.mine')}
        </Button>
        <Button size="xs" variant="default" onClick={onTheirs}>
          {t('answer.organisation.theirs')}
        </Button>
      </div>
    </div>
  )
}
