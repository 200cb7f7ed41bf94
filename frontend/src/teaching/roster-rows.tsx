import { Switch, Table } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RosterRow } from '../state/classmates'
import { useSentence } from '../ui/problem'

/** So many lines are shown; those that need a look come first when they are asked for alone. */
const most = 300

/** The lines of a list of people, each with what becomes of it. */
export function RosterRows({ rows }: { rows: readonly RosterRow[] }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const [isNarrow, setNarrow] = useState(false)
  const hasGroups = rows.some((row) => row.group !== '')
  const others = rows.filter((row) => row.state !== 'new')
  const listed = isNarrow ? others : rows
  return (
    <>
      {others.length > 0 && others.length < rows.length && (
        <Switch label={t('roster.onlyOthers')} checked={isNarrow} onChange={(event) => setNarrow(event.currentTarget.checked)} />
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and keys must reach it */}
      <section className="roster__rows" tabIndex={0} aria-label={t('roster.lines')}>
        <Table stickyHeader>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('roster.line')}</Table.Th>
              <Table.Th scope="col">{t('roster.name')}</Table.Th>
              <Table.Th scope="col">{t('roster.email')}</Table.Th>
              {hasGroups && <Table.Th scope="col">{t('roster.group')}</Table.Th>}
              <Table.Th scope="col">{t('roster.becomes')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {listed.slice(0, most).map((row) => (
              <Table.Tr key={row.line} data-state={row.state}>
                <Table.Td className="num muted">{row.line}</Table.Td>
                <Table.Td>{row.name}</Table.Td>
                <Table.Td>{row.email}</Table.Td>
                {hasGroups && <Table.Td>{row.group}</Table.Td>}
                <Table.Td>
                  <span className={row.state === 'faulty' ? 'bad' : 'muted'}>
                    {row.state === 'faulty' ? sentence(row.problem) : t(`roster.state.${row.state}`)}
                  </span>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </section>
      {listed.length > most && <p className="sm muted">{t('roster.moreLines', { count: listed.length - most })}</p>}
    </>
  )
}
