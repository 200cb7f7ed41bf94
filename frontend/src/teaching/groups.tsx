import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { classmates, groups } from '../state/classmates'
import { Lines, Problem } from '../ui/problem'
import { useCourse } from './course-frame'
import { GroupDesk } from './group-desk'
import { GroupsToJoin } from './groups-to-join'
import './teaching.css'

/** The groups of a course: made by those who manage its people, seen or chosen by students. */
export function Groups() {
  const { t } = useTranslation()
  const { id, course, may, role } = useCourse()
  const lists = useQuery(groups(id))
  const people = useQuery(classmates(id))
  const again = () => {
    void lists.refetch()
    void people.refetch()
  }
  const fault = lists.error ?? people.error
  return (
    <main className="view" id="text" tabIndex={-1}>
      <div className="class">
        <h1>{t('group.title')}</h1>
        {fault && <Problem error={fault} again={again} />}
        {(lists.isPending || people.isPending) && <Lines />}
        {course && lists.data && people.data && role !== 'student' && (
          <GroupDesk course={course} groups={lists.data} people={people.data} mayChange={may('managePeople')} />
        )}
        {course && lists.data && people.data && role === 'student' && (
          <GroupsToJoin course={course} groups={lists.data} people={people.data} />
        )}
      </div>
    </main>
  )
}
