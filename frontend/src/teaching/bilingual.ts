// Words of an exercise, which are there in English, in Danish or in both. Pure.

import type { Bilingual } from '../state/exercises'

/** The two languages of an exercise. */
export const tongues = ['en', 'da'] as const
export type Tongue = (typeof tongues)[number]

/** The words in the language of the app, or in the other one where those are missing. */
export function inLanguage({ en, da }: Bilingual, language: string): string {
  return language === 'da' ? da || en : en || da
}

/** The language in which inLanguage gives the words. */
export function languageOf({ en, da }: Bilingual, language: string): Tongue {
  return language === 'da' ? (da ? 'da' : 'en') : en ? 'en' : 'da'
}

/** Whether there are no words in either. */
export const isEmpty = ({ en, da }: Bilingual) => en.trim() === '' && da.trim() === ''
