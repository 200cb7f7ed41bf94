import { Button, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { fields, focus, Section, useSending } from '../settings/form'
import { useProject } from '../shell/project'
import { useUser } from '../shell/user'
import { type Afterwards, handOver } from '../state/people'
import { type Member, members } from '../state/queries'
import { afterRemoval, canOwn } from '../state/settings'
import { say } from '../ui/toast'

const afterwards = ['editor', 'coder', 'reader', 'leave'] as const

/** Makes somebody else the owner of a project. The form asks, since one can't take that back by oneself. */
export function HandOver() {
  const { t } = useTranslation()
  const { id } = useProject()
  const user = useUser()
  const [asked, setAsked] = useState(false)
  const others = useQuery(members(id)).data?.filter((member) => member.userId !== user.id && canOwn(member))
  return (
    <Section id="hand-over" title={t('handOver.title')} lead={t('handOver.lead')}>
      {others?.length === 0 && <p className="muted">{t('handOver.nobody')}</p>}
      {others && others.length > 0 && !asked && (
        <Button variant="default" onClick={() => setAsked(true)}>
          {t('handOver.ask')}
        </Button>
      )}
      {others && others.length > 0 && asked && <Ask others={others} onEnd={() => setAsked(false)} />}
    </Section>
  )
}

function Ask({ others, onEnd }: { others: readonly Member[]; onEnd: () => void }) {
  const { t } = useTranslation()
  const go = useNavigate()
  const { id, project } = useProject()
  const { busy, fault, send } = useSending()

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const { to, then } = fields(event.currentTarget, 'to', 'then')
    const name = others.find((member) => member.userId === to)?.name ?? ''
    await send(async () => {
      await handOver(id, to, then as Afterwards)
      if (then === 'leave') {
        await go({ to: '/' })
        await afterRemoval(id, true)
      } else onEnd()
      say(t('handOver.done', { name, project: project?.name ?? '' }))
    })
  }

  return (
    <form onSubmit={submit}>
      <Select
        name="to"
        ref={focus}
        label={t('handOver.to')}
        required
        allowDeselect={false}
        searchable={others.length > 10}
        defaultValue={others.length === 1 ? others[0]?.userId : undefined}
        data={others.map(({ userId, name, role }) => ({ value: userId, label: `${name} · ${t(`role.${role}`)}` }))}
      />
      <Select
        name="then"
        label={t('handOver.then')}
        defaultValue="editor"
        allowDeselect={false}
        data={afterwards.map((then) => ({ value: then, label: t(`handOver.as.${then}`) }))}
      />
      {fault}
      <div className="row">
        <Button type="submit" loading={busy}>
          {t('handOver.now')}
        </Button>
        <Button variant="default" onClick={onEnd}>
          {t('settings.cancel')}
        </Button>
      </div>
    </form>
  )
}
