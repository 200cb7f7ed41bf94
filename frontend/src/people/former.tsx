import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { locale } from '../i18n'
import { Section } from '../settings/form'
import { everybody } from '../state/queries'
import { Who } from '../ui/tile'

/** Those who have left a project, by name or pseudonym as the project says. */
export function Former({ project }: { project: string }) {
  const { t, i18n } = useTranslation()
  const former = useQuery(everybody(project)).data?.filter((member) => member.left) ?? []
  const day = new Intl.DateTimeFormat(locale(i18n.language), { dateStyle: 'medium' })
  if (former.length === 0) return null
  return (
    <Section id="former" title={t('former.title')} lead={t('former.lead')}>
      <ul className="lines">
        {former.map(({ id, name, role, deletedAt }) => (
          <li key={id}>
            <span aria-hidden="true">
              <Who name={name} />
            </span>
            <span className="grow">
              <b>{name}</b>
              {deletedAt && <small className="muted">{t('former.left', { when: day.format(new Date(deletedAt)) })}</small>}
            </span>
            <span className="muted">{t(`role.${role}`)}</span>
          </li>
        ))}
      </ul>
    </Section>
  )
}
