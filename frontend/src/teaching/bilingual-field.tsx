import { Textarea, TextInput } from '@mantine/core'
import type { Bilingual } from '../state/exercises'
import { type Tongue, tongues } from './bilingual'

type Props = {
  label: (tongue: Tongue) => string
  value: Bilingual
  isLong?: boolean
  error?: string | false
  onChange: (value: Bilingual) => void
}

/** Words in English and in Danish, beside each other. */
export function BilingualField({ label, value, isLong, error, onChange }: Props) {
  return (
    <div className="both">
      {tongues.map((tongue) => {
        const props = {
          lang: tongue,
          label: label(tongue),
          value: value[tongue],
          error: error && tongue === 'en' ? error : Boolean(error),
          onChange: (event: { target: { value: string } }) => onChange({ ...value, [tongue]: event.target.value }),
        }
        return isLong ? (
          <Textarea key={tongue} {...props} autosize minRows={2} maxRows={14} maxLength={20_000} />
        ) : (
          <TextInput key={tongue} {...props} maxLength={200} />
        )
      })}
    </div>
  )
}
