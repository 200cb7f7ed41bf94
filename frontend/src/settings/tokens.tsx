import { Button, MultiSelect, SegmentedControl, Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { locale } from '../i18n'
import { LinkField } from '../people/link-field'
import { ago } from '../shell/ago'
import { projects } from '../state/queries'
import { endToken, makeToken, type Token, tokens } from '../state/tokens'
import { Lines, Problem } from '../ui/problem'
import { say } from '../ui/toast'
import { fields, focus, Section, useSending } from './form'

/** For how many days a token may be good. */
const lifetimes = [30, 90, 180, 365] as const
const day = 86_400_000

/** The tokens by which one's scripts come in. */
export function Tokens() {
  const { t } = useTranslation()
  const list = useQuery(tokens())
  const { busy, fault, send } = useSending()
  const begin = useRef<HTMLButtonElement>(null)
  const [making, setMaking] = useState(false)
  const [secret, setSecret] = useState<string>()

  const end = (token: Token) =>
    send(async () => {
      await endToken(token.id)
      begin.current?.focus() // the button goes
      say(t('tokens.ended', { name: token.name }))
    })

  function close() {
    setMaking(false)
    setSecret(undefined)
    setTimeout(() => begin.current?.focus()) // once it is there again
  }

  return (
    <Section
      id="tokens"
      title={t('tokens.title')}
      lead={
        <>
          {t('tokens.lead')} <a href="/api/docs">{t('tokens.docs')}</a>
        </>
      }
    >
      {list.isPending && <Lines />}
      {list.error && <Problem error={list.error} again={() => void list.refetch()} />}
      {list.data && list.data.length > 0 && (
        <ul className="lines">
          {list.data.map((token) => (
            <One key={token.id} token={token} busy={busy} onEnd={() => void end(token)} />
          ))}
        </ul>
      )}
      {list.data?.length === 0 && !making && !secret && <p className="muted">{t('tokens.none')}</p>}
      {fault}
      {secret && <Secret secret={secret} onClose={close} />}
      {making && (
        <Make
          onMade={(made) => {
            setMaking(false)
            setSecret(made)
          }}
          onClose={close}
        />
      )}
      {!making && !secret && (
        <Button ref={begin} variant="default" onClick={() => setMaking(true)}>
          {t('tokens.begin')}
        </Button>
      )}
    </Section>
  )
}

function One({ token, busy, onEnd }: { token: Token; busy: boolean; onEnd: () => void }) {
  const { t, i18n } = useTranslation()
  const mine = useQuery(projects()).data
  const spoken = locale(i18n.language)
  const expired = Date.parse(token.expiresAt) <= Date.now()
  const until = new Intl.DateTimeFormat(spoken, { dateStyle: 'medium' }).format(new Date(token.expiresAt))
  const names = mine?.filter((p) => token.projects.includes(p.id)).map((p) => p.name)
  const reach = token.projects.length === 0 ? t('tokens.everywhere') : names && (names.join(', ') || t('tokens.nowhere'))
  return (
    <li>
      <span className="grow">
        <b>
          {token.name} <span className="muted">…{token.hint}</span>
          {expired && <span className="tag">{t('tokens.expired')}</span>}
        </b>
        <small className="muted">
          {[t(`tokens.scope_${token.scope}`), reach].filter(Boolean).join(' · ')}
          <br />
          {[
            t(expired ? 'tokens.untilThen' : 'tokens.until', { when: until }),
            token.usedAt ? t('tokens.used', { when: ago(token.usedAt, spoken) }) : t('tokens.unused'),
          ].join(' · ')}
        </small>
      </span>
      <Button
        variant="default"
        size="xs"
        disabled={busy}
        aria-label={t(expired ? 'tokens.removeOne' : 'tokens.endOne', { name: token.name })}
        onClick={onEnd}
      >
        {t(expired ? 'tokens.remove' : 'tokens.end')}
      </Button>
    </li>
  )
}

function Make({ onMade, onClose }: { onMade: (secret: string) => void; onClose: () => void }) {
  const { t } = useTranslation()
  const { busy, fault, send } = useSending()
  const mine = useQuery(projects()).data ?? []
  const [scope, setScope] = useState<Token['scope']>('read')
  const [chosen, setChosen] = useState<string[]>([])

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const { name, days } = fields(event.currentTarget, 'name', 'days')
    await send(async () => {
      const expiresAt = new Date(Date.now() + Number(days) * day).toISOString()
      onMade(await makeToken({ name, scope, projects: chosen, expiresAt }))
    })
  }

  return (
    <form onSubmit={submit}>
      <TextInput
        ref={focus}
        name="name"
        label={t('tokens.name')}
        description={t('tokens.nameAbout')}
        required
        maxLength={200}
        autoComplete="off"
      />
      <div className="choice">
        <span className="choice__name" id="token-scope">
          {t('tokens.may')}
        </span>
        <SegmentedControl
          aria-labelledby="token-scope"
          value={scope}
          onChange={(value) => setScope(value as Token['scope'])}
          data={(['read', 'write'] as const).map((value) => ({ value, label: t(`tokens.scope_${value}`) }))}
        />
        <p className="sm muted">{t(`tokens.about_${scope}`)}</p>
      </div>
      <MultiSelect
        label={t('tokens.projects')}
        placeholder={chosen.length === 0 ? t('tokens.everywhere') : undefined}
        data={mine.map((p) => ({ value: p.id, label: p.name }))}
        value={chosen}
        onChange={setChosen}
        searchable
      />
      <Select
        name="days"
        label={t('tokens.lifetime')}
        defaultValue="90"
        allowDeselect={false}
        data={lifetimes.map((days) => ({ value: String(days), label: t('tokens.days', { count: days }) }))}
      />
      {fault}
      <div className="row">
        <Button type="submit" loading={busy}>
          {t('tokens.make')}
        </Button>
        <Button variant="subtle" onClick={onClose}>
          {t('settings.cancel')}
        </Button>
      </div>
    </form>
  )
}

/** The secret of a token that was just made. It is never shown again. */
function Secret({ secret, onClose }: { secret: string; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <div className="secret">
      <LinkField label={t('tokens.secret')} link={secret} first />
      <p className="sm muted">{t('tokens.once')}</p>
      <div className="row">
        <Button variant="default" onClick={onClose}>
          {t('tokens.done')}
        </Button>
      </div>
    </div>
  )
}
