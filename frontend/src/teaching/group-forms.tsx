import { Button, NumberInput, Switch, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { fields, useSending } from '../settings/form'
import { type Group, makeGroup, renameGroup } from '../state/classmates'
import { type Course, changeCourse, longestName } from '../state/courses'
import { Dialog } from '../ui/dialog'
import { say } from '../ui/toast'
import { useCourse } from './course-frame'

/** As many as the server lets into one group. */
export const largestGroup = 50

/** Makes an empty group. */
export function MakeGroup({ course }: { course: string }) {
  const { t } = useTranslation()
  const { busy, fault, send } = useSending()

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = event.currentTarget
    const { name } = fields(form, 'name')
    await send(async () => {
      await makeGroup(course, name)
      form.reset()
      say(t('group.made1', { name }))
    })
  }

  return (
    <form className="group-make" onSubmit={submit}>
      <TextInput
        name="name"
        aria-label={t('group.name')}
        placeholder={t('group.name')}
        required
        maxLength={longestName}
        autoComplete="off"
      />
      <Button type="submit" loading={busy}>
        {t('group.make')}
      </Button>
      {fault}
    </form>
  )
}

export function RenameGroup({ course, group, onClose }: { course: string; group: Group; onClose: () => void }) {
  const { t } = useTranslation()
  const { busy, fault, send } = useSending()

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const { name } = fields(event.currentTarget, 'name')
    await send(async () => {
      await renameGroup(course, group, name)
      onClose()
    })
  }

  return (
    <Dialog title={t('group.rename')} onClose={onClose}>
      <form className="dialog-form" onSubmit={submit}>
        <TextInput
          name="name"
          label={t('group.name')}
          defaultValue={group.name}
          required
          maxLength={longestName}
          autoComplete="off"
          data-autofocus
        />
        {fault}
        <Button type="submit" loading={busy}>
          {t('settings.save')}
        </Button>
      </form>
    </Dialog>
  )
}

/** Says whether students choose their group themselves, and how many may be in one. */
export function ByChoice({ course }: { course: Course }) {
  const { t } = useTranslation()
  const { may } = useCourse()
  const { busy, fault, send } = useSending()
  const [isOn, setOn] = useState(course.groupsByChoice)
  const [size, setSize] = useState<number | string>(course.groupSize || '')
  if (!may('manageCourse')) return course.groupsByChoice ? <p className="muted sm">{t('group.byChoiceNow')}</p> : null

  async function turn(groupsByChoice: boolean) {
    setOn(groupsByChoice)
    const isTurned = await send(async () => {
      await changeCourse(course, { groupsByChoice })
      say(t(groupsByChoice ? 'group.byChoiceOn' : 'group.byChoiceOff'))
    })
    if (!isTurned) setOn(!groupsByChoice)
  }
  const limit = () =>
    send(async () => {
      if (Number(size) !== course.groupSize) await changeCourse(course, { groupSize: Number(size) })
    })

  return (
    <div className="group-choice">
      <Switch
        label={t('group.byChoice')}
        description={t('group.byChoiceAbout')}
        checked={isOn}
        disabled={busy}
        onChange={(event) => void turn(event.currentTarget.checked)}
      />
      {isOn && (
        <NumberInput
          label={t('group.atMost')}
          description={t('group.atMostAbout')}
          value={size}
          onChange={setSize}
          onBlur={() => void limit()}
          min={1}
          max={largestGroup}
          allowDecimal={false}
          clampBehavior="strict"
        />
      )}
      {fault}
    </div>
  )
}
