import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Upload } from '../api/uploads'
import { useProject } from '../shell/project'
import { useChoices } from '../state/import-choices'
import { uploads } from '../state/imports'
import { notes, sites } from '../state/queries'
import { type Imported, type Sending, useUploads } from '../state/uploads'
import type { Choices } from '../state/wishes'
import { type Plan, plan } from './plan'

/** A file of the list: on its way, on the server, or imported. */
export type Line = {
  id: string
  name: string
  path: string
  /** Of an archive that is in the list too. */
  inArchive: boolean
  upload: Upload | undefined
  sending: Sending | undefined
  imported: Imported['result'] | undefined
  plan: Plan | undefined
}

const none: [] = []

/** The files that are being imported to a project, with what becomes of each. */
export function useImport(): {
  lines: Line[]
  plans: Plan[]
  choices: Choices
  error: unknown
  isPending: boolean
  again: () => void
} {
  const { id, role } = useProject()
  const list = useQuery(uploads(id))
  const around = useQuery(notes(id)).data ?? none
  const places = useQuery(sites(id)).data ?? none
  const { files, imported } = useUploads()
  const choices = useChoices(id)
  const mayMakeSites = role === 'owner' || role === 'editor'
  const open = list.data ?? none
  const plans = useMemo(
    () =>
      open
        .filter((u) => u.state === 'ready' && !u.archive)
        .map((u) => plan(u, choices, { uploads: open, notes: around, sites: places, mayMakeSites })),
    [open, choices, around, places, mayMakeSites],
  )
  const lines = useMemo(() => linesOf(id, open, files, imported, plans), [id, open, files, imported, plans])
  return {
    lines,
    plans,
    choices,
    error: list.data ? undefined : list.error,
    isPending: list.isPending,
    again: () => void list.refetch(),
  }
}

/** Whether the server's file is one that is being sent. */
const isOf = (u: Upload, { file, path }: Sending) => u.name === file.name && u.path === path && u.size === file.size

function linesOf(
  project: string,
  open: readonly Upload[],
  files: readonly Sending[],
  imported: readonly Imported[],
  plans: readonly Plan[],
): Line[] {
  const here = files.filter((f) => f.project === project)
  const sendings = new Map(here.map((f) => [f.upload, f]))
  // The server may have begun a file whose answer hasn't come, or never came: it is that file all the same.
  for (const f of here) {
    if (f.upload) continue
    const isNew = (u: Upload) => u.state === 'receiving' || (f.before !== undefined && !f.before.has(u.id))
    const begun = open.find((u) => !sendings.has(u.id) && isOf(u, f) && isNew(u))
    if (begun) sendings.set(begun.id, f)
  }
  const results = new Map(imported.flatMap((i) => (i.project === project ? [[i.upload.id, i]] : [])))
  const planned = new Map(plans.map((p) => [p.upload.id, p]))
  const known = new Map([...[...results.values()].map((i) => i.upload), ...open].map((u) => [u.id, u]))
  const line = (u: Upload): Line => ({
    id: u.id,
    name: u.name,
    path: u.path,
    inArchive: u.archiveId !== null && known.has(u.archiveId),
    upload: u,
    sending: sendings.get(u.id),
    imported: results.get(u.id)?.result,
    plan: planned.get(u.id),
  })
  // Those of this window stand as they were brought, in whichever order they get to the server.
  const place = new Map([...files, ...imported.map((i) => i.sending)].map((f) => [f?.upload, f?.key]))
  const ordered = [...known.values()].sort(
    (a, b) =>
      (place.get(a.id) ?? 0) - (place.get(b.id) ?? 0) || a.createdAt.localeCompare(b.createdAt) || a.id.localeCompare(b.id),
  )
  const outer = ordered.filter((u) => u.archiveId === null || !known.has(u.archiveId))
  const shown = new Set(ordered.map((u) => sendings.get(u.id)))
  return [
    ...outer.flatMap((u) => [u, ...ordered.filter((inner) => inner.archiveId === u.id)].map(line)),
    ...here
      .filter((f) => !shown.has(f))
      .map((f) => ({
        id: f.upload ?? `here-${f.key}`,
        name: f.file.name,
        path: f.path,
        inArchive: false,
        upload: undefined,
        sending: f,
        imported: undefined,
        plan: undefined,
      })),
  ]
}
