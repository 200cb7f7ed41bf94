// What somebody wants of the files they import, where that differs from what was understood. It stays
// while they walk through the app and over a reload of the tab, and ends with the session.

import { useSyncExternalStore } from 'react'
import { account, onSession } from '../api/session'
import { type Choice, type Choices, type Common, importKey } from './wishes'

const none: Choices = { files: {}, common: {} }
const kept = new Map<string, Choices>()
const listeners = new Set<() => void>()
const place = (project: string) => `${importKey}${account()} ${project}`

/** What is wanted of the files of a project. */
export function useChoices(project: string): Choices {
  return useSyncExternalStore(
    (changed) => {
      listeners.add(changed)
      return () => listeners.delete(changed)
    },
    () => choicesOf(project),
  )
}

function choicesOf(project: string): Choices {
  const known = kept.get(project)
  if (known) return known
  const choices = read(project)
  kept.set(project, choices)
  return choices
}

function read(project: string): Choices {
  try {
    return { ...none, ...JSON.parse(sessionStorage.getItem(place(project)) ?? '{}') }
  } catch {
    return none
  }
}

function keep(project: string, choices: Choices) {
  kept.set(project, choices)
  try {
    sessionStorage.setItem(place(project), JSON.stringify(choices))
  } catch {
    // A full device forgets them with a reload.
  }
  for (const listen of listeners) listen()
}

/** Wants something else of a file. */
export function wish(project: string, file: string, change: Partial<Choice>): void {
  const { files, common } = choicesOf(project)
  keep(project, { common, files: { ...files, [file]: { ...files[file], ...change } } })
}

/** Wants something else of all files. */
export function wishForAll(project: string, change: Partial<Common>): void {
  const { files, common } = choicesOf(project)
  keep(project, { files, common: { ...common, ...change } })
}

/** Forgets what was wanted. */
export function forgetChoices(project: string): void {
  kept.delete(project)
  sessionStorage.removeItem(place(project))
  for (const listen of listeners) listen()
}

// What the tab keeps lies under the account; with a session that ends, memory lets go of it.
onSession((user, turn) => {
  if (!user || turn === 'in') kept.clear()
})
