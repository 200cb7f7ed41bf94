import { NativeSelect } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { ColumnType, TableMapping, UploadedTable } from '../api/uploads'
import { useProject } from '../shell/project'
import { columnFields } from './plan'

const types = ['text', 'number', 'date', 'boolean', 'choice'] as const

type Columns = Record<number, { field: string; type: ColumnType }>
type Props = { table: UploadedTable; now: TableMapping; onChange: (columns: Columns) => void }

/** What each column of a table is. */
export function Columns({ table, now, onChange }: Props) {
  const { t } = useTranslation()
  const { project } = useProject()
  const attributes = project?.attributes ?? []
  const set = (at: number, field: string, type: ColumnType) =>
    onChange(
      Object.fromEntries(now.columns.map((c, i) => [i, i === at ? { field, type } : { field: c.field, type: c.type ?? 'text' }])),
    )
  return (
    <section className="import__rows">
      <h3>{t('importTable.columns')}</h3>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('importTable.name')}</th>
            <th scope="col">{t('importTable.field')}</th>
            <th scope="col">{t('importTable.samples')}</th>
          </tr>
        </thead>
        <tbody>
          {table.columns.map(({ name, samples, type }, i) => {
            const { field } = now.columns[i] ?? { field: '' }
            const kind = now.columns[i]?.type ?? type ?? 'text'
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: two columns may have one name, and none moves
              <tr key={i}>
                <th scope="row">{name}</th>
                <td>
                  <NativeSelect
                    aria-label={`${name}: ${t('importTable.field')}`}
                    value={field}
                    onChange={(event) => set(i, event.currentTarget.value, kind)}
                  >
                    <option value="">{t('importTable.leftOut')}</option>
                    {columnFields[now.of].filter(Boolean).map((f) => (
                      <option key={f} value={f}>
                        {t(`tableField.${f}`)}
                      </option>
                    ))}
                    {now.of === 'notes' && <option value="attribute">{t('importTable.newAttribute')}</option>}
                    {now.of === 'notes' && attributes.length > 0 && (
                      <optgroup label={t('importTable.attributes')}>
                        {attributes.map((a) => (
                          <option key={a.id} value={`attribute:${a.id}`}>
                            {a.name}
                          </option>
                        ))}
                      </optgroup>
                    )}
                  </NativeSelect>
                  {field === 'attribute' && (
                    <NativeSelect
                      aria-label={`${name}: ${t('importTable.type')}`}
                      value={kind}
                      onChange={(event) => set(i, 'attribute', types.find((k) => k === event.currentTarget.value) ?? 'text')}
                    >
                      {types.map((k) => (
                        <option key={k} value={k}>
                          {t(`importTable.types.${k}`)}
                        </option>
                      ))}
                    </NativeSelect>
                  )}
                </td>
                <td className="muted">{samples.join(' · ')}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </section>
  )
}
