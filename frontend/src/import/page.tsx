import { Button } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { type ReactNode, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useProject } from '../shell/project'
import { DropZone } from '../sources/drop'
import { pick } from '../sources/files'
import { useBring } from '../sources/use-bring'
import { forgetImported } from '../state/imports'
import { uploadsNow } from '../state/uploads'
import { Icon } from '../ui/icons'
import { Lines, Problem } from '../ui/problem'
import { CommonFields } from './common'
import { Foot } from './foot'
import { FileList } from './list'
import { Understood } from './understood'
import { type Line, useImport } from './use-import'
import '../sources/meter.css'
import './import.css'

/** Files on their way to notes: on the left what came, on the right what was understood of the one that is chosen. */
export function Import() {
  const { t } = useTranslation()
  const { id, role } = useProject()
  const bring = useBring(id)
  const { lines, plans, choices, error, isPending, again } = useImport()
  useEffect(
    () => () => {
      if (!uploadsNow().importing) forgetImported(id)
    },
    [id],
  )
  if (role === 'reader') {
    return (
      <main className="view" id="text" tabIndex={-1}>
        <p className="import__empty muted">{t('import.notForReaders')}</p>
      </main>
    )
  }
  return (
    <DropZone project={id}>
      <main className="import" id="text" tabIndex={-1}>
        <header className="import__head">
          <h1>{t('import.title')}</h1>
          <span className="grow" />
          {lines.length > 0 && (
            <Button variant="default" leftSection={<Icon name="plus" />} onClick={() => pick(false, bring)}>
              {t('import.more')}
            </Button>
          )}
        </header>
        {isPending && <Lines />}
        {error !== undefined && error !== null && <Problem error={error} again={again} />}
        {!isPending && !error && lines.length === 0 && <Empty />}
        {lines.length > 0 && (
          <Columns lines={lines} common={plans.length > 1 && <CommonFields plans={plans} common={choices.common} />} />
        )}
        {lines.length > 0 && <Foot lines={lines} plans={plans} choices={choices} />}
      </main>
    </DropZone>
  )
}

function Empty() {
  const { t } = useTranslation()
  const { id } = useProject()
  const bring = useBring(id)
  return (
    <section className="import__empty">
      <Icon name="upload" />
      <p>{t('import.empty')}</p>
      <Button data-autofocus onClick={() => pick(false, bring)}>
        {t('sources.upload')}
      </Button>
      <Link to="/projects/$project" params={{ project: id }}>
        {t('import.toSources')}
      </Link>
    </section>
  )
}

/** The list and the file; on a phone one or the other. */
function Columns({ lines, common }: { lines: readonly Line[]; common: ReactNode }) {
  const { t } = useTranslation()
  const { id } = useProject()
  const go = useNavigate()
  const isNarrow = useMediaQuery('(max-width: 860px)', undefined, { getInitialValueInEffect: false })
  const wanted = (useSearch({ strict: false }) as { file?: string }).file
  const chosen = lines.find((line) => line.id === wanted || (wanted && here(line) === wanted))
  const shown = chosen ?? (isNarrow ? undefined : lines[0])
  const choose = (file: string | undefined) =>
    void go({ to: '/projects/$project/import', params: { project: id }, search: file ? { file } : {}, replace: !isNarrow })
  useEffect(() => {
    if (chosen && chosen.id !== wanted) choose(chosen.id) // the server has given it an id
  })
  return (
    <div className="import__columns">
      {!(isNarrow && shown) && (
        <section className="import__files" aria-label={t('import.files')}>
          {common}
          <FileList lines={lines} shown={shown?.id} onChoose={choose} />
        </section>
      )}
      {shown && (
        <section className="import__file" aria-label={shown.name} key={shown.id}>
          {isNarrow && (
            <Button variant="subtle" leftSection={<Icon name="back" />} onClick={() => choose(undefined)}>
              {t('import.back')}
            </Button>
          )}
          <Understood line={shown} lines={lines} />
        </section>
      )}
    </div>
  )
}

/** What a line was called before the server had an id for it. */
const here = ({ sending }: Line) => sending && `here-${sending.key}`
