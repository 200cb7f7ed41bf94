import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { v7 as newID } from 'uuid'
import { Colours } from '../codebook/colours'
import { forest, living, walk, within } from '../codebook/tree'
import { useSending } from '../settings/form'
import { addExerciseCode, changeExerciseCode } from '../state/exercises'
import type { Code } from '../state/queries'
import { Dialog } from '../ui/dialog'
import { say } from '../ui/toast'
import '../codebook/codebook.css'

const colours = 12

type Props = { exercise: string; code: Code | undefined; codes: readonly Code[]; onClose: () => void }

/** Where a code of an exercise is written, or a new one. */
export function CodeForm({ exercise, code, codes, onClose }: Props) {
  const { t } = useTranslation()
  const { busy, fault, send } = useSending()
  const [id] = useState(() => newID())
  const [form, setForm] = useState(() => ({
    name: code?.name ?? '',
    letter: code?.letter ?? '',
    colour: code?.colour ?? free(codes),
    parentId: code?.parentId ?? '',
    definition: code?.definition ?? '',
  }))
  const [isTried, setTried] = useState(false)
  const set = (fields: Partial<typeof form>) => setForm({ ...form, ...fields })
  const isUnnamed = form.name.trim() === ''
  const beneath = code ? within(codes, code.id) : new Set<string>()
  const above = walk(living(forest(codes))).filter((node) => !beneath.has(node.code.id))

  async function submit(event: FormEvent) {
    event.preventDefault()
    setTried(true)
    if (isUnnamed) return
    const isSaved = await send(async () => {
      if (code) await changeExerciseCode(exercise, code, form)
      else await addExerciseCode(exercise, { id, ...form })
    })
    if (!isSaved) return
    onClose()
    say(t(code ? 'exerciseCode.changed' : 'exerciseCode.added', { name: form.name.trim() }))
  }

  return (
    <Dialog title={t(code ? 'exerciseCode.edit' : 'exerciseCode.add')} size="560px" onClose={onClose}>
      <form className="codeform" noValidate onSubmit={(event) => void submit(event)}>
        <TextInput
          data-autofocus
          label={t('codeEdit.name')}
          value={form.name}
          maxLength={200}
          error={isTried && isUnnamed && t('exerciseCode.unnamed')}
          onChange={(event) => set({ name: event.target.value })}
        />
        <Colours
          colour={form.colour}
          letter={form.letter || Array.from(form.name.trim().toUpperCase())[0] || ''}
          sub={form.parentId !== ''}
          onChange={(colour) => set({ colour })}
        />
        <div className="row codeform__short">
          <TextInput
            label={t('codeEdit.letter')}
            value={form.letter}
            maxLength={2}
            onChange={(event) => set({ letter: event.target.value })}
          />
          <NativeSelect
            label={t('codeEdit.parentId')}
            value={form.parentId}
            onChange={(event) => set({ parentId: event.currentTarget.value })}
          >
            <option value="">{t('codeEdit.top')}</option>
            {above.map((node) => (
              <option key={node.code.id} value={node.code.id}>
                {'\u2003'.repeat(node.level - 1) + node.code.name}
              </option>
            ))}
          </NativeSelect>
        </div>
        <Textarea
          label={t('codeEdit.definition')}
          autosize
          minRows={3}
          maxRows={12}
          maxLength={20_000}
          value={form.definition}
          onChange={(event) => set({ definition: event.target.value })}
        />
        {fault}
        <div className="row">
          <span className="grow" />
          <Button variant="default" onClick={onClose}>
            {t('exerciseSave.cancel')}
          </Button>
          <Button type="submit" loading={busy}>
            {t('exerciseSave.save')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

/** A colour that no code has, or the one that the fewest have. */
function free(codes: readonly Code[]): number {
  const counts = Array.from({ length: colours }, (_, i) => codes.filter(({ colour }) => colour === i + 1).length)
  return counts.indexOf(Math.min(...counts)) + 1
}
