import { NativeSelect, Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { UploadedTable } from '../api/uploads'
import { useProject } from '../shell/project'
import { useChoices, wish } from '../state/import-choices'
import { readAgain } from '../state/imports'
import type { Choice } from '../state/wishes'
import { useSentence } from '../ui/problem'
import { sentenceIn } from '../ui/sentence'
import { say } from '../ui/toast'
import { Columns } from './columns'
import { Encoding } from './facts'
import { RowFields } from './fields'
import { mapping, type Plan } from './plan'
import { Questions, tableKinds } from './questions'
import { Warnings } from './warnings'

/** A table: what its rows and columns are, to be corrected before anything is made of it. */
export function TableFile({ plan }: { plan: Plan }) {
  const { t, i18n } = useTranslation()
  const { id } = useProject()
  const sentence = useSentence()
  const { upload } = plan
  const table = upload.table as UploadedTable
  const choice = useChoices(id).files[upload.id] ?? {}
  const now = mapping(table, choice)
  const set = (change: Choice['table']) => wish(id, upload.id, { table: { ...choice.table, ...change } })
  return (
    <>
      <p className="muted">
        {t(`fileFormat.${upload.format}`)}, {t('import.rows', { count: table.rows })}
      </p>
      <div className="import__fields">
        {table.sheets.length > 1 && (
          <Select
            label={t('importTable.sheet')}
            data={table.sheets}
            value={table.sheet}
            allowDeselect={false}
            onChange={(sheet) => {
              if (sheet && sheet !== table.sheet) readAgain(id, upload, { sheet }).catch((error) => say(sentence(error)))
            }}
          />
        )}
        {upload.encoding && <Encoding upload={upload} />}
        <NativeSelect
          label={t('importTable.of')}
          value={now.of}
          onChange={(event) => set({ of: tableKinds.find((k) => k === event.currentTarget.value) })}
        >
          {tableKinds.map((k) => (
            <option key={k} value={k}>
              {t(`importTable.ofKind.${k}`)}
            </option>
          ))}
        </NativeSelect>
      </div>
      <Questions table={table} now={now} choice={choice} onChange={set} />
      <Warnings warnings={table.warnings} />
      {now.of === 'notes' && <RowFields plan={plan} />}
      <Columns table={table} now={now} onChange={(columns) => set({ columns })} />
      {table.problems.length > 0 && (
        <section className="import__ask">
          <h3>{t('importTable.problems')}</h3>
          <ul>
            {table.problems.map((problem) => (
              <li key={`${problem.row} ${problem.column}`}>
                {t('importTable.row', { row: problem.row })}
                {problem.column && `, ${problem.column}`}: {sentenceIn(i18n, problem, 'cell', 'problem')}
              </li>
            ))}
          </ul>
        </section>
      )}
      <Preview table={table} />
    </>
  )
}

/** The first rows as they were understood. */
function Preview({ table }: { table: UploadedTable }) {
  const { t } = useTranslation()
  const names = [...new Set(table.preview.flatMap((row) => Object.keys(row)))]
  if (names.length === 0) return null
  return (
    <section className="import__rows" aria-label={t('importTable.preview')}>
      <h3>{t('importTable.preview')}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and keys must reach it */}
      <div className="import__scroll" tabIndex={0}>
        <table>
          <thead>
            <tr>
              {names.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.preview.map((row, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other name, and don't move
              <tr key={i}>
                {names.map((name) => (
                  <td key={name}>{String(row[name] ?? '')}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
