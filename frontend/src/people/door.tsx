import { type ReactNode, useContext } from 'react'
import { Bar } from '../shell/bar'
import { UserContext } from '../shell/user'
import { Icon } from '../ui/icons'
import './people.css'

/** A page for whoever comes by a link: signed in, under the bar; else with nothing around it. */
export function Door({ children }: { children: ReactNode }) {
  const user = useContext(UserContext)
  if (!user) {
    return (
      <main className="sign">
        <a className="brand" href="/">
          <Icon name="book" />
          Feltbog
        </a>
        {children}
      </main>
    )
  }
  return (
    <div className="shell">
      <Bar />
      <main className="view" id="text" tabIndex={-1}>
        <div className="sign">{children}</div>
      </main>
    </div>
  )
}
