import { Button, Select, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import type { FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { languageNames, languages } from '../i18n'
import { fields, useSending } from '../settings/form'
import { createCourse, longestName } from '../state/courses'
import { Dialog } from '../ui/dialog'
import './teaching.css'

/** A form that makes a course. */
export function NewCourse({ onClose }: { onClose: () => void }) {
  const { t, i18n } = useTranslation()
  const go = useNavigate()
  const { busy, fault, send } = useSending()

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const { name, term, language } = fields(event.currentTarget, 'name', 'term', 'language')
    await send(async () => {
      const made = await createCourse({ name, term, language: language === 'da' ? 'da' : 'en' })
      await go({ to: '/courses/$course', params: { course: made.id } })
    })
  }

  return (
    <Dialog title={t('course.new')} onClose={onClose}>
      <form className="dialog-form" onSubmit={submit}>
        <TextInput name="name" label={t('course.name')} required maxLength={longestName} data-autofocus />
        <TextInput name="term" label={t('course.term')} description={t('course.termAbout')} maxLength={longestName} />
        <Select
          name="language"
          label={t('course.language')}
          description={t('course.languageAbout')}
          defaultValue={i18n.language === 'da' ? 'da' : 'en'}
          allowDeselect={false}
          data={languages.map((known) => ({ value: known, label: languageNames[known] }))}
        />
        {fault}
        <Button type="submit" loading={busy}>
          {t('course.make')}
        </Button>
      </form>
    </Dialog>
  )
}
