import { useTranslation } from 'react-i18next'
import type { Code } from '../state/queries'
import type { Field } from './form'

/** Gives the value of a field as people read it. */
export function useFieldWords(codes: readonly Code[]): (field: Field, value: unknown) => string {
  const { t } = useTranslation()
  const name = (id: string) => codes.find((c) => c.id === id || c.key === id)?.name ?? id
  return (field, value) => {
    if (field === 'parentId') return value ? name(value as string) : t('codeEdit.top')
    if (field === 'colour') return t(`colour.${value as number}`)
    if (field === 'examples') return (value as string[]).join('\n') || '–'
    if (field === 'whenNot') {
      const lines = (value as Code['whenNot']).map((not) =>
        [not.against && `${name(not.against)}: `, not.text, not.example && ` (${not.example})`].filter(Boolean).join(''),
      )
      return lines.join('\n') || '–'
    }
    return (value as string) || '–'
  }
}
