import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Exercise } from '../state/exercises'
import { useSentence } from '../ui/problem'
import { say } from '../ui/toast'
import { inLanguage } from './bilingual'
import { momentOf } from './due'
import { useDueWords } from './due-words'
import type { Field, Form, Lack } from './exercise-form'
import type { ExerciseDraft } from './use-exercise-draft'

/** Whether all is saved, and what stands in the way of it. */
export function SaveBar({ draft, lacking }: { draft: ExerciseDraft; lacking: readonly Lack[] }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const { isUnsaved, clash, fault, busy, discard } = draft

  function letGo() {
    const back = discard()
    say(t('exerciseSave.discarded'), back)
  }

  return (
    <footer className="save">
      {fault !== undefined && (
        <p className="problem" role="alert">
          {sentence(fault)} {t('exerciseSave.kept')}
        </p>
      )}
      {lacking.length > 0 && (
        <div className="problem" role="alert">
          <p>{t('exerciseLack.lead')}</p>
          <ul>
            {lacking.map((lack) => (
              <li key={lack}>{t(`exerciseLack.${lack}`)}</li>
            ))}
          </ul>
        </div>
      )}
      <div className="row save__line">
        <span className="grow sm muted" role="status">
          {t(clash.length > 0 ? 'exerciseSave.clashed' : isUnsaved ? 'exerciseSave.unsaved' : 'exerciseSave.all')}
        </span>
        {isUnsaved && (
          <Button variant="default" onClick={letGo}>
            {t('exerciseSave.discard')}
          </Button>
        )}
        <Button type="submit" loading={busy} disabled={!isUnsaved}>
          {t('exerciseSave.save')}
        </Button>
      </div>
    </footer>
  )
}

/** Says that somebody else saved the same meanwhile, and asks which stands. */
export function Clash({ draft, theirs }: { draft: ExerciseDraft; theirs: Exercise }) {
  const { t } = useTranslation()
  const inWords = useFieldWords()
  return (
    <section className="clash" role="alert" tabIndex={-1}>
      <p>{t('exerciseSave.clash')}</p>
      <table className="clash__both">
        <thead>
          <tr>
            <td />
            <th scope="col">{t('exerciseSave.theirs')}</th>
            <th scope="col">{t('exerciseSave.mine')}</th>
          </tr>
        </thead>
        <tbody>
          {draft.clash.map((field) => (
            <tr key={field}>
              <th scope="row">{t(`exerciseField.${field}`)}</th>
              <td>{inWords(field, theirs)}</td>
              <td>{inWords(field, draft.form)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className="row">
        <Button variant="default" size="compact-sm" onClick={() => draft.settle(false)}>
          {t('exerciseSave.take')}
        </Button>
        <Button variant="default" size="compact-sm" onClick={() => draft.settle(true)}>
          {t('exerciseSave.keep')}
        </Button>
      </div>
    </section>
  )
}

/** What is written in a field, for people. */
function useFieldWords(): (field: Field, form: Form) => string {
  const { t, i18n } = useTranslation()
  const words = useDueWords()
  return (field, form) => {
    const value = form[field]
    switch (field) {
      case 'title':
      case 'instructions':
        return [form[field].en, form[field].da].filter(Boolean).join(' / ')
      case 'prompts':
        return form.prompts.map(({ title }, i) => `${i + 1}. ${inLanguage(title, i18n.language)}`).join(' · ')
      case 'work':
        return t(`exerciseSet.${form.work}`)
      case 'dueAt': {
        const moment = momentOf(form.dueAt, form.timeZone)
        return moment ? words(moment.at, form.timeZone).there : t('exerciseFact.noDue')
      }
      default:
        return typeof value === 'boolean' ? t(value ? 'exerciseSave.yes' : 'exerciseSave.no') : String(value)
    }
  }
}
