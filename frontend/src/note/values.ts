// Values of attributes as filters write them. Pure.

/** A value of an attribute. */
export type AttributeValue = string | number | boolean

/** How a filter by a value is written. */
export const asFilter = (id: string, value: AttributeValue) =>
  `${id}:${/^(?:[<>]?=)/.test(String(value)) ? '=' : ''}${String(value)}`

/** Reads a filter: of which attribute, how its value is compared, and the value. */
export function ofFilter(filter: string): { id: string; operator: '=' | '>=' | '<='; value: string } {
  const [, id = '', operator = '', value = ''] = /^([^:]*):(>=|<=|=)?([\s\S]*)$/.exec(filter) ?? []
  return { id, operator: operator === '>=' || operator === '<=' ? operator : '=', value }
}
