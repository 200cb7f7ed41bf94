import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Ref } from 'react'
import { useTranslation } from 'react-i18next'
import { lastChange } from '../state/codebook'
import { type Code, everybody } from '../state/queries'
import type { CodeDraft, Field } from './form'
import { useFieldWords } from './words'

type Props = {
  ref: Ref<HTMLElement>
  project: string
  code: Code
  codes: readonly Code[]
  draft: CodeDraft
  fields: readonly Field[]
  onSettle: (field: Field, keep: boolean) => void
}

/** What somebody else wrote meanwhile, beside what was written here. */
export function Conflict({ ref, project, code, codes, draft, fields, onSettle }: Props) {
  const { t } = useTranslation()
  const inWords = useFieldWords(codes)
  const last = useQuery(lastChange(project, code.id, code.version)).data
  const people = useQuery(everybody(project)).data
  const who = people?.find((m) => m.userId === last?.actorId)?.name ?? t('codeEdit.somebody')
  return (
    <section className="clash" role="alert" tabIndex={-1} ref={ref}>
      <h3>{t('codeEdit.conflict', { who })}</h3>
      {fields.map((field) => (
        <div key={field} className="clash__field">
          <h4>{t(`codeEdit.${field}`)}</h4>
          <div className="clash__both">
            <div>
              <b className="xs muted">{t('codeEdit.theirs', { who })}</b>
              <p>{inWords(field, code[field])}</p>
              <Button variant="default" size="compact-sm" onClick={() => onSettle(field, false)}>
                {t('codeEdit.take')}
              </Button>
            </div>
            <div>
              <b className="xs muted">{t('codeEdit.mine')}</b>
              <p>{inWords(field, draft.mine[field])}</p>
              <Button variant="default" size="compact-sm" onClick={() => onSettle(field, true)}>
                {t('codeEdit.keep')}
              </Button>
            </div>
          </div>
        </div>
      ))}
    </section>
  )
}
