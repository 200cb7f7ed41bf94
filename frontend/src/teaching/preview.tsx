import { SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Language, languageNames, languages } from '../i18n'
import { type Exercise, exerciseCodes } from '../state/exercises'
import { Tile } from '../ui/tile'
import { inLanguage, languageOf } from './bilingual'

/** What students read of an exercise: its instructions and prompts, in either language. */
export function Preview({ exercise }: { exercise: Exercise }) {
  const { t, i18n } = useTranslation()
  const [language, setLanguage] = useState(i18n.language)
  const codes = useQuery(exerciseCodes(exercise.id)).data
  const say = (words: Exercise['title']) => ({ lang: languageOf(words, language), children: inLanguage(words, language) })
  return (
    <section className="card exercise-preview" aria-labelledby="preview">
      <div className="row exercise-preview__head">
        <h2 className="grow" id="preview">
          {t('exercise.preview')}
        </h2>
        <SegmentedControl
          size="xs"
          aria-label={t('exercise.previewLanguage')}
          data={languages.map((value) => ({ value, label: languageNames[value] }))}
          value={language}
          onChange={(value) => setLanguage(value as Language)}
        />
      </div>
      <p className="exercise-preview__title" {...say(exercise.title)} />
      {inLanguage(exercise.instructions, language) && <p className="exercise-preview__prose" {...say(exercise.instructions)} />}
      {exercise.prompts.length === 0 && <p className="muted">{t('exercise.noPrompts')}</p>}
      <ol className="exercise-preview__prompts">
        {exercise.prompts.map((prompt, i) => {
          const code = codes?.find(({ id }) => id === prompt.codeId)
          return (
            <li key={prompt.id}>
              <span className="row">
                {code && <Tile code={code} />}
                <b className="grow" lang={languageOf(prompt.title, language)}>
                  {i + 1}. {inLanguage(prompt.title, language)}
                </b>
                {code && <span className="xs muted">{code.name}</span>}
              </span>
              <p className="exercise-preview__prose" {...say(prompt.question)} />
            </li>
          )
        })}
      </ol>
    </section>
  )
}
