import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Refused } from '../api/client'
import { useExercise } from '../teaching/exercise-frame'
import { Problem, useSentence } from '../ui/problem'

/** Why what the class has answered isn't shown; to who hasn't submitted yet, the way to their own answers. */
export function NotShown({ error, again }: { error: unknown; again: () => void }) {
  const { t } = useTranslation()
  const { id } = useExercise()
  const sentence = useSentence()
  if (!(error instanceof Refused && error.problem?.code === 'submit_first')) return <Problem error={error} again={again} />
  return (
    <div className="classwide__first" role="status">
      <p>{sentence(error)}</p>
      <Button variant="default" component={Link} to={`/exercises/${id}`}>
        {t('exercise.mine')}
      </Button>
    </div>
  )
}
