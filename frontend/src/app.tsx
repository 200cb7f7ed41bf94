import { Button, createTheme, MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { begin, beginAway, onSession, refresh, type User } from './api/session'
import { withWords } from './i18n'
import { router } from './routes'
import { SignedInContext, UserContext } from './shell/user'
import { onNews } from './state/device'
import { cache } from './state/queries'
import { keepSending } from './state/queue'
import { lazily } from './ui/lazily'
import { Lines, Problem } from './ui/problem'
import { Toast } from './ui/toast'

const Sign = lazily(() => withWords('people', import('./shell/sign')), 'Sign')

const ink = [
  '#f5f5f3',
  '#ececea',
  '#e2e2df',
  '#c4c6c6',
  '#85898c',
  '#60656a',
  '#44484b',
  '#2d2f33',
  '#1b1c1d',
  '#141516',
] as const
// A list that opens by itself would stand over what comes next, and take the first Esc. It scrolls itself, as
// assistive technology expects, and not something within it that can't have the focus.
const list = {
  defaultProps: { openOnFocus: false, withScrollArea: false },
  styles: { options: { maxHeight: 220, overflowY: 'auto' } },
} as const
const theme = createTheme({
  fontFamily: 'var(--sans)',
  headings: { fontFamily: 'var(--serif)' },
  colors: { ink: [...ink] },
  primaryColor: 'ink',
  primaryShade: { light: 8, dark: 1 },
  defaultRadius: 6,
  respectReducedMotion: true,
  components: {
    InputWrapper: { defaultProps: { withAsterisk: false } },
    Select: list,
    MultiSelect: list,
    // What holds the focus before an item has it would be an item without a name.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    Button: Button.extend({
      vars: (_, { variant = 'filled' }) => ({
        root:
          variant === 'filled'
            ? { '--button-bg': 'var(--ink)', '--button-color': 'var(--on-ink)', '--button-hover': 'var(--ink-2)' }
            : {},
      }),
    }),
  },
})

/** The whole app: whoever is not signed in sees the sign-in, at the address they asked for. */
export function App() {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <QueryClientProvider client={cache}>
        <Session />
      </QueryClientProvider>
    </MantineProvider>
  )
}

type Signed = { user: User | null | undefined; seen: User | undefined }

function Session() {
  const [{ user, seen }, setSigned] = useState<Signed>({ user: undefined, seen: undefined })
  const [fault, setFault] = useState<unknown>()
  const focused = useRef<Element>(null)
  useEffect(() => {
    let before: User | undefined
    const endSession = onSession((user, turn) => {
      // A session that ended unasked leaves what stands in forms to whoever signs in again as the same person.
      if (turn === 'out' || (user && before && user.id !== before.id)) cache.clear()
      if (turn === 'ended') focused.current = document.activeElement
      before = user ?? (turn === 'ended' ? before : undefined)
      setSigned({ user, seen: before })
    })
    const endNews = onNews((news) => {
      if (news.about === 'left' && news.user === before?.id) begin(null)
    })
    return () => {
      endSession()
      endNews()
    }
  }, [])
  useEffect(() => {
    keepSending()
    refresh().catch((error) => beginAway() ?? setFault(error))
  }, [])
  useEffect(() => {
    if (!user || !focused.current) return
    if (focused.current instanceof HTMLElement) focused.current.focus({ preventScroll: true })
    focused.current = null
    void cache.invalidateQueries()
  }, [user])
  if (user === undefined) {
    return <main className="sign">{fault ? <Problem error={fault} again={() => location.reload()} /> : <Lines />}</main>
  }
  return (
    <>
      {user === null && <Sign again={seen} />}
      {seen && (
        <div key={seen.id} className={user ? 'app' : 'app app--hidden'} inert={!user}>
          <UserContext value={seen}>
            <SignedInContext value={user !== null}>
              <RouterProvider router={router} />
            </SignedInContext>
            <Toast />
          </UserContext>
        </div>
      )}
    </>
  )
}
