import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { codes, notes, type Project, rounds, text } from '../state/queries'
import { Lines, Problem } from '../ui/problem'
import { Page } from './page'

type Props = { project: string; note: string; role: Project['role'] | undefined }

/** A note to read and to code. */
export function Reader({ project, note, role }: Props) {
  const words = useQuery(text(project, note))
  const list = useQuery(notes(project))
  // Which layer the note is coded in must be known before anything is coded.
  const all = useQuery(rounds(project))
  // A key that puts a code works from the moment that the words stand.
  const book = useQuery(codes(project))
  const round = all.data?.find((r) => (r.state === 'blind' || r.state === 'locked') && r.noteIds.includes(note))
  const record = list.data?.find((n) => n.id === note)
  const newer = (record?.textVersion ?? 0) > (words.data?.textVersion ?? Number.POSITIVE_INFINITY)
  // What was kept from the last visit may be an older text: then the one that was current when the note was
  // opened comes at once. What is written under a reader's eyes waits until it is asked for.
  const current = useRef<number>(undefined)
  if (current.current === undefined && record && !list.isFetching) current.current = record.textVersion
  const pinned = round?.texts.find((t) => t.noteId === note)?.textVersion ?? 0
  const outdated = Math.max(current.current ?? 0, pinned) > (words.data?.textVersion ?? Number.POSITIVE_INFINITY)
  const refetch = words.refetch
  useEffect(() => {
    if (outdated) void refetch()
  }, [outdated, refetch])
  // Whoever opens a note goes on with it, not with the list it was chosen from.
  const main = useRef<HTMLElement>(null)
  useEffect(() => main.current?.focus({ preventScroll: true }), [])
  const fault = (!words.data && words.error) || (!all.data && all.error) || (!book.data && book.error)
  if (fault) {
    return (
      <main className="read" id="text">
        <Problem
          error={fault}
          again={() => {
            void words.refetch()
            void all.refetch()
            void book.refetch()
          }}
        />
      </main>
    )
  }
  return (
    <main className="read" id="text" tabIndex={-1} aria-label={record?.title} ref={main}>
      {words.data && all.data && book.data && role ? (
        <Page
          project={project}
          note={record}
          words={words.data}
          role={role}
          round={round}
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
