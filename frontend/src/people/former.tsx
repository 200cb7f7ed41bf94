import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Section } from '../settings/form'
import { formerMembers } from '../state/people'
import { Problem } from '../ui/problem'
import { Who } from '../ui/tile'

/** Those who have left a project, by name or pseudonym as the project says. */
export function Former({ project }: { project: string }) {
  const { t } = useTranslation()
  const list = useQuery(formerMembers(project))
  if (list.data?.length === 0 || list.isPending) return null
  return (
    <Section id="former" title={t('former.title')} lead={t('former.lead')}>
      {list.error && <Problem error={list.error} again={() => void list.refetch()} />}
      <ul className="lines">
        {list.data?.map(({ userId, name, role }) => (
          <li key={userId}>
            <span aria-hidden="true">
              <Who name={name || t('members.gone')} />
            </span>
            <b className="grow">{name || t('members.gone')}</b>
            <span className="muted">{t(`role.${role}`)}</span>
          </li>
        ))}
      </ul>
    </Section>
  )
}
