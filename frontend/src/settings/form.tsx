import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSentence } from '../ui/problem'
import './settings.css'

/** Sends what a form holds, once at a time. Fault is the server's sentence when it refused, ready to be shown. */
export function useSending(): { busy: boolean; fault: ReactNode; send: (work: () => Promise<void>) => Promise<boolean> } {
  const sentence = useSentence()
  const [busy, setBusy] = useState(false)
  const [words, setWords] = useState<string>()
  async function send(work: () => Promise<void>) {
    setBusy(true)
    setWords(undefined)
    try {
      await work()
      return true
    } catch (error) {
      setWords(sentence(error))
      return false
    } finally {
      setBusy(false)
    }
  }
  const fault = words && (
    <p className="problem" role="alert">
      {words}
    </p>
  )
  return { busy, fault, send }
}

/** A part of a page of settings. */
export function Section({ id, title, lead, children }: { id: string; title: string; lead?: ReactNode; children: ReactNode }) {
  return (
    <section className="part" aria-labelledby={id}>
      <div className="part__head">
        <h2 id={id}>{title}</h2>
        {lead && <p className="sm muted">{lead}</p>}
      </div>
      <div className="part__body">{children}</div>
    </section>
  )
}

/** Gives the focus to what has just appeared because it was asked for. */
export const focus = (element: HTMLElement | null) => element?.focus()

/** How a button looks that deletes something for good. */
export const danger = { '--button-bg': 'var(--bad)', '--button-hover': 'var(--bad)' }

/** Gives what was typed into the fields of a form, by name. */
export function fields<K extends string>(form: HTMLFormElement, ...names: K[]): Record<K, string> {
  const data = new FormData(form)
  return Object.fromEntries(names.map((name) => [name, String(data.get(name) ?? '')])) as Record<K, string>
}

/** The page that settings stand on. */
export function Page({ title, nav, children }: { title: string; nav?: ReactNode; children: ReactNode }) {
  const { t } = useTranslation()
  return (
    <main className="view" id="text" tabIndex={-1}>
      <div className="set">
        {nav && (
          <nav className="set__nav" aria-label={t('settings.parts')}>
            {nav}
          </nav>
        )}
        <h1>{title}</h1>
        {children}
      </div>
    </main>
  )
}
