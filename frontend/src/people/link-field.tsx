import { Button, TextInput } from '@mantine/core'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { focus } from '../settings/form'
import './people.css'

type Props = { label: string; link: string; first?: boolean }

/** A link to hand on, or a secret to keep. The first of a view has the focus on what copies it. */
export function LinkField({ label, link, first }: Props) {
  const { t } = useTranslation()
  const field = useRef<HTMLInputElement>(null)
  const [said, setSaid] = useState('')

  async function copy() {
    field.current?.select()
    // Where the page may not write there, as without https, the selected link is copied by its key.
    const isCopied = await navigator.clipboard?.writeText(link).then(
      () => true,
      () => false,
    )
    setSaid(t(isCopied ? 'linkField.copied' : 'linkField.byKey'))
  }

  return (
    <div className="link-field">
      <TextInput ref={field} label={label} value={link} readOnly onFocus={(event) => event.currentTarget.select()} />
      <Button ref={first ? focus : undefined} onClick={() => void copy()}>
        {t('linkField.copy')}
      </Button>
      <p className="sm" role="status">
        {said}
      </p>
    </div>
  )
}
