import { ActionIcon } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Code, Site } from '../state/queries'
import { Icon } from '../ui/icons'
import { Tile } from '../ui/tile'
import { ActionMenu } from './action-menu'
import { Bars } from './bars'
import { Definition } from './definition'
import { Editor } from './editor'
import type { Tally } from './tally'
import type { Step } from './tree'

type Props = {
  project: string
  code: Code
  codes: readonly Code[]
  tally: Tally | undefined
  sites: readonly Site[]
  may: boolean
  onStep: (step: Step) => void
  onAdd: () => void
  onMerge: () => void
  onSplit: () => void
  onArchive: () => void
  onDelete: () => void
  onClose: () => void
}

const steps = [
  ['up', 'up'],
  ['down', 'down'],
  ['in', 'indent'],
  ['out', 'outdent'],
] as const

/** The code that is looked at: what can be done with it, what it means, and where it was put. */
export function Panel(props: Props) {
  const { project, code, codes, tally, sites, may } = props
  const { t } = useTranslation()
  const bySite = [...(tally?.bySite ?? [])]
    .map(([id, count]) => ({ id, name: sites.find((s) => s.id === id)?.name ?? t('rail.noSite'), count }))
    .sort((a, b) => b.count - a.count)
  return (
    <div className="codepanel">
      <header className="codepanel__head">
        <Tile code={code} />
        <h2 className="grow">{code.name}</h2>
        <ActionIcon
          className="codepanel__close"
          variant="subtle"
          size="lg"
          aria-label={t('codebook.close')}
          onClick={props.onClose}
        >
          <Icon name="close" />
        </ActionIcon>
      </header>
      <div className="codepanel__tools">
        <Link className="grow" to="/projects/$project/codebook/$code" params={{ project, code: code.id }}>
          {t('codebook.read', { count: (tally?.codings ?? 0) + (tally?.below ?? 0) })}
        </Link>
        {may && (
          <>
            <fieldset className="row codepanel__steps" aria-label={t('codebook.move')}>
              {steps.map(([step, icon]) => (
                <ActionIcon
                  key={step}
                  variant="subtle"
                  aria-label={t(`codebook.step.${step}`)}
                  title={t(`codebook.step.${step}`)}
                  onClick={() => props.onStep(step)}
                >
                  <Icon name={icon} />
                </ActionIcon>
              ))}
            </fieldset>
            <ActionMenu
              acts={[
                { words: t('codebook.newBeneath'), act: props.onAdd },
                { words: t('codebook.merge'), act: props.onMerge },
                { words: t('codebook.split'), act: props.onSplit },
                { words: t(code.archived ? 'codebook.bringBack' : 'codebook.archive'), act: props.onArchive, apart: true },
                { words: t('codebook.delete'), act: props.onDelete },
              ]}
            >
              {(onFocus) => (
                <ActionIcon variant="subtle" aria-label={t('codebook.more', { name: code.name })} onFocus={onFocus}>
                  <Icon name="dots" />
                </ActionIcon>
              )}
            </ActionMenu>
          </>
        )}
      </div>
      {code.inVivo && <p className="sm muted">{t('codePage.inVivo')}</p>}
      {bySite.length > 0 && <Bars title={t('codePage.usedAt')} all={bySite} colour={code.colour} />}
      {may ? (
        <Editor key={code.id} project={project} code={code} codes={codes} />
      ) : (
        <Definition project={project} code={code} codes={codes} />
      )}
    </div>
  )
}
