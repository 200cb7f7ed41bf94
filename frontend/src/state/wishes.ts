// What somebody may want of the files they import.

import type { ColumnType, TableMapping } from '../api/uploads'
import type { Note } from './queries'

/** What a note is told besides its words. */
export type NoteWishes = {
  title?: string
  kind?: Note['kind']
  /** The id of a site, or behind `made` the name of one to be made; empty for none. */
  site?: string
  observedOn?: string
  language?: string
  phase?: string
  participantIds?: string[]
}

/** What is wanted of one file. */
export type Choice = NoteWishes & {
  /** Whether it is imported, if that isn't as it would be. */
  isIn?: boolean
  as?: 'note' | 'version'
  /** The id of the note, or behind `beside` of the file, that a recording or picture belongs to; empty for a note of its own. */
  belongsTo?: string
  /** By label, whom a speaker is: a participant's id, or behind `made` a pseudonym; empty to leave the label. */
  speakers?: Record<string, string>
  comments?: 'memos' | 'none'
  table?: Partial<Pick<TableMapping, 'of' | 'dateOrder' | 'decimal'>> & {
    /** By position, what a column is. */
    columns?: Record<number, { field: string; type: ColumnType }>
  }
}

/** What is wanted of all files that don't say otherwise. */
export type Common = Pick<NoteWishes, 'kind' | 'site' | 'language' | 'phase'> & {
  draft?: boolean
  folders?: boolean
  /** The note that recordings and pictures were brought to. */
  note?: string
}

export type Choices = { files: Record<string, Choice>; common: Common }

/** Begins the names under which a tab keeps what is wanted. */
export const importKey = 'feltbog import '
/** Begin the names under which a tab keeps memos and comments that are being typed. */
export const memoKey = 'memo '
export const commentKey = 'comment '
/** Stands before the name of a record that isn't there yet. */
export const made = 'new:'
/** Stands before the id of another file that is imported with this one. */
export const beside = 'file:'
