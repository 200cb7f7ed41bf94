import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useProject } from '../shell/project'
import { wish } from '../state/import-choices'
import { notes } from '../state/queries'
import { beside } from '../state/wishes'
import { Fields } from './fields'
import type { Plan } from './plan'
import type { Line } from './use-import'

/** What stands for a note of its own. */
const alone = 'alone'

/** A recording, picture or slides: beside a note, or a note of its own that waits for its words. */
export function MediaFile({ plan, lines }: { plan: Plan; lines: readonly Line[] }) {
  const { t } = useTranslation()
  const { id } = useProject()
  const there = useQuery(notes(id)).data ?? []
  const files = lines.flatMap(({ plan: other }) => (other?.upload.document ? [other] : []))
  return (
    <>
      <p className="muted">{t(`fileFormat.${plan.upload.format || 'unknown'}`)}</p>
      <Select
        label={t('import.belongsTo')}
        data={[
          { value: alone, label: t('import.ownNote') },
          ...(files.length > 0
            ? [
                {
                  group: t('import.ofThese'),
                  items: files.map((p) => ({ value: beside + p.upload.id, label: p.upload.name })),
                },
              ]
            : []),
          ...(there.length > 0
            ? [{ group: t('import.ofProject'), items: there.map((n) => ({ value: n.id as string, label: n.title })) }]
            : []),
        ]}
        value={plan.belongsTo || alone}
        onChange={(to) => wish(id, plan.upload.id, { belongsTo: to === null || to === alone ? '' : to })}
        allowDeselect={false}
        searchable
        nothingFoundMessage={t('sources.nothing')}
      />
      {plan.as === 'note' && (
        <>
          <p className="muted">{t('import.waitsForWords')}</p>
          <Fields plan={plan} isOnly={lines.length === 1} />
        </>
      )}
    </>
  )
}
