import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { notes, type Project, text } from '../state/queries'
import { Lines, Problem } from '../ui/problem'
import { Page } from './page'

type Props = { project: string; note: string; role: Project['role'] | undefined }

/** A note to read and to code. */
export function Reader({ project, note, role }: Props) {
  const words = useQuery(text(project, note))
  const list = useQuery(notes(project))
  const record = list.data?.find((n) => n.id === note)
  const newer = (record?.textVersion ?? 0) > (words.data?.textVersion ?? Number.POSITIVE_INFINITY)
  // What was kept from the last visit may be an older text: then the one that was current when the note was
  // opened comes at once. What is written under a reader's eyes waits until it is asked for.
  const current = useRef<number>(undefined)
  if (current.current === undefined && record && !list.isFetching) current.current = record.textVersion
  const outdated = (current.current ?? 0) > (words.data?.textVersion ?? Number.POSITIVE_INFINITY)
  const refetch = words.refetch
  useEffect(() => {
    if (outdated) void refetch()
  }, [outdated, refetch])
  // Whoever opens a note goes on with it, not with the list it was chosen from.
  const main = useRef<HTMLElement>(null)
  useEffect(() => main.current?.focus({ preventScroll: true }), [])
  if (words.error && !words.data) {
    return (
      <main className="read" id="text">
        <Problem error={words.error} again={() => void words.refetch()} />
      </main>
    )
  }
  return (
    <main className="read" id="text" tabIndex={-1} aria-label={record?.title} ref={main}>
      {words.data ? (
        <Page
          project={project}
          note={record}
          words={words.data}
          role={role}
          newer={newer && !outdated}
          onRenew={() => void refetch()}
        />
      ) : (
        <Pending />
      )}
    </main>
  )
}

function Pending() {
  return (
    <>
      <div className="tools" />
      <div className="scroll">
        <div className="page__head">
          <Lines count={12} />
        </div>
      </div>
    </>
  )
}
