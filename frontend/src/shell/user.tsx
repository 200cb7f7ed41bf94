import { createContext, useContext } from 'react'
import type { User } from '../api/session'

/** Who is signed in. */
export const UserContext = createContext<User | null>(null)

/** Who is signed in; only views that need somebody to be ask. */
export function useUser(): User {
  const user = useContext(UserContext)
  if (!user) throw new Error('nobody is signed in')
  return user
}

/** Whether the one who was signed in still is: without a session a view stays as it is, and asks for nothing. */
export const SignedInContext = createContext(true)
