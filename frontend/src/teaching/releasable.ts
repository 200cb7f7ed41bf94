// Which notes of a project can be released, and which of them are looked for. Pure.

import type { ExerciseNote } from '../state/exercises'
import type { Note } from '../state/queries'

/** The notes of a project whose title, or the name of whose site, has all words that are looked for; the newest first. */
export function lookedFor(notes: readonly Note[], sites: ReadonlyMap<string, string>, words: string): Note[] {
  const wanted = words.toLocaleLowerCase().split(/\s+/).filter(Boolean)
  return notes
    .filter((note) => {
      const said = `${note.title} ${sites.get(note.siteId) ?? ''}`.toLocaleLowerCase()
      return !note.draft && wanted.every((word) => said.includes(word))
    })
    .toSorted((a, b) => b.observedOn.localeCompare(a.observedOn) || a.title.localeCompare(b.title))
}

/** The notes of projects that are released to an exercise already, by their own ids. */
export const originals = (released: readonly ExerciseNote[]) =>
  new Set(released.flatMap(({ releasedFrom }) => (releasedFrom ? [releasedFrom.noteId] : [])))
