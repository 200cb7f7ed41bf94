import { Button, Checkbox } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Code } from '../state/queries'
import { Tile, Who } from '../ui/tile'
import { all, type Filter } from './filter'

type Props = {
  filter: Filter
  onFilter: (filter: Filter) => void
  codes: readonly Code[]
  coders: readonly { id: string; name: string; me: boolean }[]
}

/** The codes and coders to choose from. */
export function FilterChoices({ filter, onFilter, codes, coders }: Props) {
  const { t } = useTranslation()
  const count = filter.codes.length + filter.coders.length
  return (
    <>
      <Checkbox.Group
        value={[...filter.codes]}
        onChange={(chosen) => onFilter({ ...filter, codes: chosen })}
        label={t('filter.codes')}
      >
        <div className="filter__list">
          {codes.map((code) => (
            <Checkbox
              key={code.id}
              size="xs"
              value={code.id}
              className={code.parentId ? 'filter__sub' : undefined}
              label={
                <span className="row">
                  <Tile code={code} />
                  {code.name}
                </span>
              }
            />
          ))}
        </div>
      </Checkbox.Group>
      <Checkbox.Group
        value={[...filter.coders]}
        onChange={(chosen) => onFilter({ ...filter, coders: chosen })}
        label={t('filter.coders')}
      >
        <div className="filter__list">
          {coders.map(({ id, name, me }) => (
            <Checkbox
              key={id}
              size="xs"
              value={id}
              label={
                <span className="row">
                  <Who name={name} me={me} small />
                  {name}
                </span>
              }
            />
          ))}
        </div>
      </Checkbox.Group>
      <Button variant="default" size="compact-sm" disabled={count === 0} onClick={() => onFilter(all)}>
        {t('filter.clear')}
      </Button>
    </>
  )
}
