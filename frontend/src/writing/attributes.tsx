import { NativeSelect, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { AttributeValue } from '../note/values'
import type { Attribute } from '../state/attributes'
import type { Fields } from '../state/draft'
import type { Change } from './record'

type Props = { all: readonly Attribute[]; values: Fields['attributes']; onChange: Change }

/** The attributes of a note, each by a field of its type. */
export function AttributeFields({ all, values, onChange }: Props) {
  return all.map((a) => (
    <Field
      key={a.id}
      attribute={a}
      value={values[a.id]}
      onChange={(value) => onChange((before) => ({ attributes: put(before.attributes, a.id, value) }))}
    />
  ))
}

function put(values: Fields['attributes'], id: string, value: AttributeValue | undefined): Fields['attributes'] {
  const { [id]: _, ...others } = values
  return value === undefined ? others : { ...others, [id]: value }
}

type FieldProps = {
  attribute: Attribute
  value: AttributeValue | undefined
  onChange: (value: AttributeValue | undefined) => void
}

function Field({ attribute: { name, type, choices }, value, onChange }: FieldProps) {
  const { t } = useTranslation()
  const text = value === undefined ? '' : String(value)
  switch (type) {
    case 'boolean':
      return (
        <NativeSelect
          label={name}
          data={[
            { value: '', label: '' },
            { value: 'true', label: t('attribute.yes') },
            { value: 'false', label: t('attribute.no') },
          ]}
          value={text}
          onChange={(event) => onChange(event.target.value === '' ? undefined : event.target.value === 'true')}
        />
      )
    case 'choice':
      return (
        <NativeSelect
          label={name}
          data={['', ...choices]}
          value={text}
          onChange={(event) => onChange(event.target.value || undefined)}
        />
      )
    case 'number':
      return (
        <TextInput
          type="number"
          step="any"
          label={name}
          value={text}
          onChange={(event) => onChange(event.target.value === '' ? undefined : event.target.valueAsNumber)}
        />
      )
    case 'date':
      return <TextInput type="date" label={name} value={text} onChange={(event) => onChange(event.target.value || undefined)} />
    case 'text':
      return (
        <TextInput label={name} maxLength={2000} value={text} onChange={(event) => onChange(event.target.value || undefined)} />
      )
  }
}
