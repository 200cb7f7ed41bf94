import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { languageNames } from '../i18n'
import type { Code } from '../state/queries'
import { inLanguage, languageOf, type Tongue, tongues } from '../teaching/bilingual'
import { Tile } from '../ui/tile'
import type { Asked } from './use-prompts'

/** The question of a prompt, in English or in Danish. */
export function Question({ asked: { prompt, n }, code }: { asked: Asked; code: Code | undefined }) {
  const { t, i18n } = useTranslation()
  const [chosen, setChosen] = useState<Tongue>()
  const { question, title } = prompt
  const language = chosen ?? languageOf(question, i18n.language)
  const words = inLanguage(question, language) || inLanguage(title, language)
  const isBoth = question.en.trim() !== '' && question.da.trim() !== ''
  return (
    <div className="ans__ask">
      {code ? <Tile code={code} /> : <span className="tile" aria-hidden="true" />}
      <h2 id={`question-${n}`} lang={language}>
        <span className="sr" lang={i18n.language}>
          {t('answer.prompt', { n })}
          {code && `, ${code.name}`}:{' '}
        </span>
        {words}
      </h2>
      {isBoth && (
        // biome-ignore lint/a11y/useSemanticElements: two buttons, of which one is pressed
        <div className="ans__seg" role="group" aria-label={t('answer.language')}>
          {tongues.map((tongue) => (
            <button key={tongue} type="button" lang={tongue} aria-pressed={language === tongue} onClick={() => setChosen(tongue)}>
              {languageNames[tongue]}
            </button>
          ))}
        </div>
      )}
    </div>
  )
}
