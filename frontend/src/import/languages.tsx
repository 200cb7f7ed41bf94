import { Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'

const languages = ['da', 'en', 'sv', 'nb', 'de']

/** The language of a text. */
export function Languages(props: { value: string; placeholder: string; onChange: (language: string) => void }) {
  const { t, i18n } = useTranslation()
  const { value, placeholder, onChange } = props
  const names = new Intl.DisplayNames([i18n.language], { type: 'language' })
  const known = value && !languages.includes(value) ? [...languages, value] : languages
  return (
    <Select
      label={t('field.language')}
      placeholder={placeholder}
      data={known.map((language) => ({ value: language, label: nameOf(names, language) }))}
      value={value || null}
      onChange={(language) => onChange(language ?? '')}
      clearable
    />
  )
}

/** A language by its name; a tag that a file made up stays as it is. */
function nameOf(names: Intl.DisplayNames, tag: string): string {
  try {
    return names.of(tag) ?? tag
  } catch {
    return tag
  }
}
