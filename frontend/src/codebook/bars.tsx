import { useId } from 'react'

/** Names with numbers, and bars that compare them. */
export function Bars({
  title,
  all,
  colour,
}: {
  title: string
  all: readonly { id: string; name: string; count: number }[]
  colour?: number
}) {
  const label = useId()
  const most = Math.max(...all.map((one) => one.count))
  return (
    <section className="bars" aria-labelledby={label}>
      <h3 id={label}>{title}</h3>
      <ul data-c={colour}>
        {all.map(({ id, name, count }) => (
          <li key={id}>
            <span className="clip">{name}</span>
            <span className="bars__line" aria-hidden="true">
              <i style={{ width: `${(100 * count) / most}%` }} />
            </span>
            <span className="num">{count}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
