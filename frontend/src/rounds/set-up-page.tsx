import { Button, NumberInput, Radio, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { members, type Round } from '../state/queries'
import { deleteRound, restoreRound } from '../state/rounds'
import { useSentence } from '../ui/problem'
import { say } from '../ui/toast'
import { AssignmentPart } from './assignment'
import { CodersPart } from './choose-coders'
import { CodesPart } from './choose-codes'
import { NotesPart } from './choose-notes'
import { Part } from './part'
import { Start } from './start'
import { Way } from './states'
import { type Clash, useSetUp } from './use-set-up'
import './set-up.css'

/** Where a round is set up: everything saves itself until it goes blind. */
export function SetUpPage({ saved }: { saved: Round }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const go = useNavigate()
  const { round, change, save, state, fault, clash, settle } = useSetUp(saved)
  const project = saved.spaceId

  async function remove() {
    try {
      const now = await save()
      if (!now) return
      await deleteRound(now)
      await go({ to: '/projects/$project/rounds', params: { project } })
      say(t('setUp.deleted', { name: now.name }), () => {
        restoreRound(now).catch((error) => say(sentence(error)))
      })
    } catch (error) {
      say(sentence(error))
    }
  }

  return (
    <>
      <header className="row rounds__head">
        <h1 className="grow">{round.name.trim() || t('setUp.unnamed')}</h1>
        <span className="xs muted" role="status">
          {state === 'kept' ? t('kept.here') : t(state === 'saving' ? 'note.saving' : 'note.saved')}
        </span>
        <Button variant="subtle" onClick={() => void remove()}>
          {t('setUp.delete')}
        </Button>
      </header>
      <Way round={round} />
      {clash && <ClashBand clash={clash} onSettle={settle} />}
      {fault !== undefined && (
        <p className="problem" role="alert">
          {sentence(fault)}
        </p>
      )}
      <Part title={t('setUp.what')}>
        <TextInput
          label={t('setUp.name')}
          value={round.name}
          maxLength={200}
          error={round.name.trim() === '' && t('setUp.nameMissing')}
          onChange={(event) => change({ name: event.target.value })}
        />
        <Textarea
          label={t('setUp.question')}
          description={t('setUp.questionHint')}
          autosize
          minRows={2}
          maxRows={10}
          maxLength={20_000}
          value={round.question}
          onChange={(event) => change({ question: event.target.value })}
        />
        <TextInput
          className="setup__date"
          type="date"
          label={t('setUp.due')}
          description={t('setUp.dueHint')}
          value={round.dueOn}
          onChange={(event) => change({ dueOn: event.target.value })}
        />
      </Part>
      <NotesPart round={round} onChange={(noteIds) => change({ noteIds })} />
      <CodesPart round={round} onChange={(codeIds) => change({ codeIds })} />
      <CodersPart round={round} onChange={(coderIds) => change({ coderIds })} />
      <Part title={t('setUp.who')} lead={t('setUp.whoLead')}>
        <Radio.Group
          label={t('setUp.method')}
          value={round.method}
          onChange={(method) => change({ method: method === 'byHand' ? 'byHand' : 'balanced' })}
        >
          <Radio value="balanced" label={t('setUp.balanced')} description={t('setUp.balancedHint')} />
          <Radio value="byHand" label={t('setUp.byHand')} description={t('setUp.byHandHint')} />
        </Radio.Group>
        {round.method === 'balanced' && (
          <NumberInput
            className="setup__number"
            label={t('setUp.perNote')}
            min={1}
            max={50}
            allowDecimal={false}
            clampBehavior="strict"
            value={round.codersPerNote}
            onChange={(n) => typeof n === 'number' && n >= 1 && change({ codersPerNote: n })}
          />
        )}
        <AssignmentPart round={round} save={save} onChange={(assignment) => change({ assignment, method: 'byHand' })} />
      </Part>
      <Part title={t('setUp.readAlong')} lead={t('setUp.readAlongLead')}>
        <Radio.Group
          aria-label={t('setUp.readAlong')}
          value={round.readAlong}
          onChange={(who) => change({ readAlong: who === 'owners' ? 'owners' : 'nobody' })}
        >
          <Radio value="nobody" label={t('setUp.nobody')} description={t('setUp.nobodyHint')} />
          <Radio value="owners" label={t('setUp.owners')} description={t('setUp.ownersHint')} />
        </Radio.Group>
      </Part>
      <Start round={round} save={save} />
    </>
  )
}

/** Says that somebody else changed the same, and asks which stands. */
function ClashBand({ clash, onSettle }: { clash: Clash; onSettle: (keep: boolean) => void }) {
  const { t } = useTranslation()
  const people = useQuery(members(clash.theirs.spaceId)).data
  const all = clash.fields.map((field) => t(`setUpField.${field}`)).join(', ')
  return (
    <section className="clash" role="alert">
      <p>{t('setUp.clash', { fields: all })}</p>
      {clash.fields.includes('name') && <p className="sm">{t('setUp.theirs', { words: clash.theirs.name })}</p>}
      {clash.fields.includes('question') && <p className="sm">{t('setUp.theirs', { words: clash.theirs.question })}</p>}
      {clash.fields.includes('coderIds') && (
        <p className="sm">
          {t('setUp.theirs', {
            words: clash.theirs.coderIds.map((id) => people?.find((m) => m.userId === id)?.name ?? '').join(', '),
          })}
        </p>
      )}
      <div className="row">
        <Button variant="default" size="compact-sm" onClick={() => onSettle(false)}>
          {t('setUp.takeTheirs')}
        </Button>
        <Button variant="default" size="compact-sm" onClick={() => onSettle(true)}>
          {t('setUp.keepMine')}
        </Button>
      </div>
    </section>
  )
}
