import { Button, NumberInput, Radio, Select, Textarea } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { fields, useSending } from '../settings/form'
import { invite, type MadeInvitation, type NewInvitations, signInOptions } from '../state/people'
import { type Role, roles } from '../state/settings'
import { Dialog } from '../ui/dialog'
import { addressesIn } from './addresses'
import { Made } from './made'
import './people.css'

const ways = ['one', 'class', 'mail'] as const
type Way = (typeof ways)[number]

// Days that an invitation is open; the last is about a semester.
const terms = [1, 7, 14, 30, 90, 150]
const usual = '14'
const most = 50

type Props = { project: string; onClose: () => void }

/** Invites people to a project: makes a link, or sends one to each address, and shows what was made this once. */
export function Invite({ shown, ...props }: Props & { shown: boolean }) {
  const { t } = useTranslation()
  return (
    <Dialog title={t('invite.invite')} size="lg" shown={shown} onClose={props.onClose}>
      <Content {...props} />
    </Dialog>
  )
}

function Content({ project, onClose }: Props) {
  const [made, setMade] = useState<MadeInvitation[]>()
  return made ? <Made made={made} onClose={onClose} /> : <Ask project={project} onMade={setMade} />
}

function Ask({ project, onMade }: { project: string; onMade: (made: MadeInvitation[]) => void }) {
  const { t } = useTranslation()
  const hasMail = useQuery(signInOptions()).data?.mail ?? false
  const [way, setWay] = useState<Way>('one')
  const [role, setRole] = useState<Role>('coder')
  // A link that makes an owner is for one person.
  const given: readonly Role[] = way === 'class' ? roles.filter((one) => one !== 'owner') : roles
  const [pasted, setPasted] = useState('')
  const [wrong, setWrong] = useState<string>()
  const { busy, fault, send } = useSending()

  /** What is the matter with the addresses, in words. */
  function mistake() {
    const { addresses, others } = addressesIn(pasted)
    if (others.length > 0) return t('invite.notAddress', { words: others.slice(0, 3).join(', ') })
    if (addresses.length === 0) return t('invite.noAddress')
    if (addresses.length > most) return t('invite.tooMany', { count: addresses.length, most })
    return undefined
  }

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = event.currentTarget
    const fault = way === 'mail' ? mistake() : undefined
    setWrong(fault)
    if (fault) return form.querySelector<HTMLElement>('[name=addresses]')?.focus()
    await send(async () => onMade(await invite(project, asked(form, way))))
  }

  return (
    <form className="invite" onSubmit={submit}>
      <Radio.Group label={t('invite.whom')} value={way} onChange={(value) => setWay(value as Way)}>
        {ways
          .filter((one) => one !== 'mail' || hasMail)
          .map((one) => (
            <Radio
              key={one}
              value={one}
              label={t(`invite.way.${one}`)}
              description={t(`invite.wayAbout.${one}`)}
              data-autofocus={one === way || undefined}
            />
          ))}
      </Radio.Group>
      {way === 'class' && (
        <NumberInput
          name="limit"
          label={t('invite.limit')}
          description={t('invite.limitAbout')}
          min={1}
          max={1000}
          allowDecimal={false}
        />
      )}
      {way === 'mail' && (
        <>
          <Textarea
            name="addresses"
            label={t('invite.addresses')}
            description={t('invite.addressesAbout', { most })}
            value={pasted}
            onChange={(event) => setPasted(event.currentTarget.value)}
            error={wrong}
            autosize
            minRows={3}
            maxRows={10}
            maxLength={20_000}
          />
          <p className="sm muted" role="status">
            {t('invite.found', { count: addressesIn(pasted).addresses.length })}
          </p>
          <Textarea
            name="message"
            label={t('invite.message')}
            description={t('invite.messageAbout')}
            autosize
            minRows={2}
            maxRows={8}
            maxLength={2000}
          />
        </>
      )}
      <div className="invite__pair">
        <Select
          name="role"
          label={t('members.role')}
          value={given.includes(role) ? role : 'coder'}
          onChange={(chosen) => setRole(chosen as Role)}
          allowDeselect={false}
          data={given.map((one) => ({ value: one, label: t(`role.${one}`) }))}
        />
        <Select
          name="days"
          label={t('invite.term')}
          defaultValue={usual}
          allowDeselect={false}
          data={terms.map((days) => ({ value: String(days), label: t('invite.days', { count: days }) }))}
        />
      </div>
      {fault}
      <Button type="submit" loading={busy}>
        {t(way === 'mail' ? 'invite.send' : 'invite.make')}
      </Button>
    </form>
  )
}

/** What the form asks the server for. */
function asked(form: HTMLFormElement, way: Way): NewInvitations {
  const { role, days, limit, addresses, message } = fields(form, 'role', 'days', 'limit', 'addresses', 'message')
  const common = { role: role as Role, expiresAt: new Date(Date.now() + Number(days) * 86_400_000).toISOString() }
  if (way === 'mail') {
    return { ...common, maxUses: 1, emails: addressesIn(addresses).addresses, ...(message.trim() && { message: message.trim() }) }
  }
  return { ...common, maxUses: way === 'one' ? 1 : Number(limit) }
}
