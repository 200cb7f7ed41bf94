import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { useProject } from '../shell/project'
import { notes } from '../state/queries'
import { useUploads } from '../state/uploads'
import { Lines } from '../ui/problem'
import { sentenceIn } from '../ui/sentence'
import { DocumentFile } from './document'
import { MediaFile } from './media'
import type { Line } from './use-import'
import { useStanding } from './use-standing'
import { Warnings } from './warnings'

const TableFile = lazy(async () => ({ default: (await import('./table')).TableFile }))

/** What was understood of a file, and what it becomes. */
export function Understood({ line, lines }: { line: Line; lines: readonly Line[] }) {
  const { upload, plan, imported } = line
  const isThrough = imported !== undefined && imported.status !== 'refused'
  return (
    <>
      <h2 className="import__title">{line.name}</h2>
      {isThrough || !upload || upload.state !== 'ready' ? (
        <Standing line={line} />
      ) : (
        <>
          {imported && <Standing line={line} />}
          {upload.archive && <Archive line={line} />}
          {plan && upload.document && <DocumentFile plan={plan} isOnly={lines.length === 1} />}
          {plan && upload.media && !upload.document && <MediaFile plan={plan} lines={lines} />}
          {plan && upload.table && (
            <Suspense fallback={<Lines />}>
              <TableFile plan={plan} />
            </Suspense>
          )}
        </>
      )}
    </>
  )
}

/** How a file stands that there is nothing to decide about. */
function Standing({ line }: { line: Line }) {
  const { t, i18n } = useTranslation()
  const { id } = useProject()
  const { paused } = useUploads()
  const { state, words } = useStanding(line, paused)
  const note = line.imported?.noteId ?? undefined
  const title = useQuery(notes(id)).data?.find((n) => n.id === note)?.title
  const isBad = state === 'refused'
  return (
    <div className={isBad ? 'problem' : 'import__standing'} role={isBad ? 'alert' : undefined}>
      <p>{words}</p>
      {state === 'reading' && <Lines />}
      {line.imported?.problem?.errors && (
        <ul>
          {line.imported.problem.errors.map(({ pointer, detail, code = '', values }) => (
            <li key={pointer + detail}>
              {pointer.startsWith('/rows/') && `${t('importTable.row', { row: pointer.slice('/rows/'.length) })}: `}
              {sentenceIn(i18n, { code, sentence: detail, values }, 'cell', 'problem')}
            </li>
          ))}
        </ul>
      )}
      {note && (
        <Link to="/projects/$project/notes/$note" params={{ project: id, note }}>
          {title ?? t('import.openNote')}
        </Link>
      )}
    </div>
  )
}

function Archive({ line: { upload } }: { line: Line }) {
  const { t } = useTranslation()
  if (!upload?.archive) return null
  const { files, folders, warnings } = upload.archive
  return (
    <>
      <p>{t('import.archive', { count: files })}</p>
      {folders.length > 0 && <p className="muted">{t('import.archiveFolders', { names: folders.join(', ') })}</p>}
      <Warnings warnings={warnings} />
    </>
  )
}
