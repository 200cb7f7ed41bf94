import { Button, Select } from '@mantine/core'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Classmate, type Group, placeClassmates } from '../state/classmates'
import type { Course } from '../state/courses'
import { useKeys } from '../ui/keys'
import { useSentence } from '../ui/problem'
import { say } from '../ui/toast'
import { GroupCard } from './group-card'
import { GroupDraw } from './group-draw'
import { ByChoice, MakeGroup } from './group-forms'
import { useCalled } from './person-line'
import { byGroup } from './roll'

type Props = { course: Course; groups: readonly Group[]; people: readonly Classmate[]; mayChange: boolean }

/** Where groups are made: students are chosen, or dragged, and put into one; or they are drawn, or choose themselves. */
export function GroupDesk({ course, groups, people, mayChange }: Props) {
  const { t, i18n } = useTranslation()
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [drawing, setDrawing] = useState(false)
  const target = useRef<HTMLInputElement>(null)
  const place = usePlace(course.id, people, groups)
  const students = byGroup(people, groups, i18n.language)
  const alone = students.get('') ?? []
  const count = [...students.values()].reduce((sum, some) => sum + some.length, 0)
  useKeys({
    m: chosen.size > 0 ? () => target.current?.focus() : undefined,
    Escape: chosen.size > 0 ? () => setChosen(new Set()) : undefined,
  })

  const toggle = (id: string) => {
    const next = new Set(chosen)
    if (!next.delete(id)) next.add(id)
    setChosen(next)
  }
  // Who is dragged takes along those who are chosen, if they are one of them.
  const put = (ids: readonly string[], group: string) => {
    const moved = ids.some((id) => chosen.has(id)) ? [...chosen] : ids
    setChosen(new Set())
    void place(moved, group)
  }
  const card = { chosen, onToggle: mayChange ? toggle : undefined, onPut: mayChange ? put : undefined }

  return (
    <>
      {mayChange && (
        <div className="class__deeds">
          <MakeGroup course={course.id} />
          <Button variant="default" disabled={count === 0} onClick={() => setDrawing(true)}>
            {t('group.draw')}
          </Button>
        </div>
      )}
      <ByChoice course={course} />
      {count === 0 && <p className="muted">{t('group.nobody')}</p>}
      {mayChange && count > 0 && (
        <div className="group-bar">
          <p className="grow sm" role="status">
            {chosen.size > 0 ? t('group.chosen', { count: chosen.size }) : t('group.how')}
          </p>
          {chosen.size > 0 && (
            <>
              <Select
                ref={target}
                aria-label={t('group.putInto', { count: chosen.size })}
                aria-keyshortcuts="M"
                placeholder={t('group.putInto', { count: chosen.size })}
                value={null}
                searchable
                openOnFocus
                data={[
                  { value: none, label: t('group.none') },
                  ...groups.map(({ id, name }) => ({ value: id as string, label: name })),
                ]}
                onChange={(group) => group && put([...chosen], group === none ? '' : group)}
              />
              <Button variant="subtle" onClick={() => setChosen(new Set())}>
                {t('group.clear')}
              </Button>
            </>
          )}
        </div>
      )}
      <div className="group-cards">
        {count > 0 && <GroupCard {...card} course={course.id} students={alone} />}
        {groups.map((one) => (
          <GroupCard key={one.id} {...card} course={course.id} group={one} students={students.get(one.id) ?? []} />
        ))}
      </div>
      {drawing && <GroupDraw course={course} alone={alone.length} all={count} onClose={() => setDrawing(false)} />}
    </>
  )
}

const none = 'none'

/** Puts students into a group, or out of theirs, with a way back. */
function usePlace(course: string, people: readonly Classmate[], groups: readonly Group[]) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const called = useCalled()
  const failed = (error: unknown) => say(sentence(error))
  return async (ids: readonly string[], group: string) => {
    const moved = people.filter((one) => ids.includes(one.id) && one.groupId !== group)
    if (moved.length === 0) return
    const places = (groupOf: (one: Classmate) => string) =>
      placeClassmates(
        course,
        moved.map((one) => ({ memberId: one.id, groupId: groupOf(one) })),
      )
    try {
      await places(() => group)
    } catch (error) {
      return failed(error)
    }
    const name = groups.find((one) => one.id === group)?.name
    const who = called(moved[0] as Classmate)
    const words = name ? t('group.put', { count: moved.length, who, name }) : t('group.out', { count: moved.length, who })
    say(words, () => void places((one) => one.groupId).catch(failed))
  }
}
