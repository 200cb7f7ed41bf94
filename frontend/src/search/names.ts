import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { locale } from '../i18n'
import type { Attribute } from '../state/attributes'
import { type Code, codes, everybody, participants, project as record, type Site, sites } from '../state/queries'
import type { Participant } from '../state/search'

/** What the ids of a search stand for. */
export type Names = {
  codes: Map<string, Code>
  sites: Map<string, Site>
  coders: Map<string, string>
  participants: Map<string, Participant>
  attributes: Map<string, Attribute>
}

/** Reads what the ids of a project's searches stand for; what hasn't come yet isn't in it. */
export function useNames(project: string): Names {
  const book = useQuery(codes(project)).data
  const places = useQuery(sites(project)).data
  const team = useQuery(everybody(project)).data
  const people = useQuery(participants(project)).data
  const study = useQuery(record(project)).data
  return useMemo(
    () => ({
      codes: new Map(book?.map((c) => [c.id, c])),
      sites: new Map(places?.map((s) => [s.id, s])),
      coders: new Map(team?.map((m) => [m.userId, m.name])),
      participants: new Map(people?.map((p) => [p.id, p])),
      attributes: new Map(study?.attributes.map((a) => [a.id, a])),
    }),
    [book, places, team, people, study],
  )
}

/** How days, numbers and languages are written. */
export function useWritten() {
  const { i18n } = useTranslation()
  return useMemo(() => {
    const spoken = locale(i18n.language)
    const days = new Intl.DateTimeFormat(spoken, { dateStyle: 'medium', timeZone: 'UTC' })
    const numbers = new Intl.NumberFormat(spoken)
    const languages = new Intl.DisplayNames(spoken, { type: 'language', fallback: 'code' })
    return {
      day: (date: string) => days.format(new Date(date)),
      number: (n: number) => numbers.format(n),
      language: (tag: string) => {
        try {
          const name = languages.of(tag) ?? tag
          return name.charAt(0).toLocaleUpperCase(spoken) + name.slice(1)
        } catch {
          return tag // somebody's own word
        }
      },
    }
  }, [i18n.language])
}
