import { Button, Checkbox, Textarea } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSentence } from '../ui/problem'

type FieldProps = {
  label: string
  /** Where what is typed is kept until it is saved. */
  draft: string
  text?: string
  isPrivate?: boolean
  onSave: (text: string, isPrivate: boolean) => Promise<void>
  onClose: () => void
}

/** Where a memo is written. */
export function MemoField({ label, draft, text = '', isPrivate = false, onSave, onClose }: FieldProps) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const [typed, setTyped] = useState(() => sessionStorage.getItem(draft) ?? text)
  const [alone, setAlone] = useState(isPrivate)
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<string>()

  async function save() {
    if (typed.trim() === '' || busy) return
    setBusy(true)
    setFault(undefined)
    try {
      await onSave(typed.trim(), alone)
      sessionStorage.removeItem(draft)
    } catch (error) {
      setFault(sentence(error))
      setBusy(false)
    }
  }

  return (
    <form
      className="memo memo--field"
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <Textarea
        aria-label={label}
        placeholder={t('memo.placeholder')}
        autoFocus
        autosize
        minRows={2}
        maxRows={12}
        maxLength={100_000}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value)
          sessionStorage.setItem(draft, event.target.value)
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void save()
          else if (event.key === 'Escape') onClose()
          else return
          event.preventDefault()
          event.stopPropagation()
        }}
      />
      {fault && (
        <p className="xs bad" role="alert">
          {fault}
        </p>
      )}
      <div className="row">
        <Checkbox
          size="xs"
          label={t('memo.onlyMe')}
          checked={alone}
          onChange={(event) => setAlone(event.currentTarget.checked)}
        />
        <span className="grow" />
        <Button variant="subtle" size="compact-sm" onClick={onClose}>
          {t('memo.cancel')}
        </Button>
        <Button type="submit" size="compact-sm" loading={busy} disabled={typed.trim() === ''}>
          {t('memo.save')}
        </Button>
      </div>
    </form>
  )
}
