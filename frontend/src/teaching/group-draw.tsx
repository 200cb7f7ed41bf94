import { Button, NumberInput, Switch, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { fields, focus, useSending } from '../settings/form'
import { drawGroups, placeClassmates } from '../state/classmates'
import type { Course } from '../state/courses'
import { Dialog } from '../ui/dialog'
import { say } from '../ui/toast'
import { largestGroup } from './group-forms'
import { drawn } from './roll'

type Outcome = Awaited<ReturnType<typeof drawGroups>>
type Props = {
  course: Course
  /** How many are in no group, and how many students there are. */
  alone: number
  all: number
  onClose: () => void
}

/** Draws students into groups at random. It can be drawn again by the number of the draw, with the same outcome. */
export function GroupDraw(props: Props) {
  const { t } = useTranslation()
  const [outcome, setOutcome] = useState<Outcome>()
  return (
    <Dialog title={t('draw.title')} onClose={props.onClose}>
      {outcome ? (
        <Done course={props.course.id} outcome={outcome} onClose={props.onClose} />
      ) : (
        <Ask {...props} onDrawn={setOutcome} />
      )}
    </Dialog>
  )
}

function Ask({ course, alone, all, onDrawn }: Props & { onDrawn: (outcome: Outcome) => void }) {
  const { t } = useTranslation()
  const [size, setSize] = useState<number | string>(course.groupSize || 4)
  const [keep, setKeep] = useState(alone > 0)
  const { busy, fault, send } = useSending()
  const come = drawn(keep ? alone : all, Number(size))

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const { seed } = fields(event.currentTarget, 'seed')
    await send(async () =>
      onDrawn(await drawGroups(course.id, { size: Number(size), keep, ...(seed.trim() && { seed: seed.trim() }) })),
    )
  }

  return (
    <form className="dialog-form" onSubmit={submit}>
      <NumberInput
        label={t('draw.size')}
        value={size}
        onChange={setSize}
        min={1}
        max={largestGroup}
        allowDecimal={false}
        clampBehavior="strict"
        required
        data-autofocus
      />
      <Switch
        label={t('draw.keep')}
        description={t('draw.keepAbout')}
        checked={keep}
        onChange={(event) => setKeep(event.currentTarget.checked)}
      />
      <TextInput
        name="seed"
        label={t('draw.seed')}
        description={t('draw.seedAbout')}
        inputMode="numeric"
        pattern="[0-9]*"
        maxLength={19}
        autoComplete="off"
      />
      <p role="status">
        {come.groups === 0
          ? t('draw.nobody')
          : come.least === come.most
            ? t('draw.even', { count: come.groups, n: come.most })
            : t('draw.uneven', { count: come.groups, least: come.least, most: come.most })}
      </p>
      {fault}
      <Button type="submit" loading={busy} disabled={come.groups === 0}>
        {t('draw.now')}
      </Button>
    </form>
  )
}

/** Says how to check the draw, and takes it back where it is not what was wanted. */
function Done({ course, outcome, onClose }: { course: string; outcome: Outcome; onClose: () => void }) {
  const { t } = useTranslation()
  const { busy, fault, send } = useSending()

  const takeBack = () =>
    send(async () => {
      await placeClassmates(course, outcome.before)
      onClose()
      say(t('draw.back'))
    })

  return (
    <div className="dialog-form">
      <p role="status">{t('draw.done', { seed: outcome.seed })}</p>
      {fault}
      <div className="row">
        <Button ref={focus} onClick={onClose}>
          {t('invite.done')}
        </Button>
        <Button variant="default" loading={busy} onClick={() => void takeBack()}>
          {t('draw.takeBack')}
        </Button>
      </div>
    </div>
  )
}
