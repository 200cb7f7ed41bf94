import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import da from './locales/da.json'
import en from './locales/en.json'

const remembered = localStorage.getItem('language')

/** How dates and numbers are written in a language. */
export const locale = (language: string) => (language === 'en' ? 'en-GB' : language)

export const languages = ['en', 'da'] as const

/** Shows the app in a language, and remembers it on this device. */
export function speak(language: string): void {
  localStorage.setItem('language', language)
  void i18next.changeLanguage(language)
}

void i18next.use(initReactI18next).init({
  lng: remembered ?? (navigator.language.startsWith('da') ? 'da' : 'en'),
  fallbackLng: 'en',
  showSupportNotice: false,
  resources: { en: { translation: en }, da: { translation: da } },
  interpolation: { escapeValue: false }, // React escapes
})

const tell = (language: string) => {
  document.documentElement.lang = language
}
tell(i18next.language)
i18next.on('languageChanged', tell)
