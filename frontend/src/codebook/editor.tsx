import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Refused } from '../api/client'
import { changeBack, changeCode } from '../state/codebook'
import type { Code } from '../state/queries'
import { useSentence } from '../ui/problem'
import { say } from '../ui/toast'
import { Colours } from './colours'
import { Conflict } from './conflict'
import { useDeeds } from './deeds'
import { useDraft } from './draft'
import { type CodeDraft, change, clashes, type Field, type Form, settle } from './form'
import { Contrasts, Examples } from './lists'
import { forest, walk, within } from './tree'

/** Where all that can be written of a code is written. What isn't saved yet is kept as a draft. */
export function Editor({ project, code, codes }: { project: string; code: Code; codes: readonly Code[] }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const { tell } = useDeeds(project)
  const [draft, setDraft] = useDraft<CodeDraft>(`code ${code.id}`)
  const [fault, setFault] = useState<{ field: string; words: string }>()
  const [asked, setAsked] = useState(false)
  const [busy, setBusy] = useState(false)
  const conflict = useRef<HTMLElement>(null)
  const form: Form = { ...code, ...draft?.mine }
  const clash = clashes(draft, code)
  const set = <F extends Field>(field: F, value: Form[F]) => {
    setFault(undefined)
    setDraft(change(draft, code, field, value))
  }
  const text = (field: 'name' | 'letter' | 'shortcut' | 'key' | 'definition' | 'whenToUse' | 'parentId') => ({
    value: form[field],
    label: t(`codeEdit.${field}`),
    error: fault?.field === field ? fault.words : undefined,
    onChange: (event: { currentTarget: { value: string } }) => set(field, event.currentTarget.value),
  })
  const beneath = within(codes, code.id)
  const above = walk(forest(codes)).filter((n) => !beneath.has(n.code.id) && (!n.code.archived || n.code.id === code.parentId))
  const double = codes.find(
    (c) => c.id !== code.id && !c.archived && !c.mergedInto && form.shortcut !== '' && c.shortcut === form.shortcut,
  )
  const shown = asked && clash.length > 0
  useEffect(() => {
    if (shown) conflict.current?.focus()
  }, [shown])

  async function save(event: FormEvent) {
    event.preventDefault()
    if (!draft) return
    setAsked(true)
    if (clash.length > 0) return
    setBusy(true)
    try {
      const fields = Object.keys(draft.mine) as Field[]
      const changed = await changeCode(project, code.id, draft.mine, {}, code.version)
      setDraft(undefined)
      setAsked(false)
      tell(t('codeEdit.saved', { name: changed.name }), Promise.resolve(changed), () =>
        changeBack(project, code, changed, fields),
      )
    } catch (error) {
      const problem = error instanceof Refused ? error.problem : undefined
      const place = problem?.errors?.[0]?.pointer.split('/')[1]
      if (problem && place && place in form) setFault({ field: place, words: sentence(error) })
      else if (problem?.status !== 412) say(sentence(error))
    } finally {
      setBusy(false)
    }
  }

  return (
    <form className="edit" onSubmit={save}>
      {shown && draft && (
        <Conflict
          ref={conflict}
          project={project}
          code={code}
          codes={codes}
          draft={draft}
          fields={clash}
          onSettle={(field, keep) => setDraft(settle(draft, code, field, keep))}
        />
      )}
      <TextInput {...text('name')} required maxLength={200} />
      <Colours
        colour={form.colour}
        letter={form.letter}
        sub={form.parentId !== ''}
        onChange={(colour) => set('colour', colour)}
      />
      <div className="edit__short">
        <TextInput {...text('letter')} maxLength={2} />
        <TextInput
          {...text('shortcut')}
          maxLength={1}
          description={double && t('codeEdit.double', { name: double.name })}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
        />
        <NativeSelect {...text('parentId')}>
          <option value="">{t('codeEdit.top')}</option>
          {above.map((n) => (
            <option key={n.code.id} value={n.code.id}>
              {'\u2003'.repeat(n.level - 1) + n.code.name}
            </option>
          ))}
        </NativeSelect>
      </div>
      <Textarea {...text('definition')} autosize minRows={3} maxRows={14} maxLength={20_000} />
      <Textarea {...text('whenToUse')} autosize minRows={2} maxRows={14} maxLength={20_000} />
      <Contrasts value={form.whenNot} codes={codes} code={code} onChange={(all) => set('whenNot', all)} />
      <Examples value={form.examples} onChange={(all) => set('examples', all)} />
      <TextInput {...text('key')} description={t('codeEdit.keyHint')} maxLength={64} required />
      <div className="edit__foot">
        <span className="grow sm muted" role="status">
          {draft ? t(clash.length > 0 ? 'codeEdit.changedMeanwhile' : 'codeEdit.unsaved') : t('codeEdit.allSaved')}
        </span>
        {draft && (
          <Button
            variant="default"
            onClick={() => {
              const given = draft
              setDraft(undefined)
              setFault(undefined)
              setAsked(false)
              tell(t('codeEdit.discarded'), Promise.resolve(), async () => setDraft(given))
            }}
          >
            {t('codeEdit.discard')}
          </Button>
        )}
        <Button type="submit" disabled={!draft} loading={busy}>
          {t('codeEdit.save')}
        </Button>
      </div>
    </form>
  )
}
