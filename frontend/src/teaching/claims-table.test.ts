import { expect, it } from 'vitest'
import { claimsTable } from './claims-table'

const heads = ['Name', 'E-mail', 'Link']

it('links are a table with the names of its columns, in UTF-8 that spreadsheets know', () => {
  const table = claimsTable([{ name: 'Åse Holm', email: 'ase@example.org', link: 'https://x/1' }], heads)
  expect(table).toBe('\uFEFFName,E-mail,Link\r\nÅse Holm,ase@example.org,https://x/1\r\n')
})

it('commas, quotes and line breaks stay within their cell', () => {
  const table = claimsTable([{ name: 'Holm, "Åse"\n', email: 'a@b.dk', link: 'l' }], heads)
  expect(table.split('\r\n')[1]).toBe('"Holm, ""Åse""\n",a@b.dk,l')
})

it('no cell is a formula', () => {
  for (const name of ['=1+1', '+1', '-1', '@x', '\tx'])
    expect(claimsTable([{ name, email: 'a@b.dk', link: 'l' }], heads).split('\r\n')[1]).toBe(`"'${name}",a@b.dk,l`)
})
