import { Button, Select, Switch, TextInput } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { momentOf, ownZone, zoneName, zones } from './due'
import { useDueWords } from './due-words'
import type { Form } from './exercise-form'

type Due = Pick<Form, 'dueAt' | 'timeZone' | 'lateAllowed'>
type Props = { value: Due; onChange: (due: Partial<Due>) => void }

/** When an exercise is due: a local time, the zone it is meant in, and what that comes to in words. */
export function DueField({ value: { dueAt, timeZone, lateAllowed }, onChange }: Props) {
  const { t } = useTranslation()
  const all = useMemo(() => zones(timeZone).map((zone) => ({ value: zone, label: zoneName(zone) })), [timeZone])
  const own = ownZone()
  return (
    <>
      <div className="row due">
        <TextInput
          type="datetime-local"
          label={t('exerciseDue.at')}
          value={dueAt}
          max="9999-12-31T23:59"
          onChange={(event) => onChange({ dueAt: event.target.value })}
        />
        <Select
          label={t('exerciseDue.zone')}
          data={all}
          value={timeZone || null}
          searchable
          limit={100}
          nothingFoundMessage={t('exerciseDue.noZone')}
          onChange={(zone) => zone && onChange({ timeZone: zone })}
        />
      </div>
      <DueWords dueAt={dueAt} zone={timeZone} />
      {(dueAt !== '' || timeZone !== own) && (
        <div className="row due">
          {dueAt !== '' && (
            <Button variant="default" size="compact-sm" onClick={() => onChange({ dueAt: '' })}>
              {t('exerciseDue.none')}
            </Button>
          )}
          {timeZone !== own && (
            <Button variant="default" size="compact-sm" onClick={() => onChange({ timeZone: own })}>
              {t('exerciseDue.ownZone', { zone: zoneName(own) })}
            </Button>
          )}
        </div>
      )}
      <Switch
        label={t('exerciseDue.late')}
        description={t('exerciseDue.lateHint')}
        checked={lateAllowed}
        onChange={(event) => onChange({ lateAllowed: event.currentTarget.checked })}
      />
    </>
  )
}

/** What a local time in a zone comes to, in words; and what summer time does to it. */
export function DueWords({ dueAt, zone }: { dueAt: string; zone: string }) {
  const { t } = useTranslation()
  const words = useDueWords()
  const moment = momentOf(dueAt, zone)
  const said = moment && words(moment.at, zone)
  return (
    <p className="sm due__words" role="status">
      {dueAt === '' ? t('exerciseFact.noDue') : !said && t('exerciseDue.unknown')}
      {said?.there}
      {said?.here && <span className="muted"> {said.here}</span>}
      {moment && moment.clocks !== 'plain' && <span> {t(`exerciseDue.${moment.clocks}`)}</span>}
    </p>
  )
}
