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
  })
  const tell = (spoken: string) => {
    document.documentElement.lang = spoken
  }
  tell(language)
  i18next.on('languageChanged', tell)
}
