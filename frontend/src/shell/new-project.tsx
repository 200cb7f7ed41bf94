import { Button, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { v7 as newID } from 'uuid'
import { templates } from '../state/queries'
import { createProject } from '../state/settings'
import { useSentence } from '../ui/problem'

/** A form that makes a project, with a codebook to begin with. */
export function NewProject() {
  const { t, i18n } = useTranslation()
  const sentence = useSentence()
  const go = useNavigate()
  const language = i18n.language === 'da' ? 'da' : 'en'
  const choices = useQuery(templates(language)).data ?? []
  const [template, setTemplate] = useState<string>()
  const [fault, setFault] = useState<string>()
  const [busy, setBusy] = useState(false)
  const chosen = template ?? choices[0]?.key

  async function create(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const name = String(new FormData(event.currentTarget).get('name') ?? '').trim()
    setBusy(true)
    setFault(undefined)
    try {
      const made = await createProject({ id: newID(), name, ...(chosen ? { codebookTemplate: chosen, language } : {}) })
      await go({ to: '/projects/$project', params: { project: made.id } })
    } catch (error) {
      setFault(sentence(error))
    } finally {
      setBusy(false)
    }
  }

  return (
    <section className="card" aria-labelledby="new">
      <form className="make" onSubmit={create}>
        <h2 id="new">{t('projects.create')}</h2>
        <TextInput name="name" label={t('projects.name')} placeholder={t('projects.placeholder')} required maxLength={200} />
        <fieldset>
          <legend>{t('projects.codebook')}</legend>
          {choices.map((b) => (
            <label key={b.key} className="tpl">
              <input type="radio" name="template" checked={chosen === b.key} onChange={() => setTemplate(b.key)} />
              <span>{b.name}</span>
              <small>{b.description}</small>
            </label>
          ))}
          <label className="tpl">
            <input type="radio" name="template" checked={chosen === ''} onChange={() => setTemplate('')} />
            <span>{t('projects.empty')}</span>
            <small>{t('projects.emptyHint')}</small>
          </label>
        </fieldset>
        <p className="xs muted">{t('projects.own')}</p>
        {fault && (
          <p className="problem" role="alert">
            {fault}
          </p>
        )}
        <Button type="submit" loading={busy}>
          {t('projects.create')}
        </Button>
      </form>
    </section>
  )
}
