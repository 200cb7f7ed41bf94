import { NativeSelect, Radio } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { TableMapping, UploadedTable } from '../api/uploads'
import type { Choice } from '../state/wishes'
import { sentenceIn } from '../ui/sentence'

/** What the rows of a table can be. */
export const tableKinds = ['notes', 'sites', 'participants'] as const
const orders = ['dmy', 'mdy', 'ymd'] as const

type Props = { table: UploadedTable; now: TableMapping; choice: Choice; onChange: (change: Choice['table']) => void }

/** What can be understood in more than one way. */
export function Questions({ table, now, choice, onChange }: Props) {
  const { t, i18n } = useTranslation()
  const asked = (code: string) => table.questions.find((q) => q.code === code)
  const order = asked('date_order')
  const decimal = asked('decimal')
  const of = asked('of')
  const text = now.of === 'notes' ? asked('text') : undefined
  if (table.questions.length === 0) return null
  return (
    <section className="import__ask">
      <h3>{t('importTable.questions')}</h3>
      {of && (
        <Radio.Group
          label={t('importTable.of')}
          description={sentenceIn(i18n, of, 'question')}
          value={choice.table?.of ?? ''}
          onChange={(value) => onChange({ of: tableKinds.find((k) => k === value) })}
        >
          <div className="import__choices">
            {tableKinds
              .filter((k) => of.choices.includes(k))
              .map((k) => (
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
      {text && (
        <NativeSelect
          label={t('importTable.textColumn')}
          description={sentenceIn(i18n, text, 'question')}
          value={now.columns.findIndex((c) => c.field === 'text')}
          onChange={(event) => onChange({ columns: withText(now, Number(event.currentTarget.value)) })}
        >
          <option value={-1} />
          {now.columns.map(({ name }, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two columns may have one name, and none moves
            <option key={i} value={i}>
              {name}
            </option>
          ))}
        </NativeSelect>
      )}
    </section>
  )
}

/** The columns with the text in another one; what held it is left out. */
const withText = (now: TableMapping, at: number): NonNullable<Choice['table']>['columns'] =>
  Object.fromEntries(
    now.columns.map(({ field, type = '' }, i) => [i, { field: i === at ? 'text' : field === 'text' ? '' : field, type }]),
  )
