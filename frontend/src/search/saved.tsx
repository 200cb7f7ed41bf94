import { ActionIcon, Button, Modal, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { removeSearch, renameSearch, type SavedSearch, savedSearches, saveSearch } from '../state/search'
import { Icon } from '../ui/icons'
import { Problem, useSentence } from '../ui/problem'
import { say } from '../ui/toast'
import { type Asked, fromSaved, same, toSaved, write } from './address'

/** The searches that one keeps in this project. */
export function Saved({ project, asked }: { project: string; asked: Asked }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const list = useQuery(savedSearches(project))
  const [renaming, setRenaming] = useState<SavedSearch>()
  const title = useRef<HTMLHeadingElement>(null)

  async function remove(saved: SavedSearch) {
    try {
      await removeSearch(project, saved)
      title.current?.focus()
      const undo = () => void saveSearch(project, saved.name, saved.query).catch((error) => say(sentence(error)))
      say(t('saved.removed', { name: saved.name }), undo)
    } catch (error) {
      say(sentence(error))
    }
  }

  return (
    <section className="saved" aria-labelledby="saved">
      <h2 id="saved" tabIndex={-1} ref={title}>
        {t('saved.title')}
      </h2>
      {list.error && <Problem error={list.error} again={() => void list.refetch()} />}
      {list.data?.length === 0 && <p className="sm muted">{t('saved.none')}</p>}
      <ul>
        {list.data?.map((saved) => {
          const it = fromSaved(saved.query)
          return (
            <li key={saved.id}>
              <Link
                to="/projects/$project/search"
                params={{ project }}
                search={write(it)}
                activeOptions={{ exact: true }}
                aria-current={same(it, asked) ? 'true' : undefined}
              >
                <span className="clip">{saved.name}</span>
              </Link>
              <ActionIcon
                variant="subtle"
                size="sm"
                data-saved={saved.id}
                aria-label={t('saved.renameThis', { name: saved.name })}
                onClick={() => setRenaming(saved)}
              >
                <Icon name="fieldNote" />
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                size="sm"
                aria-label={t('saved.removeThis', { name: saved.name })}
                onClick={() => void remove(saved)}
              >
                <Icon name="close" />
              </ActionIcon>
            </li>
          )
        })}
      </ul>
      {renaming && (
        <Name
          title={t('saved.rename')}
          name={renaming.name}
          onClose={() => {
            setRenaming(undefined)
            document.querySelector<HTMLElement>(`[data-saved="${renaming.id}"]`)?.focus()
          }}
          onName={(name) => renameSearch(project, renaming, name)}
        />
      )}
    </section>
  )
}

/** Keeps the search that is shown under a name. */
export function Save({ project, asked }: { project: string; asked: Asked }) {
  const { t } = useTranslation()
  const [naming, setNaming] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  return (
    <>
      <Button ref={button} variant="subtle" size="compact-sm" leftSection={<Icon name="star" />} onClick={() => setNaming(true)}>
        {t('saved.save')}
      </Button>
      {naming && (
        <Name
          title={t('saved.save')}
          name={asked.q.slice(0, 200)}
          onClose={() => {
            setNaming(false)
            button.current?.focus()
          }}
          onName={async (name) => {
            await saveSearch(project, name, toSaved(asked))
            say(t('saved.kept', { name }))
          }}
        />
      )}
    </>
  )
}

function Name(props: { title: string; name: string; onClose: () => void; onName: (name: string) => Promise<void> }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const [name, setName] = useState(props.name)
  const [fault, setFault] = useState<string>()

  async function submit(event: FormEvent) {
    event.preventDefault()
    if (name.trim() === '') return setFault(t('saved.nameless'))
    try {
      await props.onName(name.trim())
      props.onClose()
    } catch (error) {
      setFault(sentence(error))
    }
  }

  return (
    // Put together from its parts: the whole one has a header, which would be a second banner of the page.
    <Modal.Root opened returnFocus={false} onClose={props.onClose}>
      <Modal.Overlay />
      <Modal.Content aria-label={props.title}>
        <Modal.Body>
          <form className="named" onSubmit={(event) => void submit(event)}>
            <TextInput
              data-autofocus
              label={t('saved.name')}
              value={name}
              maxLength={200}
              error={fault}
              onChange={(event) => setName(event.target.value)}
            />
            <div className="row">
              <Button type="submit">{props.title}</Button>
              <Button variant="default" onClick={props.onClose}>
                {t('saved.cancel')}
              </Button>
            </div>
          </form>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}
