import { useId } from 'react'

/** Names with numbers, and bars that compare them. */
export function Bars({
  title,
  all,
  colour,
}: {
  title: string
  all: readonly { name: string; count: number }[]
  colour?: number
}) {
  const id = useId()
  const most = Math.max(...all.map((one) => one.count))
  return (
    <section className="bars" aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      <ul data-c={colour}>
        {all.map(({ name, count }) => (
          <li key={name}>
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
