import { NativeSelect, Radio, Select } from '@mantine/core'
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
import { Warnings } from './warnings'

const kinds = ['notes', 'sites', 'participants'] as const
const orders = ['dmy', 'mdy', 'ymd'] as const

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
          onChange={(event) => set({ of: kinds.find((k) => k === event.currentTarget.value) })}
        >
          {kinds.map((k) => (
            <option key={k} value={k}>
              {t(`importTable.ofKind.${k}`)}
            </option>
          ))}
        </NativeSelect>
      </div>
      <Questions table={table} choice={choice} onChange={set} />
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

type QuestionsProps = { table: UploadedTable; choice: Choice; onChange: (change: Choice['table']) => void }

/** What can be understood in more than one way. */
function Questions({ table, choice, onChange }: QuestionsProps) {
  const { t, i18n } = useTranslation()
  const asked = (code: string) => table.questions.find((q) => q.code === code)
  const order = asked('date_order')
  const decimal = asked('decimal')
  const of = asked('of')
  const others = table.questions.filter((q) => ![order, decimal, of].includes(q))
  if (table.questions.length === 0) return null
  return (
    <section className="import__ask">
      <h3>{t('importTable.questions')}</h3>
      {of && (
        <Radio.Group
          label={t('importTable.of')}
          description={sentenceIn(i18n, of, 'question')}
          value={choice.table?.of ?? ''}
          onChange={(value) => onChange({ of: kinds.find((k) => k === value) })}
        >
          <div className="import__choices">
            {kinds.map((k) => (
              <Radio key={k} value={k} label={t(`importTable.ofKind.${k}`)} />
            ))}
          </div>
        </Radio.Group>
      )}
      {order && (
        <Radio.Group
          label={t('importTable.dateOrder')}
          description={sentenceIn(i18n, order, 'question')}
          value={choice.table?.dateOrder ?? ''}
          onChange={(value) => onChange({ dateOrder: orders.find((o) => o === value) })}
        >
          <div className="import__choices">
            {orders
              .filter((o) => order.choices.length === 0 || order.choices.includes(o))
              .map((o) => (
                <Radio key={o} value={o} label={t(`importTable.dates.${o}`)} />
              ))}
          </div>
        </Radio.Group>
      )}
      {decimal && (
        <Radio.Group
          label={t('importTable.decimal')}
          description={sentenceIn(i18n, decimal, 'question')}
          value={choice.table?.decimal ?? ''}
          onChange={(value) => onChange({ decimal: value === ',' ? ',' : '.' })}
        >
          <div className="import__choices">
            <Radio value="," label={t('importTable.decimals.comma')} />
            <Radio value="." label={t('importTable.decimals.point')} />
          </div>
        </Radio.Group>
      )}
      {others.map((q) => (
        <p key={q.code + q.column}>{sentenceIn(i18n, q, 'question')}</p>
      ))}
    </section>
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
