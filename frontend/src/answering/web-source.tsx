import { Button, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { NewEvidence } from '../state/answering'
import { localDay, useKeptForm } from './use-kept-form'

type Props = { exercise: string; onAttach: (added: NewEvidence) => Promise<boolean>; onDone: () => void }

/** A source with a web address, and the words that are quoted from it. */
export function WebSourceForm({ exercise, onAttach, onDone }: Props) {
  const { t } = useTranslation()
  const [fields, write, forget] = useKeptForm(`web ${exercise}`, { url: '', title: '', quote: '', seenOn: localDay() })
  const [checked, setChecked] = useState(false)
  const [busy, setBusy] = useState(false)
  const faulty = { url: !isAddress(fields.url), title: fields.title.trim() === '', quote: fields.quote.trim() === '' }

  async function send(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    setChecked(true)
    const first = (['url', 'title', 'quote'] as const).find((name) => faulty[name])
    if (first) return event.currentTarget.querySelector<HTMLElement>(`[name=${first}]`)?.focus()
    setBusy(true)
    const { url, title, quote, seenOn } = fields
    const added = await onAttach({ web: { url: url.trim(), title: title.trim(), quote: quote.trim(), seenOn } })
    setBusy(false)
    if (!added) return
    forget()
    onDone()
  }

  return (
    <form className="ans__form" onSubmit={(event) => void send(event)} noValidate>
      <TextInput
        name="url"
        type="url"
        inputMode="url"
        autoFocus
        label={t('answer.web.url')}
        placeholder="https://"
        maxLength={2000}
        value={fields.url}
        error={checked && faulty.url && t('answer.web.urlNeeded')}
        onChange={(event) => write({ url: event.currentTarget.value })}
      />
      <TextInput
        name="title"
        label={t('answer.web.title')}
        maxLength={200}
        value={fields.title}
        error={checked && faulty.title && t('answer.web.titleNeeded')}
        onChange={(event) => write({ title: event.currentTarget.value })}
      />
      <Textarea
        name="quote"
        label={t('answer.web.quote')}
        description={t('answer.web.quoteHint')}
        autosize
        minRows={4}
        maxLength={20_000}
        value={fields.quote}
        error={checked && faulty.quote && t('answer.web.quoteNeeded')}
        onChange={(event) => write({ quote: event.currentTarget.value })}
      />
      <TextInput
        name="seenOn"
        type="date"
        label={t('answer.web.seenOn')}
        value={fields.seenOn}
        onChange={(event) => write({ seenOn: event.currentTarget.value })}
      />
      <Button type="submit" size="sm" loading={busy}>
        {t('answer.web.add')}
      </Button>
    </form>
  )
}

/** Whether words are an address of the web. */
function isAddress(words: string): boolean {
  try {
    return /^https?:$/.test(new URL(words.trim()).protocol)
  } catch {
    return false
  }
}
