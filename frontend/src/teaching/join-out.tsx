import { useState } from 'react'
import { SignForm } from '../shell/sign-form'
import { AskCode, keyOf, Offered } from './offered'

/**
 * Where the link of a course leads whoever isn't signed in, or without a secret its code: they sign in, or make an
 * account, and are in the course.
 */
export function JoinOut({ secret }: { secret: string }) {
  const [code, setCode] = useState(() => new URLSearchParams(location.search).get('code') ?? '')
  if (secret) return <Out opens={{ secret }} />
  if (code) return <Out opens={{ code }} />
  return (
    <AskCode
      onCode={(typed) => {
        // The address keeps it, for the app that comes in place of this.
        history.replaceState(history.state, '', `/join?code=${typed}`)
        setCode(typed)
      }}
    />
  )
}

function Out({ opens }: { opens: Parameters<typeof keyOf>[0] }) {
  return (
    <Offered opens={opens}>
      {(seen) => <SignForm course={{ key: keyOf(opens), email: seen.email, name: seen.name, courseName: seen.courseName }} />}
    </Offered>
  )
}
