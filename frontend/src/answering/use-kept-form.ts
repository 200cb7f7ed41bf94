import { useState } from 'react'
import { memoKey } from '../state/wishes'

/** What is typed into a form, kept in this tab until it is sent; signing out removes it. */
export function useKeptForm<Fields extends Record<string, string>>(
  name: string,
  empty: Fields,
): [Fields, (change: Partial<Fields>) => void, () => void] {
  const item = `${memoKey}${name}`
  const [fields, setFields] = useState<Fields>(() => ({ ...empty, ...JSON.parse(sessionStorage.getItem(item) ?? '{}') }))
  const write = (change: Partial<Fields>) => {
    const next = { ...fields, ...change }
    setFields(next)
    sessionStorage.setItem(item, JSON.stringify(next))
  }
  return [fields, write, () => sessionStorage.removeItem(item)]
}

/** The date here, as an input takes it. */
export function localDay(): string {
  const now = new Date()
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, '0')).join('-')
}
