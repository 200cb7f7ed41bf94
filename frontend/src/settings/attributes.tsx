import { ActionIcon, Button, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { v7 as newID } from 'uuid'
import { type Attribute, setAttributes } from '../state/attributes'
import type { Project } from '../state/queries'
import { Icon } from '../ui/icons'
import { say } from '../ui/toast'
import { focus, Section, useSending } from './form'
import './attributes.css'

const types = ['text', 'number', 'date', 'boolean', 'choice'] as const

/** Which attributes the notes of a project have. */
export function Attributes({ project }: { project: Project }) {
  const { t } = useTranslation()
  const mayChange = (project.role === 'owner' || project.role === 'editor') && !project.archivedAt
  return (
    <Section id="attributes" title={t('attribute.title')} lead={t(mayChange ? 'attribute.lead' : 'attribute.readers')}>
      {mayChange ? <Editor project={project} /> : <List all={project.attributes} />}
    </Section>
  )
}

function List({ all }: { all: readonly Attribute[] }) {
  const { t } = useTranslation()
  if (all.length === 0) return <p className="muted">{t('attribute.none')}</p>
  return (
    <ul className="lines">
      {all.map(({ id, name, type, choices }) => (
        <li key={id}>
          <span>
            <b>{name}</b>
            <small className="muted">{[t(`attribute.type.${type}`), ...choices].join(' · ')}</small>
          </span>
        </li>
      ))}
    </ul>
  )
}

/** An attribute as it is written: what is new has an id of its own already. */
type Written = { id: string; name: string; type: Attribute['type']; choices: string }

const write = (all: readonly Attribute[]): Written[] =>
  all.map(({ id, name, type, choices }) => ({ id, name, type, choices: choices.join('\n') }))

function Editor({ project }: { project: Project }) {
  const { t } = useTranslation()
  const { busy, fault, send } = useSending()
  const [opened, setOpened] = useState(project)
  const [all, setAll] = useState(() => write(project.attributes))
  const [fresh, setFresh] = useState('')
  const moved = JSON.stringify(opened.attributes) !== JSON.stringify(project.attributes)
  const change = (i: number, to: Partial<Written>) => setAll(all.map((a, at) => (at === i ? { ...a, ...to } : a)))
  const show = (now: Project) => {
    setOpened(now)
    setAll(write(now.attributes))
  }

  function move(i: number, by: -1 | 1) {
    const [one] = all.slice(i, i + 1)
    if (one) setAll(all.toSpliced(i, 1).toSpliced(i + by, 0, one))
  }

  function add() {
    const id = newID()
    setFresh(id)
    setAll([...all, { id, name: '', type: 'text', choices: '' }])
  }

  async function submit(event: FormEvent) {
    event.preventDefault()
    await send(async () => {
      const items = all.map(({ choices, ...a }) => ({ ...a, choices: a.type === 'choice' ? linesOf(choices) : [] }))
      // Where nobody else changed them, other changes of the project don't stand in the way.
      show(await setAttributes(moved ? opened : project, items))
      say(t('attribute.saved'))
    })
  }

  return (
    <>
      {moved && !busy && (
        <div className="row">
          <p role="status">{t('attribute.moved')}</p>
          <Button variant="default" size="xs" onClick={() => show(project)}>
            {t('attribute.showNew')}
          </Button>
        </div>
      )}
      <form className="attributes" onSubmit={submit}>
        {all.length === 0 && <p className="muted">{t('attribute.none')}</p>}
        <ol>
          {all.map((a, i) => (
            <li key={a.id}>
              <fieldset>
                <legend className="sr">{a.name || t('attribute.nth', { n: i + 1 })}</legend>
                <TextInput
                  label={t('attribute.name')}
                  value={a.name}
                  required
                  maxLength={200}
                  ref={a.id === fresh ? focus : undefined}
                  onChange={(event) => change(i, { name: event.target.value })}
                />
                <NativeSelect
                  label={t('attribute.typeOf')}
                  data={types.map((type) => ({ value: type, label: t(`attribute.type.${type}`) }))}
                  value={a.type}
                  onChange={(event) => change(i, { type: types.find((type) => type === event.target.value) ?? 'text' })}
                />
                <Tools
                  of={a.name || t('attribute.nth', { n: i + 1 })}
                  first={i === 0}
                  last={i === all.length - 1}
                  onMove={(by) => move(i, by)}
                  onRemove={() => setAll(all.toSpliced(i, 1))}
                />
                {a.type === 'choice' && (
                  <Textarea
                    className="attributes__choices"
                    label={t('attribute.choices')}
                    description={t('attribute.choicesHint')}
                    autosize
                    minRows={2}
                    value={a.choices}
                    onChange={(event) => change(i, { choices: event.target.value })}
                  />
                )}
              </fieldset>
            </li>
          ))}
        </ol>
        {fault}
        <div className="row">
          <Button variant="default" leftSection={<Icon name="plus" />} onClick={add}>
            {t('attribute.add')}
          </Button>
          <Button type="submit" variant="default" loading={busy}>
            {t('attribute.save')}
          </Button>
        </div>
      </form>
    </>
  )
}

type ToolsProps = { of: string; first: boolean; last: boolean; onMove: (by: -1 | 1) => void; onRemove: () => void }

/** Puts an attribute elsewhere, or takes it away. */
function Tools({ of: name, first, last, onMove, onRemove }: ToolsProps) {
  const { t } = useTranslation()
  return (
    <div className="attributes__tools">
      <ActionIcon variant="subtle" aria-label={t('attribute.up', { name })} disabled={first} onClick={() => onMove(-1)}>
        <Icon name="up" />
      </ActionIcon>
      <ActionIcon variant="subtle" aria-label={t('attribute.down', { name })} disabled={last} onClick={() => onMove(1)}>
        <Icon name="down" />
      </ActionIcon>
      <ActionIcon
        variant="subtle"
        aria-label={t('attribute.remove', { name })}
        onClick={(event) => {
          event.currentTarget.closest('form')?.querySelector<HTMLElement>('[type=submit]')?.focus()
          onRemove()
        }}
      >
        <Icon name="bin" />
      </ActionIcon>
    </div>
  )
}

const linesOf = (words: string) => [...new Set(words.split('\n').map((line) => line.trim()))].filter(Boolean)
