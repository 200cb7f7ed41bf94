import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useSending } from '../settings/form'
import { type Classmate, confirmMatches } from '../state/classmates'
import { say } from '../ui/toast'
import { useCourse } from './course-frame'

/** Those who joined by the link for all with an address that is on the list: an instructor says whether they are the same. */
export function Matches({ all }: { all: readonly Classmate[] }) {
  const { t } = useTranslation()
  const { id } = useCourse()
  const { busy, fault, send } = useSending()
  const byId = new Map(all.map((one) => [one.id as string, one]))
  const matched = all.flatMap((one) => {
    const listed = one.matchId ? byId.get(one.matchId) : undefined
    return listed ? [{ came: one, listed }] : []
  })
  if (matched.length === 0) return null

  const confirm = (ids: string[]) =>
    send(async () => {
      await confirmMatches(id, ids)
      say(t('match.confirmed', { count: ids.length }))
    })

  return (
    <section className="card class__band" aria-labelledby="matches">
      <h2 id="matches">{t('match.title', { count: matched.length })}</h2>
      <p className="sm">{t('match.about')}</p>
      <ul className="lines">
        {matched.map(({ came, listed }) => (
          <li key={came.id}>
            <span className="grow">
              <b>{listed.name}</b>
              <small className="muted">{t('match.came', { name: came.name, email: came.email ?? '' })}</small>
            </span>
            <Button
              variant="default"
              size="sm"
              aria-label={t('match.confirmOne', { name: listed.name })}
              onClick={() => void confirm([came.id])}
            >
              {t('match.confirm')}
            </Button>
          </li>
        ))}
      </ul>
      {fault}
      {matched.length > 1 && (
        <Button loading={busy} onClick={() => void confirm(matched.map(({ came }) => came.id))}>
          {t('match.confirmAll', { count: matched.length })}
        </Button>
      )}
    </section>
  )
}
