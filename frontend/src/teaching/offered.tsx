import { Button, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Refused } from '../api/client'
import { Door } from '../people/door'
import { fields, focus } from '../settings/form'
import { type Key, type Offer, offer } from '../state/classmates'
import { Lines, Problem } from '../ui/problem'
import { readCode } from './code'
import './teaching.css'

/** What opens a course, as one word. */
export const keyOf = (opens: Key) => ('secret' in opens ? opens.secret : opens.code)

/** Says what a link or a code opens, as long as it opens something, and what to do when it doesn't. */
export function Offered({ opens, children }: { opens: Key; children: (seen: Offer) => ReactNode }) {
  const seen = useQuery(offer(opens))
  if (isGone(seen.error)) return <Gone code={'code' in opens} />
  return (
    <Door>
      {seen.isPending && <Lines count={4} />}
      {seen.error && <Problem error={seen.error} again={() => void seen.refetch()} />}
      {seen.data && (
        <>
          <What seen={seen.data} />
          {children(seen.data)}
        </>
      )}
    </Door>
  )
}

/** Whether a link or a code opens nothing, or no more. */
export const isGone = (error: unknown) => error instanceof Refused && error.problem?.code === 'join_gone'

function What({ seen }: { seen: Offer }) {
  const { t } = useTranslation()
  return (
    <div className="door__what">
      <h1>{seen.courseName}</h1>
      {seen.term && <p className="muted">{seen.term}</p>}
      <p>{seen.kind === 'claim' && seen.name ? t(`joined.place.${seen.role}`, { name: seen.name }) : t('joined.asStudent')}</p>
    </div>
  )
}

/** Stands where a link or a code opens nothing. */
export function Gone({ code }: { code?: boolean }) {
  const { t } = useTranslation()
  return (
    <Door>
      <div className="card door">
        <h1>{t('joined.gone')}</h1>
        <p>{t('joined.goneWhat')}</p>
        {code && (
          <a className="sm" href="/join">
            {t('joined.another')}
          </a>
        )}
        <a className="sm" href="/">
          {t('invitation.home')}
        </a>
      </div>
    </Door>
  )
}

/** Asks for the code that an instructor shows. */
export function AskCode({ onCode }: { onCode: (code: string) => void }) {
  const { t } = useTranslation()
  const [wrong, setWrong] = useState<string>()

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const typed = fields(event.currentTarget, 'code').code
    const code = readCode(typed)
    setWrong(code ? undefined : t('joined.malformed'))
    if (code) onCode(code)
  }

  return (
    <Door>
      <form className="card door" onSubmit={submit}>
        <h1>{t('joined.title')}</h1>
        <TextInput
          name="code"
          ref={focus}
          className="code-field"
          label={t('joined.code')}
          description={t('joined.codeAbout')}
          placeholder="K7QF-M2XA"
          error={wrong}
          required
          maxLength={40}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
        />
        <Button type="submit">{t('joined.goOn')}</Button>
      </form>
    </Door>
  )
}
