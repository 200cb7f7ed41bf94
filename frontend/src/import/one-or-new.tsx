import { Select, type SelectProps } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { made } from '../state/wishes'
import { matching } from '../writing/options'

type Props = Pick<SelectProps, 'label' | 'aria-label' | 'placeholder'> & {
  options: readonly { value: string; label: string }[]
  /** The id of a record, or the name of a new one behind `made`; empty for none. */
  value: string
  /** Whether one that isn't there yet may be named. */
  mayMake: boolean
  onChange: (value: string) => void
}

/** A choice among records, or the name of one that is made with the import. */
export function OneOrNew({ options, value, mayMake, onChange, ...rest }: Props) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const fresh = value.startsWith(made) ? { value, label: t('import.new', { name: value.slice(made.length) }) } : undefined
  const name = typed.trim()
  const isThere = [...options, ...(fresh ? [fresh] : [])].some((o) => o.label.toLocaleLowerCase() === name.toLocaleLowerCase())
  const data = [
    ...options,
    ...(fresh ? [fresh] : []),
    ...(mayMake && name !== '' && !isThere && made + name !== value
      ? [{ value: made + name, label: t('import.make', { name }) }]
      : []),
  ]
  return (
    <Select
      {...rest}
      nothingFoundMessage={t('sources.nothing')}
      data={data}
      filter={matching}
      value={value || null}
      onSearchChange={setTyped}
      onChange={(chosen) => onChange(chosen ?? '')}
      maxLength={200}
      searchable
      clearable
    />
  )
}
