import { describe, expect, it } from 'vitest'
import type { Note, Site } from '../state/queries'
import type { Progress } from '../state/sources'
import { group, percent, readSearch, type Source, type SourcesSearch, select, sitePaths, sort } from './query'

const collator = new Intl.Collator('da', { numeric: true })
const site = (id: string, name: string, parentId = '') => ({ id, name, parentId }) as Site
const sites = [site('a', 'Havnsø'), site('b', 'Borgerservice', 'a'), site('c', 'Styrelsen')]
const paths = sitePaths(sites)

type Some = Partial<Omit<Note, 'siteId'>> & { siteId?: string; coded?: [number, number] }
const source = ({ coded, ...note }: Some): Source => ({
  note: {
    title: '',
    kind: 'fieldNote',
    siteId: '',
    observedOn: '',
    participantIds: [],
    draft: false,
    attributes: {},
    length: 0,
    ...note,
  } as Note,
  site: paths.get(note.siteId ?? '') ?? '',
  participants: [],
  observer: '',
  progress: coded && ({ codings: coded[0], codedBlocks: coded[0], blocks: coded[1] } as Progress),
})
const all = [
  source({ title: 'Møde 10', attributes: { x: 'Register', y: 2 }, siteId: 'a', observedOn: '2024-02-01', coded: [2, 2] }),
  source({ title: 'Møde 2', siteId: 'b', observedOn: '2023-01-01', kind: 'interview', coded: [1, 3] }),
  source({ title: 'Ærø', attributes: { x: 'Memory', z: false }, siteId: 'c', coded: [0, 4] }),
  source({ title: 'Uden sted', observedOn: '2024-05-01', draft: true, coded: [1, 2] }),
]
const titles = (some: readonly Source[]) => some.map((s) => s.note.title)
const selected = (search: SourcesSearch) => titles(select(all, search, sites))

describe('what is selected', () => {
  it('goes by each word of the title', () => expect(selected({ q: ' MØDE 2' })).toEqual(['Møde 2']))
  it('takes a site with all within it', () => expect(selected({ site: 'a' })).toEqual(['Møde 10', 'Møde 2']))
  it('takes those without a site', () => expect(selected({ site: 'none' })).toEqual(['Uden sted']))
  it('leaves notes without a date out of a range', () => {
    expect(selected({ to: '2024-03-01' })).toEqual(['Møde 10', 'Møde 2'])
    expect(selected({ from: '2024-02-01', to: '2024-02-01' })).toEqual(['Møde 10'])
  })
  it('tells how far a note has got', () => {
    expect(selected({ coded: 'none' })).toEqual(['Ærø'])
    expect(selected({ coded: 'begun' })).toEqual(['Møde 2', 'Uden sted'])
    expect(selected({ coded: 'half' })).toEqual(['Møde 10', 'Uden sted'])
    expect(selected({ coded: 'done' })).toEqual(['Møde 10'])
  })
  it('goes by a value of an attribute', () => {
    expect(selected({ attribute: 'x:Register' })).toEqual(['Møde 10'])
    expect(selected({ attribute: 'y:2' })).toEqual(['Møde 10'])
    expect(selected({ attribute: 'z:false' })).toEqual(['Ærø'])
    expect(selected({ attribute: 'z:true' })).toEqual([])
  })
  it('takes drafts alone', () => expect(selected({ drafts: true })).toEqual(['Uden sted']))
})

describe('the order', () => {
  it('counts numbers in titles, and knows the letters of the language', () => {
    expect(titles(sort(all, 'title', false, collator))).toEqual(['Møde 2', 'Møde 10', 'Uden sted', 'Ærø'])
  })
  it('puts what has nothing in the column last, either way', () => {
    expect(titles(sort(all, 'date', false, collator))).toEqual(['Møde 2', 'Møde 10', 'Uden sted', 'Ærø'])
    expect(titles(sort(all, 'date', true, collator))).toEqual(['Uden sted', 'Møde 10', 'Møde 2', 'Ærø'])
  })
})

describe('groups', () => {
  const names = (by: 'site' | 'year' | 'kind' | 'none') =>
    group(all, by, collator).map(([name, some]) => `${name} ${some.length}`)
  it('go by site, those without one last', () => {
    expect(names('site')).toEqual(['Havnsø 1', 'Havnsø / Borgerservice 1', 'Styrelsen 1', ' 1'])
  })
  it('go by year, the last year first', () => expect(names('year')).toEqual(['2024 2', '2023 1', ' 1']))
  it('go by kind', () => expect(names('kind')).toEqual(['fieldNote 3', 'interview 1']))
  it('can be none', () => expect(names('none')).toEqual([' 4']))
})

it('an address with nonsense in it shows what it can', () => {
  expect(
    readSearch({ q: 7, kind: 'poem', sort: 'title', group: '', from: '1.1.2024', to: '2024-01-01', down: 'yes', x: 1 }),
  ).toEqual({
    q: '7',
    sort: 'title',
    to: '2024-01-01',
  })
})

it('nothing and everything are said only where they are so', () => {
  const of = (codedBlocks: number, blocks: number) => percent({ codedBlocks, blocks } as Progress)
  expect([of(0, 9), of(1, 999), of(998, 999), of(9, 9), of(0, 0)]).toEqual([0, 1, 99, 100, 0])
})
