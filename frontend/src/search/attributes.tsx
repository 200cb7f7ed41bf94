import { TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { asFilter, ofFilter } from '../note/values'
import type { Attribute } from '../state/attributes'
import { Icon } from '../ui/icons'
import { Facet, type FacetsProps, toggled, type Value } from './facets'
import { useWritten } from './names'

/** How a filter by an attribute is said. */
export function useAttributeWords(all: ReadonlyMap<string, Attribute>): (filter: string) => string | undefined {
  const { t } = useTranslation()
  const { day } = useWritten()
  const wordsOf = useValueWords()
  return (filter) => {
    const { id, operator, value } = ofFilter(filter)
    const attribute = all.get(id)
    if (!attribute) return undefined
    const words = attribute.type === 'date' && !Number.isNaN(Date.parse(value)) ? day(value) : wordsOf(attribute, value)
    const key = operator === '>=' ? 'from' : operator === '<=' ? 'until' : 'is'
    return t(`attribute.${key}`, { name: attribute.name, value: words })
  }
}

/** How a value of an attribute is said. */
function useValueWords() {
  const { t } = useTranslation()
  return ({ type }: Attribute, value: string) =>
    type === 'boolean' ? t(value === 'true' ? 'attribute.yes' : 'attribute.no') : value
}

/** The filters by attributes: what a choice, a text or a yes or no would let through, and bounds of numbers and dates. */
export function AttributeFacets({ asked, counts, names, onAsk }: FacetsProps) {
  const { number } = useWritten()
  const wordsOf = useValueWords()
  return [...names.attributes.values()].map((a) => {
    if (a.type === 'number' || a.type === 'date') return <Bounds key={a.id} attribute={a} asked={asked.attribute} onAsk={onAsk} />
    const counted = counts?.attributes[a.id] ?? {}
    const chosen = asked.attribute.filter((filter) => ofFilter(filter).id === a.id)
    const values = [...new Set([...Object.keys(counted), ...chosen.map((filter) => ofFilter(filter).value)])]
      .map((v): Value & { n: number } => {
        return { id: asFilter(a.id, v), label: wordsOf(a, v), depth: 0, n: counted[v] ?? 0, count: number(counted[v] ?? 0) }
      })
      .toSorted((x, y) => y.n - x.n || x.label.localeCompare(y.label))
    return (
      <Facet
        key={a.id}
        title={a.name}
        values={values}
        chosen={chosen}
        onChoose={(filter) => onAsk({ attribute: toggled(asked.attribute, filter) })}
      />
    )
  })
}

type BoundsProps = { attribute: Attribute; asked: readonly string[]; onAsk: FacetsProps['onAsk'] }

/** From where to where the values of an attribute go. */
function Bounds({ attribute: { id, name, type }, asked, onAsk }: BoundsProps) {
  const { t } = useTranslation()
  const bound = (operator: '>=' | '<=') => {
    const is = (filter: string) => ofFilter(filter).id === id && ofFilter(filter).operator === operator
    const others = asked.filter((filter) => !is(filter))
    const standing = asked.find(is)
    return {
      type,
      size: 'xs',
      step: 'any',
      value: standing ? ofFilter(standing).value : '',
      onChange: (event: React.ChangeEvent<HTMLInputElement>) =>
        onAsk({ attribute: event.target.value === '' ? others : [...others, `${id}:${operator}${event.target.value}`] }, true),
    }
  }
  return (
    <details open={asked.some((filter) => ofFilter(filter).id === id)}>
      <summary>
        <Icon name="chevron" />
        <span className="grow">{name}</span>
      </summary>
      <div className="when">
        <TextInput label={t('search.from')} aria-label={t('attribute.atLeast', { name })} {...bound('>=')} />
        <TextInput label={t('search.to')} aria-label={t('attribute.atMost', { name })} {...bound('<=')} />
      </div>
    </details>
  )
}
