import { Checkbox, NumberInput, Radio, Switch } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { forest, living, walk } from '../codebook/tree'
import { Section } from '../settings/form'
import { Missing } from '../shell/frame'
import { exerciseCodes } from '../state/exercises'
import { say } from '../ui/toast'
import { BilingualField } from './bilingual-field'
import { useCourse } from './course-frame'
import { DueField } from './due-field'
import { lacks } from './exercise-form'
import { useExercise, useTitle } from './exercise-frame'
import { Extensions } from './extensions'
import { Opening } from './opening'
import { PromptsField } from './prompts-field'
import { Clash, SaveBar } from './save-bar'
import { type ExerciseDraft, useExerciseDraft } from './use-exercise-draft'
import './exercises.css'

/** Where an exercise is set up: what is asked, how it is answered, and when. */
export function SetUp() {
  const { t } = useTranslation()
  const { may } = useCourse()
  const exercise = useExercise()
  const { title, lang } = useTitle()(exercise)
  const draft = useExerciseDraft(exercise)
  const [isTried, setTried] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  const lacking = lacks(draft.form)
  if (!may('manageExercises')) return <Missing />

  async function submit(event: FormEvent) {
    event.preventDefault()
    setTried(true)
    if (lacking.length > 0 || draft.clash.length > 0) {
      // What is in the way stands there once this has been drawn.
      requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('.clash, [aria-invalid="true"]')?.focus())
      return
    }
    if (await draft.save()) {
      setTried(false)
      say(t('exerciseSave.saved'))
    }
  }

  return (
    <main className="view" id="text" tabIndex={-1}>
      <div className="teach">
        <h1 lang={lang}>{title}</h1>
        <Opening exercise={exercise} may />
        <form ref={form} noValidate onSubmit={(event) => void submit(event)}>
          {draft.clash.length > 0 && <Clash draft={draft} theirs={exercise} />}
          <About draft={draft} isTried={isTried} />
          <Asked draft={draft} isTried={isTried} exercise={exercise.id} />
          <Answering draft={draft} isTried={isTried} />
          <Section id="due" title={t('exerciseSet.due')} lead={t('exerciseSet.dueLead')}>
            <DueField value={draft.form} onChange={draft.set} />
          </Section>
          <Afterwards draft={draft} />
          <SaveBar draft={draft} lacking={isTried ? lacking : []} />
        </form>
        <Extensions exercise={exercise} />
      </div>
    </main>
  )
}

type PartProps = { draft: ExerciseDraft; isTried: boolean }

/** What an exercise is called, and what it says before its prompts. */
function About({ draft: { form, set }, isTried }: PartProps) {
  const { t } = useTranslation()
  const isUntitled = isTried && lacks(form).includes('title')
  return (
    <Section id="about" title={t('exerciseSet.about')} lead={t('exerciseSet.aboutLead')}>
      <BilingualField
        label={(tongue) => t(`exerciseTitle.${tongue}`)}
        value={form.title}
        error={isUntitled && t('exerciseLack.title')}
        onChange={(title) => set({ title })}
      />
      <BilingualField
        label={(tongue) => t(`exerciseInstructions.${tongue}`)}
        value={form.instructions}
        isLong
        onChange={(instructions) => set({ instructions })}
      />
    </Section>
  )
}

/** The prompts. */
function Asked({ draft: { form, set }, isTried, exercise }: PartProps & { exercise: string }) {
  const { t } = useTranslation()
  const codes = useQuery(exerciseCodes(exercise)).data ?? []
  return (
    <Section id="prompts" title={t('exerciseSet.prompts')} lead={t('exerciseSet.promptsLead')}>
      <PromptsField
        prompts={form.prompts}
        codes={walk(living(forest(codes))).flatMap(({ code }) => (code.archived ? [] : [code]))}
        isTried={isTried}
        onChange={(by) => set(({ prompts }) => ({ prompts: by(prompts) }))}
      />
    </Section>
  )
}

/** Who answers, how long an answer is, and what evidence it needs. */
function Answering({ draft: { form, set }, isTried }: PartProps) {
  const { t } = useTranslation()
  const lacking = isTried ? lacks(form) : []
  const number = (field: 'minWords' | 'maxWords' | 'passages', max: number) => ({
    label: t(`exerciseSet.${field}`),
    min: 0,
    max,
    allowDecimal: false,
    allowNegative: false,
    value: form[field],
    onChange: (n: number | string) => set({ [field]: Number(n) || 0 }),
  })
  return (
    <Section id="answering" title={t('exerciseSet.answering')} lead={t('exerciseSet.answeringLead')}>
      <Radio.Group
        label={t('exerciseSet.work')}
        value={form.work}
        onChange={(work) => set({ work: work === 'group' ? 'group' : 'individual' })}
      >
        <div className="several-lines">
          <Radio value="individual" label={t('exerciseSet.individual')} />
          <Radio value="group" label={t('exerciseSet.group')} description={t('exerciseSet.groupHint')} />
        </div>
      </Radio.Group>
      <div className="row numbers">
        <NumberInput {...number('minWords', 10_000)} description={t('exerciseSet.noneIsZero')} />
        <NumberInput
          {...number('maxWords', 10_000)}
          description={t('exerciseSet.noneIsZero')}
          error={lacking.includes('words') && t('exerciseLack.words')}
        />
        <NumberInput {...number('passages', 50)} description={t('exerciseSet.passagesHint')} />
      </div>
      <Checkbox
        label={t('exerciseSet.reasons')}
        description={t('exerciseSet.reasonsHint')}
        checked={form.reasons}
        onChange={(event) => set({ reasons: event.currentTarget.checked })}
      />
      <fieldset className="several-lines evidence-from">
        <legend>{t('exerciseSet.sources')}</legend>
        {(['released', 'ownNotes', 'web'] as const).map((source) => (
          <Checkbox
            key={source}
            label={t(`exerciseSet.${source}`)}
            description={t(`exerciseSet.${source}Hint`)}
            checked={form[source]}
            error={lacking.includes('sources')}
            onChange={(event) => set({ [source]: event.currentTarget.checked })}
          />
        ))}
      </fieldset>
    </Section>
  )
}

/** What others see once answers are submitted. */
function Afterwards({ draft: { form, set } }: { draft: ExerciseDraft }) {
  const { t } = useTranslation()
  return (
    <Section id="afterwards" title={t('exerciseSet.afterwards')}>
      <Switch
        label={t('exerciseSet.shown')}
        description={t('exerciseSet.shownHint')}
        checked={form.shownToClass}
        onChange={(event) => set({ shownToClass: event.currentTarget.checked })}
      />
      <Switch
        label={t('exerciseSet.named')}
        description={t('exerciseSet.namedHint')}
        disabled={!form.shownToClass}
        checked={form.namesShown}
        onChange={(event) => set({ namesShown: event.currentTarget.checked })}
      />
    </Section>
  )
}
