import type { InboxItem } from '../state/inbox'

/** The address of what an item of the inbox is about. */
export function placeOf({ kind, spaceId, noteId, codingId, roundId }: Partial<InboxItem>): string {
  const project = `/projects/${spaceId}`
  if (noteId && codingId) return `${project}/notes/${noteId}?coding=${codingId}`
  if (kind === 'review') return `${project}/review`
  if (roundId) return `${project}/rounds/${roundId}`
  return noteId ? `${project}/notes/${noteId}` : project
}
