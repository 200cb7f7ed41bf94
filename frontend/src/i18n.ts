import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'

export const languages = ['en', 'da'] as const
export type Language = (typeof languages)[number]

/** The languages by their own names. */
export const languageNames = { en: 'English', da: 'Dansk' } as const

// Each language is a part of its own: nobody loads the words of the other.
const words: Record<Language, () => Promise<{ default: object }>> = {
  en: () => import('./locales/en'),
  da: () => import('./locales/da'),
}

// Words of views that nobody sees at first come with them.
const later = {
  codes: { en: () => import('./locales/en/codes.json'), da: () => import('./locales/da/codes.json') },
  history: { en: () => import('./locales/en/history.json'), da: () => import('./locales/da/history.json') },
  import: { en: () => import('./locales/en/import.json'), da: () => import('./locales/da/import.json') },
  people: { en: () => import('./locales/en/people.json'), da: () => import('./locales/da/people.json') },
  rounds: { en: () => import('./locales/en/rounds.json'), da: () => import('./locales/da/rounds.json') },
  search: { en: () => import('./locales/en/search.json'), da: () => import('./locales/da/search.json') },
  settings: { en: () => import('./locales/en/settings.json'), da: () => import('./locales/da/settings.json') },
  talk: { en: () => import('./locales/en/talk.json'), da: () => import('./locales/da/talk.json') },
  teaching: { en: () => import('./locales/en-teaching'), da: () => import('./locales/da-teaching') },
  tokens: { en: () => import('./locales/en/tokens.json'), da: () => import('./locales/da/tokens.json') },
  writing: { en: () => import('./locales/en/writing.json'), da: () => import('./locales/da/writing.json') },
} satisfies Record<string, Record<Language, () => Promise<{ default: object }>>>
type Later = keyof typeof later

// What the server says, in the languages that it doesn't speak. It comes behind the first view.
const sentences: Partial<Record<Language, () => Promise<{ default: object }>>> = {
  da: () => import('./locales/da/problems.json'),
}

const wanted = new Set<Later>()

/** Gives a part of the app once its words are there too. */
export async function withWords<Part>(of: Later, part: Promise<Part>): Promise<Part> {
  wanted.add(of)
  await Promise.all(languages.filter((l) => i18next.hasResourceBundle(l, 'translation')).map((l) => add(l, of)))
  return part
}

async function add(language: Language, of: Later): Promise<void> {
  i18next.addResourceBundle(language, 'translation', (await later[of][language]()).default, true)
}

async function addSentences(language: Language): Promise<void> {
  const loaded = await sentences[language]?.()
  if (loaded) i18next.addResourceBundle(language, 'translation', loaded.default, true)
}

/** How dates and numbers are written in a language. */
export const locale = (language: string) => (language === 'en' ? 'en-GB' : language)

/** Shows the app in a language, and remembers it on this device. */
export async function speak(language: Language): Promise<void> {
  localStorage.setItem('language', language)
  await load(language)
  await i18next.changeLanguage(language)
}

async function load(language: Language): Promise<void> {
  if (i18next.hasResourceBundle(language, 'translation')) return
  i18next.addResourceBundle(language, 'translation', (await words[language]()).default)
  await Promise.all([addSentences(language), ...[...wanted].map((of) => add(language, of))])
}

/** Makes the words ready in the language of this device. */
export async function begin(): Promise<void> {
  const remembered = languages.find((l) => l === localStorage.getItem('language'))
  const language = remembered ?? (navigator.language.startsWith('da') ? 'da' : 'en')
  const { default: resources } = await words[language]()
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    showSupportNotice: false,
    resources: { [language]: { translation: resources } },
    interpolation: { escapeValue: false }, // React escapes
    react: { bindI18nStore: 'added' }, // what is shown already is said anew in the words that come later
  })
  addSentences(language).catch(() => undefined) // without them the server's own are shown
  const tell = (spoken: string) => {
    document.documentElement.lang = spoken
  }
  tell(language)
  i18next.on('languageChanged', tell)
}
