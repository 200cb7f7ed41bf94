// Files as browsers hand them over: from a picker, dropped, or pasted; folders are walked through.

import type { Found } from '../state/uploads'

/** Files that no folder is kept for: those that systems put beside others. */
const isHidden = (name: string) => name.startsWith('.') || name === 'Thumbs.db' || name === 'desktop.ini'

/** The most files that are looked for in folders. */
const most = 5000

/** Whether something that is dragged has files in it. */
export const holdsFiles = (data: DataTransfer | null): boolean => data?.types.includes('Files') ?? false

/** The files of a drop, with those in folders. It must be called while the event is handled. */
export async function filesOf(data: DataTransfer): Promise<Found[]> {
  const entries = [...data.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null)
  if (entries.length === 0) return [...data.files].map((file) => ({ file, path: '' }))
  const files: Found[] = []
  for (const entry of entries) await walk(entry, files)
  return files
}

async function walk(entry: FileSystemEntry, into: Found[]): Promise<void> {
  if (into.length >= most || isHidden(entry.name)) return
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject))
    into.push({ file, path: foldersOf(entry.fullPath) })
    return
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  for (;;) {
    // A reader gives a hundred entries at a time, and none after the last.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (some.length === 0) return
    for (const within of some) await walk(within, into)
  }
}

/** Lets somebody pick files, or a folder with all files in it. */
export function pick(folder: boolean, picked: (found: Found[]) => void): void {
  const input = document.createElement('input')
  input.type = 'file'
  input.multiple = true
  input.webkitdirectory = folder
  input.onchange = () => {
    const files = [...(input.files ?? [])].filter(({ name }) => !isHidden(name)).slice(0, most)
    picked(files.map((file) => ({ file, path: foldersOf(file.webkitRelativePath) })))
  }
  input.click()
}

/** The folders of a path, without the slash that it may begin with. */
const foldersOf = (path: string) => path.replace(/^\//, '').split('/').slice(0, -1).join('/')
