import { account, signOut } from '../api/session'
import { onNews, tell, wipe } from './device'
import { cache } from './queries'
import { commentKey, importKey, memoKey } from './wishes'

// What a tab keeps of files that are imported, and of memos and comments that are typed, goes in each of them.
onNews(({ about }) => {
  if (about !== 'left') return
  for (const key of Object.keys(sessionStorage))
    if ([importKey, memoKey, commentKey].some((begins) => key.startsWith(begins))) sessionStorage.removeItem(key)
})

/** Signs out, and removes all that is kept of the account on this device, in every tab. */
export async function leave(): Promise<void> {
  const user = account()
  await signOut()
  cache.clear()
  if (!user) return
  // Tabs that are told stop writing; what they kept until then goes with the rest.
  tell({ about: 'left', user })
  await wipe(user).catch(() => undefined) // a device that keeps nothing has nothing to remove
}
