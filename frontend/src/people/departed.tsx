import { Radio } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Section, useSending } from '../settings/form'
import { callDeparted } from '../state/people'
import type { Project } from '../state/queries'
import { undoLast } from '../state/settings'
import { useSentence } from '../ui/problem'
import { say } from '../ui/toast'

const ways = ['name', 'pseudonym'] as const
type Way = (typeof ways)[number]

/** How a project calls those who have left it. */
export function Departed({ project }: { project: Project }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const { fault, send } = useSending()

  const choose = (departedCoders: Way) =>
    send(async () => {
      await callDeparted(project, departedCoders)
      say(t(`departed.saved.${departedCoders}`), () => {
        undoLast(project.id, project.id).catch((error) => say(sentence(error)))
      })
    })

  return (
    <Section id="departed" title={t('former.title')} lead={t('departed.lead')}>
      <Radio.Group
        className="departed"
        aria-labelledby="departed"
        value={project.departedCoders}
        onChange={(way) => void choose(way as Way)}
      >
        {ways.map((way) => (
          <Radio key={way} value={way} label={t(`departed.${way}`)} description={t(`departed.about.${way}`)} />
        ))}
      </Radio.Group>
      {fault}
    </Section>
  )
}
