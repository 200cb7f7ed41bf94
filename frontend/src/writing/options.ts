import type { ComboboxItem, OptionsFilter } from '@mantine/core'

/** The value of the option that makes what was typed. */
export const make = 'make'

/** Options that contain what was typed, and always the one that makes it. */
export const matching: OptionsFilter = ({ options, search }) => {
  const wanted = search.trim().toLocaleLowerCase()
  return (options as ComboboxItem[]).filter(
    (option) => option.value === make || option.label.toLocaleLowerCase().includes(wanted),
  )
}
