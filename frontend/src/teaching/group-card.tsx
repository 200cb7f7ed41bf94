import { ActionIcon, Menu } from '@mantine/core'
import { type DragEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Classmate, type Group, removeGroup, restoreGroup } from '../state/classmates'
import { Icon } from '../ui/icons'
import { useSentence } from '../ui/problem'
import { say } from '../ui/toast'
import { RenameGroup } from './group-forms'
import { useCalled } from './person-line'

/** What is dragged: a student by id. */
const dragged = 'application/x-feltbog-student'

type Props = {
  course: string
  /** Without one it is those who are in none. */
  group?: Group
  students: readonly Classmate[]
  chosen: ReadonlySet<string>
  onToggle: ((id: string) => void) | undefined
  onPut: ((ids: readonly string[], group: string) => void) | undefined
}

/** A group with its students, who can be chosen and dragged. */
export function GroupCard({ course, group, students, chosen, onToggle, onPut }: Props) {
  const { t } = useTranslation()
  const called = useCalled()
  const [isOver, setOver] = useState(false)
  const [renaming, setRenaming] = useState(false)
  const name = group?.name ?? t('group.none')

  function over(event: DragEvent) {
    if (!onPut || !event.dataTransfer.types.includes(dragged)) return
    event.preventDefault()
    setOver(true)
  }

  function drop(event: DragEvent) {
    const id = event.dataTransfer.getData(dragged)
    setOver(false)
    if (!onPut || !id) return
    event.preventDefault()
    onPut([id], group?.id ?? '')
  }

  return (
    <section
      className="card group-card"
      aria-label={name}
      data-over={isOver || undefined}
      onDragOver={over}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <header className="row">
        <h2 className="grow clip">{name}</h2>
        <span className="muted num sm" role="img" aria-label={t('group.in', { count: students.length })}>
          {students.length}
        </span>
        {group && onPut && <Deeds course={course} group={group} onRename={() => setRenaming(true)} />}
      </header>
      {students.length === 0 && <p className="sm muted">{t(group ? 'group.empty' : 'group.everybody')}</p>}
      <ul>
        {students.map((one) => (
          <li key={one.id}>
            {onToggle ? (
              <button
                type="button"
                className="student"
                aria-pressed={chosen.has(one.id)}
                draggable
                onDragStart={(event) => event.dataTransfer.setData(dragged, one.id)}
                onClick={() => onToggle(one.id)}
              >
                {called(one)}
              </button>
            ) : (
              <span className="student">{called(one)}</span>
            )}
          </li>
        ))}
      </ul>
      {renaming && group && <RenameGroup course={course} group={group} onClose={() => setRenaming(false)} />}
    </section>
  )
}

type DeedProps = { course: string; group: Group; onRename: () => void }

function Deeds({ course, group, onRename }: DeedProps) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const failed = (error: unknown) => say(sentence(error))

  async function remove() {
    await removeGroup(course, group.id)
    document.getElementById('text')?.focus({ preventScroll: true }) // the button that had the focus is gone
    say(t('group.removed', { name: group.name }), () => void restoreGroup(course, group.id).catch(failed))
  }

  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" aria-label={t('group.deeds', { name: group.name })}>
          <Icon name="dots" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={onRename}>{t('group.rename')}</Menu.Item>
        <Menu.Item onClick={() => void remove().catch(failed)}>{t('group.remove')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
