import { Button, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { v7 as newID } from 'uuid'
import { answer, api } from '../api/client'
import { locale } from '../i18n'
import { cache, projects, templates } from '../state/queries'
import { Lines, Problem, useSentence } from '../ui/problem'
import { Bar } from './bar'

/** The projects somebody is in, newest change first, and a form that makes another. */
export function Projects() {
  const { t, i18n } = useTranslation()
  const list = useQuery(projects())
  const day = new Intl.DateTimeFormat(locale(i18n.language), { dateStyle: 'medium' })
  const sorted = list.data?.toSorted((a, b) => b.updatedAt.localeCompare(a.updatedAt))
  return (
    <>
      <Bar />
      <main className="home" id="text" tabIndex={-1}>
        <h1>{t('projects.title')}</h1>
        <section className="home__list" aria-label={t('projects.title')}>
          {list.isPending && <Lines count={9} />}
          {list.error && <Problem error={list.error} again={() => void list.refetch()} />}
          {sorted?.length === 0 && <p className="muted">{t('projects.none')}</p>}
          {sorted?.map((p) => (
            <Link key={p.id} className="card proj" to="/projects/$project" params={{ project: p.id }}>
              <h2>{p.name}</h2>
              {p.description && <p className="sm muted">{p.description}</p>}
              <p className="row xs muted">
                <span className="grow">{t(`role.${p.role}`)}</span>
                <span>{t('projects.changed', { when: day.format(new Date(p.updatedAt)) })}</span>
              </p>
            </Link>
          ))}
        </section>
        <NewProject />
      </main>
    </>
  )
}

function NewProject() {
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
      const made = await answer(
        api.POST('/api/v1/projects', {
          params: { header: {} },
          body: { id: newID(), name, ...(chosen ? { codebookTemplate: chosen, language } : {}) },
        }),
      )
      await cache.invalidateQueries({ queryKey: ['projects'] })
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
