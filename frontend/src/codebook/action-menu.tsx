import { Menu } from '@mantine/core'
import { type ReactElement, useRef } from 'react'

type Act = { words: string; act: () => void; apart?: boolean }

/** A menu whose acts begin when it has given focus back, so that what they open can give it back too. */
export function ActionMenu({ acts, children }: { acts: readonly Act[]; children: (onFocus: () => void) => ReactElement }) {
  const next = useRef<() => void>(undefined)
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        {children(() => {
          const act = next.current
          next.current = undefined
          act?.()
        })}
      </Menu.Target>
      <Menu.Dropdown>
        {acts.map(({ words, act, apart }) => [
          apart && <Menu.Divider key={`before ${words}`} />,
          <Menu.Item
            key={words}
            onClick={() => {
              next.current = act
            }}
          >
            {words}
          </Menu.Item>,
        ])}
      </Menu.Dropdown>
    </Menu>
  )
}
