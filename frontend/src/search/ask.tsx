import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../ui/icons'
import { type Asked, field } from './address'
import { Reads } from './reads'
import { Save } from './saved'

/** How long a pause in typing is, in milliseconds. */
const pause = 120

type Props = { project: string; asked: Asked; onType: (q: string) => void; onDown: () => void }

/** The search box. It asks as one types. */
export function Ask({ project, asked, onType, onDown }: Props) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState(asked.q)
  const sent = useRef(asked.q)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  // What is sent after the pause goes with the filters as they are then.
  const ask = useRef(onType)
  ask.current = onType

  // The address changed by itself: with the back button, or with a saved search.
  useEffect(() => {
    if (asked.q === sent.current) return
    clearTimeout(timer.current)
    sent.current = asked.q
    setTyped(asked.q)
  }, [asked.q])
  useEffect(() => () => clearTimeout(timer.current), [])

  function send(q: string) {
    clearTimeout(timer.current)
    if (q === sent.current) return
    sent.current = q
    ask.current(q)
  }

  return (
    <>
      <search>
        <form
          className="codeall__in"
          onSubmit={(event) => {
            event.preventDefault()
            send(typed)
          }}
        >
          <Icon name="search" />
          <input
            id={field}
            type="search"
            aria-label={t('search.field')}
            placeholder={t('search.field')}
            autoComplete="off"
            spellCheck={false}
            maxLength={500}
            value={typed}
            onChange={(event) => {
              const q = event.target.value
              setTyped(q)
              clearTimeout(timer.current)
              timer.current = setTimeout(() => send(q), pause)
            }}
            onKeyDown={(event) => {
              if (event.key !== 'ArrowDown') return
              event.preventDefault()
              send(typed)
              onDown()
            }}
          />
          <Save project={project} asked={asked} />
        </form>
      </search>
      <Reads q={typed} />
    </>
  )
}
