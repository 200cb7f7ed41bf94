// Some browsers forget what the parts of a table are once they aren't laid out as one. Each says so itself.
export const as = {
  table: { role: 'table' },
  part: { role: 'rowgroup' },
  row: { role: 'row' },
  column: { role: 'columnheader' },
  name: { role: 'rowheader' },
  cell: { role: 'cell' },
} as const
