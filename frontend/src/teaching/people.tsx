import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { classmates } from '../state/classmates'
import { Icon } from '../ui/icons'
import { Lines, Problem } from '../ui/problem'
import { AddPerson } from './add-person'
import { Claims } from './claims'
import { useCourse } from './course-frame'
import { Joining } from './joining'
import { Matches } from './matches'
import { PeopleList } from './people-list'
import { comingOf } from './roll'
import { RosterDialog } from './roster'
import './teaching.css'

type Opened = 'roster' | 'one' | 'claims'

/** Who is in a course and who is to come, and what brings them in. */
export function People() {
  const { t } = useTranslation()
  const { id, may } = useCourse()
  const list = useQuery(classmates(id))
  const [opened, setOpened] = useState<Opened>()
  const close = () => setOpened(undefined)
  const waiting = list.data?.filter((one) => comingOf(one) === 'waiting') ?? []
  const mayManage = may('managePeople')
  return (
    <main className="view" id="text" tabIndex={-1}>
      <div className="class">
        <header className="class__head">
          <h1 className="grow">{t('course.people')}</h1>
          {mayManage && (
            <div className="class__deeds">
              <Button leftSection={<Icon name="plus" />} onClick={() => setOpened('roster')}>
                {t('roster.add')}
              </Button>
              <Button variant="default" onClick={() => setOpened('one')}>
                {t('person.addOne')}
              </Button>
              {waiting.length > 0 && (
                <Button variant="default" onClick={() => setOpened('claims')}>
                  {t('claims.open')}
                </Button>
              )}
            </div>
          )}
        </header>
        {mayManage && <Joining />}
        {mayManage && <Matches all={list.data ?? []} />}
        {list.isPending && <Lines />}
        {list.error && <Problem error={list.error} again={() => void list.refetch()} />}
        {list.data && <PeopleList all={list.data} />}
        {opened === 'roster' && <RosterDialog course={id} onClose={close} />}
        {opened === 'one' && <AddPerson onClose={close} />}
        {opened === 'claims' && <Claims course={id} waiting={waiting} onClose={close} />}
      </div>
    </main>
  )
}
