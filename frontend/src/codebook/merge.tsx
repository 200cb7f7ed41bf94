import { Button, NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { mergeCode, mergePreview, undoChange } from '../state/codebook'
import type { Code } from '../state/queries'
import { Lines, Problem, useSentence } from '../ui/problem'
import { useDeeds } from './deeds'
import { Dialog } from './dialog'
import { forest, walk, within } from './tree'

type Props = { project: string; code: Code; codes: readonly Code[]; onDone: (into: string) => void; onClose: () => void }

/** Merges a code into another, after a look at what that moves. */
export function Merge({ project, code, codes, onDone, onClose }: Props) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const { tell } = useDeeds(project)
  const [into, setInto] = useState('')
  const [fault, setFault] = useState<string>()
  const [busy, setBusy] = useState(false)
  const preview = useQuery({ ...mergePreview(project, code.id, into), enabled: into !== '' })
  const beneath = within(codes, code.id)
  const targets = walk(forest(codes)).filter((n) => !beneath.has(n.code.id) && !n.code.archived)
  const target = codes.find((c) => c.id === into)
  const moved = preview.data

  async function merge() {
    if (!target) return
    setBusy(true)
    try {
      const merged = await mergeCode(project, code.id, target.id)
      onDone(target.id)
      tell(t('codeMerge.done', { name: code.name, into: target.name }), Promise.resolve(), () =>
        undoChange(project, code.id, merged.version),
      )
    } catch (error) {
      setFault(sentence(error))
      setBusy(false)
    }
  }

  return (
    <Dialog title={t('codeMerge.title', { name: code.name })} onClose={onClose}>
      <NativeSelect
        data-autofocus
        label={t('codeMerge.into')}
        value={into}
        onChange={(event) => {
          setInto(event.currentTarget.value)
          setFault(undefined)
        }}
      >
        <option value="">{t('codeMerge.choose')}</option>
        {targets.map((n) => (
          <option key={n.code.id} value={n.code.id}>
            {'\u2003'.repeat(n.level - 1) + n.code.name}
          </option>
        ))}
      </NativeSelect>
      {into !== '' && preview.isPending && <Lines count={3} />}
      {preview.error && <Problem error={preview.error} />}
      {moved && target && (
        <ul className="preview" aria-live="polite">
          <li>
            {moved.codings === 0
              ? t('codeMerge.noCodings')
              : t('codeMerge.codings', { count: moved.codings, notes: moved.notes, coders: moved.coders, into: target.name })}
          </li>
          {moved.together > 0 && <li>{t('codeMerge.together', { count: moved.together })}</li>}
          {moved.subCodes > 0 && <li>{t('codeMerge.subCodes', { count: moved.subCodes, into: target.name })}</li>}
          {moved.memos > 0 && <li>{t('codeMerge.memos', { count: moved.memos, into: target.name })}</li>}
          <li>{t('codeMerge.later', { name: code.name, into: target.name })}</li>
        </ul>
      )}
      {fault && (
        <p className="problem" role="alert">
          {fault}
        </p>
      )}
      <div className="dialog__foot">
        <Button variant="default" onClick={onClose}>
          {t('codebook.cancel')}
        </Button>
        <Button disabled={!moved} loading={busy} onClick={merge}>
          {t('codeMerge.merge')}
        </Button>
      </div>
    </Dialog>
  )
}
