import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { UploadedDocument } from '../api/uploads'
import { useProject } from '../shell/project'
import { wish } from '../state/import-choices'
import { participants } from '../state/queries'
import { OneOrNew } from './one-or-new'
import type { Plan } from './plan'

/** Who the speakers of a transcript are: participants that are there, new ones by pseudonym, or their labels as they stand. */
export function Speakers({ plan, speakers }: { plan: Plan; speakers: UploadedDocument['speakers'] }) {
  const { t } = useTranslation()
  const { id } = useProject()
  const people = useQuery(participants(id)).data ?? []
  const options = people.map((p) => ({ value: p.id as string, label: [p.pseudonym, p.actorRole].filter(Boolean).join(', ') }))
  return (
    <section className="import__speakers">
      <h3>{t('import.speakers')}</h3>
      <p className="muted">{t('import.speakersHint')}</p>
      <table>
        <thead className="sr">
          <tr>
            <th scope="col">{t('import.label')}</th>
            <th scope="col">{t('import.participant')}</th>
          </tr>
        </thead>
        <tbody>
          {speakers.map(({ name, turns }) => (
            <tr key={name}>
              <th scope="row">
                {name} <span className="xs muted num">{t('import.turns', { count: turns })}</span>
              </th>
              <td>
                <OneOrNew
                  aria-label={t('import.whoIs', { name })}
                  placeholder={t('import.asItIs')}
                  options={options}
                  mayMake
                  value={plan.speakers[name] ?? ''}
                  onChange={(who) => wish(id, plan.upload.id, { speakers: { ...plan.speakers, [name]: who } })}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
