import { useTranslation } from 'react-i18next'
import type { Exercise } from '../state/exercises'
import { useDueWords } from './due-words'

/** What an exercise asks of an answer, where evidence may be from, and when it is due, in sentences. */
export function Facts({ exercise }: { exercise: Exercise }) {
  const { t } = useTranslation()
  const words = useDueWords()
  const { minWords, maxWords, passages, due } = exercise
  const least = minWords > 0 && (maxWords > 0 ? 'between' : 'least')
  const length = least || (maxWords > 0 ? 'most' : 'any')
  const sources = (['released', 'ownNotes', 'web'] as const).filter((source) => exercise[source])
  return (
    <ul className="facts">
      <li>{t(`exerciseFact.${exercise.work}`)}</li>
      <li>{t(`exerciseFact.words.${length}`, { min: minWords, max: maxWords })}</li>
      <li>
        {t('exerciseFact.passages', { count: passages })}
        {passages > 0 && exercise.reasons && ` ${t('exerciseFact.reasons')}`}
      </li>
      {sources.length > 0 && (
        <li>{t('exerciseFact.sources', { all: sources.map((s) => t(`exerciseFact.source.${s}`)).join(', ') })}</li>
      )}
      <li>
        {due ? t('exerciseFact.due', { moment: words(new Date(due), exercise.timeZone).there }) : t('exerciseFact.noDue')}
        {due && ` ${t(exercise.lateAllowed ? 'exerciseFact.late' : 'exerciseFact.notLate')}`}
      </li>
      <li>
        {t(
          exercise.shownToClass ? (exercise.namesShown ? 'exerciseFact.named' : 'exerciseFact.unnamed') : 'exerciseFact.unshown',
        )}
      </li>
    </ul>
  )
}
