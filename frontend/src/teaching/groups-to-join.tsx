import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { type Classmate, type Group, joinGroup, leaveGroup } from '../state/classmates'
import type { Course } from '../state/courses'
import { useSentence } from '../ui/problem'
import { say } from '../ui/toast'
import { useCalled } from './person-line'
import { shownPeople } from './roll'

type Props = { course: Course; groups: readonly Group[]; people: readonly Classmate[] }

/** The groups as a student sees them: their own with its people, and the others to choose from where they may. */
export function GroupsToJoin({ course, groups: all, people }: Props) {
  const { t, i18n } = useTranslation()
  const called = useCalled()
  const mine = all.find((one) => one.mine)
  const mates = shownPeople(people, { words: '', role: 'student', group: mine?.id ?? 'x', coming: null }, i18n.language)
  return (
    <>
      <p className="muted class__lead">{lead()}</p>
      <ul className="lines">
        {all.map((one) => (
          <li key={one.id}>
            <span className="grow">
              <b>
                {one.name}
                {one.mine && <span className="tag">{t('group.yours')}</span>}
              </b>
              <small className="muted">
                {one.mine
                  ? mates.map((one) => (one.me ? t('members.you') : called(one))).join(', ')
                  : t('group.in', { count: one.count })}
              </small>
            </span>
            {course.groupsByChoice && <Choice course={course.id} group={one} />}
          </li>
        ))}
      </ul>
    </>
  )

  function lead() {
    if (all.length === 0) return t('group.noneYet')
    if (!course.groupsByChoice) return t(mine ? 'group.made' : 'group.notIn')
    return course.groupSize > 0 ? t('group.chooseAtMost', { count: course.groupSize }) : t('group.choose')
  }
}

function Choice({ course, group }: { course: string; group: Group }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const failed = (error: unknown) => say(sentence(error))

  async function turn() {
    if (group.mine) await leaveGroup(course)
    else await joinGroup(course, group.id)
    say(t(group.mine ? 'group.left' : 'group.joined', { name: group.name }))
  }

  if (group.full && !group.mine) return <span className="muted sm">{t('group.full')}</span>
  return (
    <Button
      variant="default"
      size="sm"
      aria-label={t(group.mine ? 'group.leaveOne' : 'group.joinOne', { name: group.name })}
      onClick={() => void turn().catch(failed)}
    >
      {t(group.mine ? 'group.leave' : 'group.join')}
    </Button>
  )
}
