import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { locale } from '../i18n'
import { Tile } from '../ui/tile'
import { useNamesOf } from './names'
import type { Part, Phrase } from './sentence'

/** A sentence of the history, with the names it needs; records that are there are links. */
export function Words({ actor, phrase }: { actor: string; phrase: Phrase }) {
  const { t, i18n } = useTranslation()
  const list = new Intl.ListFormat(locale(i18n.language))
  const fields = phrase.fields && list.format(phrase.fields.map((field) => t(`history.field.${field}`)))
  // The names are put in after the sentence is made, so that nothing in them is taken for anything but words.
  const parts: Record<string, ReactNode> = { who: <b>{usePerson(actor)}</b> }
  const holes: Record<string, string> = { who: hole('who') }
  for (const [name, part] of Object.entries(phrase.parts)) {
    parts[name] = <Named part={part} />
    holes[name] = hole(name)
  }
  const sentence = t(`history.did.${phrase.key}`, { ...holes, fields, count: phrase.count ?? 0 })
  return sentence.split('\u0001').map((piece, i) => {
    const shown = i % 2 === 0 ? piece : parts[piece]
    // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a sentence don't move
    return <span key={i}>{shown}</span>
  })
}

const hole = (name: string) => `\u0001${name}\u0001`

function usePerson(id: string): string {
  const { t } = useTranslation()
  const { people } = useNamesOf()
  if (id === '') return 'Feltbog'
  return people?.get(id) ?? (people ? t('history.left') : '…')
}

function Named({ part }: { part: Part }) {
  const { t } = useTranslation()
  if ('person' in part) return <Person id={part.person} />
  if ('note' in part) return <NoteName id={part.note} name={part.name} coding={part.coding} />
  if ('code' in part) return <CodeName id={part.code} name={part.name} />
  if ('site' in part) return <SiteName id={part.site} />
  if ('round' in part) return <RoundName id={part.round} name={part.name} />
  if ('role' in part) return t(`history.as.${part.role}`)
  if ('noun' in part) return t(`history.a.${part.noun}`)
  if ('word' in part) return t(`history.the.${part.word}`)
  return <b>{part.name}</b>
}

function Person({ id }: { id: string }) {
  return <b>{usePerson(id)}</b>
}

function RoundName({ id, name }: { id: string; name: string }) {
  const { project } = useNamesOf()
  return (
    <Link to="/projects/$project/rounds/$round" params={{ project, round: id }}>
      {name}
    </Link>
  )
}

function NoteName({ id, name, coding }: { id: string; name: string | undefined; coding: string | undefined }) {
  const { t } = useTranslation()
  const { project, notes } = useNamesOf()
  const note = notes?.get(id)
  if (!note) return name ? <b>{name}</b> : notes ? t('history.goneNote') : '…'
  return (
    <Link
      to="/projects/$project/notes/$note"
      params={{ project, note: id }}
      search={coding ? { coding } : {}}
      lang={note.language || undefined}
    >
      {name ?? note.title}
    </Link>
  )
}

function CodeName({ id, name }: { id: string; name: string | undefined }) {
  const { t } = useTranslation()
  const { codes } = useNamesOf()
  const code = codes?.get(id)
  if (!code) return name ? <b>{name}</b> : codes ? t('history.goneCode') : '…'
  return (
    <span className="past__code">
      <Tile code={code} />
      <b>{name ?? code.name}</b>
    </span>
  )
}

function SiteName({ id }: { id: string }) {
  const { t } = useTranslation()
  const { sites } = useNamesOf()
  return <b>{sites?.get(id) ?? (sites ? t('history.goneSite') : '…')}</b>
}
