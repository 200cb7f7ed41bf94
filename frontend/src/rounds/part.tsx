import { type ReactNode, useId } from 'react'

/** A part of a round's page. */
export function Part({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) {
  const id = useId()
  return (
    <section className="rpart" aria-labelledby={id}>
      <div>
        <h2 id={id}>{title}</h2>
        {lead && <p className="sm muted">{lead}</p>}
      </div>
      <div className="rpart__body">{children}</div>
    </section>
  )
}
