// What a coder has left to do. Pure.

import type { Task } from '../state/rounds'

/** The tasks that aren't done. */
export const left = <T extends Pick<Task, 'state'>>(all: readonly T[]): T[] => all.filter(({ state }) => state !== 'done')

/** The next task that isn't done after a note, in the order of the list and round its end. */
export function after<T extends Pick<Task, 'state' | 'noteId'>>(all: readonly T[], note: string): T | undefined {
  const at = all.findIndex((task) => task.noteId === note)
  return left([...all.slice(at + 1), ...all.slice(0, Math.max(at, 0))])[0]
}
