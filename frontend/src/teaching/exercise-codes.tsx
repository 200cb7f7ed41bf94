import { ActionIcon, Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { forest, living, walk } from '../codebook/tree'
import { withWords } from '../i18n'
import { Missing } from '../shell/frame'
import { addExerciseCode, deleteExerciseCode, exerciseCodes } from '../state/exercises'
import type { Code } from '../state/queries'
import { Icon } from '../ui/icons'
import { lazily } from '../ui/lazily'
import { Lines, Problem, useSentence } from '../ui/problem'
import { Tile } from '../ui/tile'
import { say } from '../ui/toast'
import { useCourse } from './course-frame'
import { useExercise } from './exercise-frame'
import './exercises.css'

const CodeForm = lazily(() => withWords('codes', import('./code-form')), 'CodeForm')

/** The codebook of an exercise: its evidence is coded with these, each prompt's with the one it is tied to. */
export function Codes() {
  const { t } = useTranslation()
  const { may } = useCourse()
  const exercise = useExercise()
  const list = useQuery(exerciseCodes(exercise.id))
  const [edited, setEdited] = useState<Code | 'new'>()
  if (!may('manageExercises')) return <Missing />
  const nodes = walk(living(forest(list.data ?? [])))
  return (
    <main className="view" id="text" tabIndex={-1}>
      <div className="teach">
        <header className="row teach__head">
          <h1 className="grow">{t('exercise.codes')}</h1>
          <Button leftSection={<Icon name="plus" />} onClick={() => setEdited('new')}>
            {t('exerciseCode.add')}
          </Button>
        </header>
        <p className="muted">{t('exerciseCode.lead')}</p>
        {list.isPending && <Lines count={6} />}
        {list.error && !list.data && <Problem error={list.error} again={() => void list.refetch()} />}
        {list.data && nodes.length === 0 && <p>{t('exerciseCode.none')}</p>}
        <ul className="exercise-codes">
          {nodes.map(({ code, level }) => (
            <Line key={code.id} code={code} level={level} onEdit={() => setEdited(code)} />
          ))}
        </ul>
        {edited && (
          <CodeForm
            exercise={exercise.id}
            code={edited === 'new' ? undefined : edited}
            codes={list.data ?? []}
            onClose={() => setEdited(undefined)}
          />
        )}
      </div>
    </main>
  )
}

/** A code, the prompts that are tied to it, and what can be done with it. */
function Line({ code, level, onEdit }: { code: Code; level: number; onEdit: () => void }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const { id, prompts } = useExercise()
  const tied = prompts.flatMap(({ codeId }, i) => (codeId === code.id ? [i + 1] : []))

  async function remove() {
    try {
      await deleteExerciseCode(id, code)
      const { name, parentId, colour, letter, shortcut, definition, whenToUse, whenNot, examples, key } = code
      const again = { name, parentId, colour, letter, shortcut, definition, whenToUse, whenNot, examples, key }
      say(t('exerciseCode.removed', { name }), () => {
        addExerciseCode(id, again).catch((error) => say(sentence(error)))
      })
    } catch (error) {
      say(sentence(error))
    }
  }

  return (
    <li className="code" style={{ marginInlineStart: (level - 1) * 26 }}>
      <Tile code={code} />
      <div className="grow">
        <b>{code.name}</b>
        {tied.length > 0 && (
          <span className="xs muted code__tied">{t('exerciseCode.tied', { count: tied.length, prompts: tied.join(', ') })}</span>
        )}
        {code.definition && <p className="sm code__means">{code.definition}</p>}
      </div>
      <Button variant="default" size="compact-sm" aria-label={t('exerciseCode.change', { name: code.name })} onClick={onEdit}>
        {t('exerciseCode.edit')}
      </Button>
      <ActionIcon
        variant="subtle"
        aria-label={t('exerciseCode.remove', { name: code.name })}
        disabled={tied.length > 0}
        title={tied.length > 0 ? t('exerciseCode.isTied') : undefined}
        onClick={() => void remove()}
      >
        <Icon name="bin" />
      </ActionIcon>
    </li>
  )
}
